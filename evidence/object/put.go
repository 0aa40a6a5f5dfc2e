package object

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/sealcase/sealcase/evidence"
)

// The headers by which S3 takes a checksum; the driver hands them on as they
// are. A checksum of the whole object stays with the object.
const (
	headerChecksumAlgorithm = "X-Amz-Checksum-Algorithm"
	headerChecksumType      = "X-Amz-Checksum-Type"
	checksum                = minio.ChecksumCRC64NVME
)

// oneHash keeps the driver from cutting a body into chunks and signing each,
// which would hash it a second time: the SHA-256 that we pass is in the signed
// request already, and the server checks it.
const oneHash = true

// Put writes body whole, in one request, locked from birth, and returns what
// the server then says of it. Both may be empty: a body has 0 bytes to 5 GiB. A
// retry writes another version with the same bytes.
func (s *Store) Put(ctx context.Context, to evidence.ObjectRef, body []byte, mediaType string, lock evidence.Lock) (evidence.Stored, error) {
	if err := s.admit(ctx, to, lock); err != nil {
		return evidence.Stored{}, err
	}
	to, err := s.write(ctx, to, body, mediaType, lock)
	if err != nil {
		return evidence.Stored{}, err
	}
	return s.confirm(ctx, to, int64(len(body)), lock)
}

// write is Put without asking whether the server keeps its word, before and
// after. It returns the version that the server acknowledged.
func (s *Store) write(ctx context.Context, to evidence.ObjectRef, body []byte, mediaType string, lock evidence.Lock) (evidence.ObjectRef, error) {
	opts := options(mediaType, lock)
	opts.UserMetadata = map[string]string{checksum.Key(): checksum.ChecksumBytes(body).Encoded()}
	info, err := s.core.PutObject(ctx, to.Bucket, to.Key, bytes.NewReader(body), int64(len(body)), "", sumHex(body), opts)
	if err != nil {
		return evidence.ObjectRef{}, translate(err, "storing %s", to.Key)
	}
	to.Version = info.VersionID
	return to, nil
}

// confirm asks the server what it holds after a write, and fails when that is
// not what was written: an acknowledgement is not trusted alone.
func (s *Store) confirm(ctx context.Context, ref evidence.ObjectRef, length int64, lock evidence.Lock) (evidence.Stored, error) {
	stored, err := s.Stat(ctx, ref)
	if err != nil {
		return evidence.Stored{}, err
	}
	switch {
	case stored.Length != length:
		return evidence.Stored{}, evidence.Errorf(evidence.LengthMismatch,
			"the object store took %d bytes for %s and now says that it holds %d; the write does not count", length, ref.Key, stored.Length)
	case s.locks(ref.Bucket) && ref.Version == "":
		return evidence.Stored{}, evidence.Errorf(evidence.StorageUnsafe, "the object store gave %s no version", ref.Key)
	case s.locks(ref.Bucket) && stored.Lock.Until.IsZero(),
		stored.Lock.Until.Time().Before(lock.Until.Time()),
		lock.Hold && !stored.Lock.Hold:
		return evidence.Stored{}, evidence.Errorf(evidence.StorageUnsafe, "the object store did not lock %s as it was told", ref.Key)
	}
	return stored, nil
}

// options says how an object is to be kept.
func options(mediaType string, lock evidence.Lock) minio.PutObjectOptions {
	opts := minio.PutObjectOptions{ContentType: mediaType, DisableContentSha256: oneHash}
	if !lock.Until.IsZero() {
		opts.Mode, opts.RetainUntilDate = minio.Compliance, wholeSeconds(lock.Until)
	}
	if lock.Hold {
		opts.LegalHold = minio.LegalHoldEnabled
	}
	return opts
}

// wholeSeconds returns until rounded up: S3 counts in seconds, and a lock may
// not end before it was asked to.
func wholeSeconds(until evidence.Instant) time.Time {
	t := until.Time()
	if whole := t.Truncate(time.Second); !whole.Equal(t) {
		return whole.Add(time.Second)
	}
	return t
}

func sumHex(body []byte) string {
	sum := sha256.Sum256(body)
	return hex.EncodeToString(sum[:])
}
