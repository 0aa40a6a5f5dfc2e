package object

import (
	"context"

	"github.com/minio/minio-go/v7"

	"github.com/sealcase/sealcase/evidence"
)

// Extend moves the retention of that version to a later time. A time that the
// lock already reaches changes nothing and is no error, so a retry is safe.
func (s *Store) Extend(ctx context.Context, ref evidence.ObjectRef, until evidence.Instant) error {
	if !s.locks(ref.Bucket) || ref.Version == "" || until.IsZero() {
		return evidence.Errorf(evidence.Invalid, "extending a lock needs a version in a locked bucket, and a time")
	}
	stored, err := s.Stat(ctx, ref)
	if err != nil {
		return err
	}
	if !stored.Lock.Until.Time().Before(until.Time()) {
		return nil
	}
	if err := s.retain(ctx, ref, minio.Compliance, until, false); err != nil {
		// Two may extend at once: the shorter one is refused, and need not succeed.
		if now, statErr := s.Stat(ctx, ref); statErr == nil && !now.Lock.Until.Time().Before(until.Time()) {
			return nil
		}
		return translate(err, "extending the lock of %s", ref.Key)
	}
	return nil
}

// retain asks for a retention; the error is the server's own.
func (s *Store) retain(ctx context.Context, ref evidence.ObjectRef, mode minio.RetentionMode, until evidence.Instant, bypass bool) error {
	date := wholeSeconds(until)
	return s.core.PutObjectRetention(ctx, ref.Bucket, ref.Key, minio.PutObjectRetentionOptions{
		VersionID: ref.Version, Mode: &mode, RetainUntilDate: &date, GovernanceBypass: bypass})
}

// Remove deletes an object of the staging bucket; elsewhere it is Forbidden. It
// is idempotent.
func (s *Store) Remove(ctx context.Context, ref evidence.ObjectRef) error {
	if ref.Bucket != s.buckets.Staging {
		return evidence.Errorf(evidence.Forbidden, "nothing is removed from %s", ref.Bucket)
	}
	err := s.core.RemoveObject(ctx, ref.Bucket, ref.Key, minio.RemoveObjectOptions{VersionID: ref.Version})
	if err != nil {
		if err = translate(err, "removing %s", ref.Key); evidence.CodeOf(err) != evidence.NotFound {
			return err
		}
	}
	return nil
}
