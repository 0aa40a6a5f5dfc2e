package intake

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/collection"
	"github.com/sealcase/sealcase/evidence/internal/buffers"
)

// UploadRequest asks for a new upload.
type UploadRequest struct {
	ID         evidence.UploadID // drawn when empty; the same ID again returns the same upload
	Intake     evidence.IntakeID
	Name       evidence.FileName
	Path       evidence.FileName
	Length     int64           // in bytes; must be known
	Declared   evidence.Digest // zero when it comes with the last bytes; a small file is stored with fewer steps when it is known here
	ModifiedAt evidence.Instant
	Collection evidence.Collection // of many files; its root may come with the last bytes
}

// MaxLength is the longest upload, in bytes: 5 TiB, the longest object of S3.
const MaxLength = 5 << 40

func (r UploadRequest) check() error {
	if err := r.Name.Valid(); err != nil {
		return err
	}
	switch {
	case len(r.Path) > 4*evidence.MaxNameBytes:
		return evidence.Errorf(evidence.Invalid, "a path may have %d bytes, this has %d", 4*evidence.MaxNameBytes, len(r.Path))
	case r.Length < 0:
		return evidence.Errorf(evidence.Invalid, "the length of an upload must be known when it begins")
	case !r.Collection.IsZero() && (r.Collection.Leaves < 1 || r.Collection.Leaves > collection.MaxLines || r.Collection.Manifest < 0 || r.Collection.Manifest >= r.Length):
		return evidence.Errorf(evidence.Invalid, "a collection of %d bytes cannot have a manifest of %d lines from byte %d on", r.Length, r.Collection.Leaves, r.Collection.Manifest)
	case r.Length > MaxLength:
		return evidence.Errorf(evidence.TooLarge, "one file may have 5 TiB; split it, or bring it in as an image in parts")
	}
	return nil
}

// CreateUpload begins the way of one item's bytes into storage.
func (s *Uploads) CreateUpload(ctx context.Context, actor evidence.Actor, r UploadRequest) (evidence.Upload, error) {
	in, err := s.intakes.intake(ctx, r.Intake)
	if err != nil {
		return evidence.Upload{}, err
	}
	if err := s.clerk.Allow(ctx, actor, in.Case, act.BringIn, "intake"); err != nil {
		return evidence.Upload{}, err
	}
	if err := r.check(); err != nil {
		return evidence.Upload{}, err
	}
	if r.ID == "" {
		if r.ID, err = evidence.NewID[evidence.UploadID](s.random); err != nil {
			return evidence.Upload{}, err
		}
	} else if known, err := s.known(ctx, actor, r); known || err != nil {
		if err != nil {
			return evidence.Upload{}, err
		}
		return s.Upload(ctx, actor, r.ID)
	}
	if err := s.takesUploads(ctx, in); err != nil {
		return evidence.Upload{}, err
	}
	return s.begin(ctx, actor, in, r)
}

// known reports whether the same upload was created before.
func (s *Uploads) known(ctx context.Context, actor evidence.Actor, r UploadRequest) (bool, error) {
	if _, err := evidence.ParseID[evidence.UploadID](string(r.ID)); err != nil {
		return false, err
	}
	u, err := s.journal.load(ctx, r.ID)
	switch {
	case evidence.CodeOf(err) == evidence.NotFound:
		return false, nil
	case err != nil:
		return false, err
	case u.CreatedBy != actor.ID || u.Intake != r.Intake || u.Name != r.Name || u.Length != r.Length,
		u.Collection.Leaves != r.Collection.Leaves, u.Collection.Manifest != r.Collection.Manifest:
		return false, evidence.Errorf(evidence.Conflict, "this upload identifier is in use; draw a new one")
	}
	return true, nil
}

// takesUploads returns nil when the intake is open, its case takes evidence,
// and storage is safe.
func (s *Uploads) takesUploads(ctx context.Context, in evidence.Intake) error {
	if err := s.intakes.acceptsEvidence(ctx, in.Case); err != nil {
		return err
	}
	closed, err := s.intakes.isClosed(ctx, in)
	if err != nil {
		return err
	}
	if closed {
		return evidence.Errorf(evidence.Conflict, "this intake is closed; open another one")
	}
	return s.objects.Writable(ctx)
}

// begin records a new upload.
func (s *Uploads) begin(ctx context.Context, actor evidence.Actor, in evidence.Intake, r UploadRequest) (evidence.Upload, error) {
	item := evidence.Derive[evidence.ItemID](string(r.ID))
	now := s.now()
	record := uploadRecord{
		Upload: evidence.Upload{
			ID: r.ID, Case: in.Case, Intake: in.ID, Item: item, Name: r.Name, Path: r.Path, Length: r.Length,
			Declared: r.Declared, ModifiedAt: r.ModifiedAt, Collection: r.Collection, CreatedAt: now, CreatedBy: actor.ID,
		},
		PartSize: buffers.PartSize(r.Length, s.partSize),
		Object:   evidence.ObjectRef{Bucket: s.objects.Buckets().Evidence, Key: evidence.DataKey(in.Case, item)},
		Lock:     s.lock(now),
	}
	if r.Length >= buffers.MinPart {
		multipart, err := s.objects.Begin(ctx, record.Object, dataType, record.Lock)
		if err != nil {
			return evidence.Upload{}, err
		}
		record.Multipart = multipart
	}
	var err error
	if record.Signature, err = s.signUpload(ctx, actor, uploadBegun, record, record.Declared); err != nil {
		return evidence.Upload{}, errors.Join(err, s.throwAway(ctx, record))
	}
	body, err := json.Marshal(record)
	if err != nil {
		return evidence.Upload{}, evidence.WrapError(evidence.Internal, err, "writing the record of an upload")
	}
	added, err := s.store.AddUpload(ctx, r.ID, body)
	if err != nil {
		return evidence.Upload{}, err
	}
	if !added { // the same request ran twice at once
		return s.Upload(ctx, actor, r.ID)
	}
	u := newUpload(record)
	u.fresh = true
	s.journal.remember(u)
	return record.Upload, nil
}

// dataType is the media type of every stored object that holds evidence: what
// it really is, is for the analysis to say, never for a browser to guess.
const dataType = "application/octet-stream"

// lock is how objects are kept from birth.
func (s *Uploads) lock(from evidence.Instant) evidence.Lock {
	return evidence.Lock{Until: evidence.At(from.Time().Add(s.retention)), Hold: true}
}

// Upload returns an upload to whoever created it. Its Offset is the number of
// bytes that are safe.
func (s *Uploads) Upload(ctx context.Context, actor evidence.Actor, id evidence.UploadID) (evidence.Upload, error) {
	u, err := s.hold(ctx, actor, id)
	if err != nil {
		return evidence.Upload{}, err
	}
	defer u.release()
	if u.outcome == aborted || u.outcome == rejected {
		return evidence.Upload{}, evidence.NoSuch("upload")
	}
	return u.Upload, nil
}

// holdLimit is how long a request waits for another one on the same upload.
const holdLimit = 10 * time.Second

// hold returns an upload to whoever created it, for this request alone. The
// caller releases it.
func (s *Uploads) hold(ctx context.Context, actor evidence.Actor, id evidence.UploadID) (*upload, error) {
	ctx, cancel := context.WithTimeout(ctx, holdLimit)
	defer cancel()
	for {
		u, err := s.journal.load(ctx, id)
		if err != nil {
			return nil, err
		}
		if u.CreatedBy != actor.ID || actor.Service {
			return nil, evidence.NoSuch("upload")
		}
		if err := s.clerk.Allow(ctx, actor, u.Case, act.BringIn, "upload"); err != nil {
			return nil, err
		}
		select {
		case u.turn <- struct{}{}:
		case <-ctx.Done():
			return nil, evidence.WrapError(evidence.Conflict, ctx.Err(), "another request is writing to this upload; try again when it has ended")
		}
		if s.journal.isCurrent(u) {
			u.actor = actor
			return u, nil
		}
		u.release()
	}
}

// isCurrent reports whether u, which the caller holds, may be used as it is. It
// may have been forgotten while the caller waited, or be too old.
func (s *journal) isCurrent(u *upload) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.uploads[u.ID] != u {
		return false
	}
	if time.Since(u.used) > usedLimit {
		delete(s.uploads, u.ID)
		return false
	}
	return true
}

func (u *upload) release() {
	u.actor, u.used = evidence.Actor{}, time.Now()
	<-u.turn
}

// AbortUpload throws an upload away that is not complete. Idempotent.
func (s *Uploads) AbortUpload(ctx context.Context, actor evidence.Actor, id evidence.UploadID) error {
	u, err := s.hold(ctx, actor, id)
	if err != nil {
		return err
	}
	defer u.release()
	switch {
	case u.outcome == completed || u.stored != nil:
		return evidence.Errorf(evidence.Conflict, "this upload is complete: what it brought in is evidence and stays")
	case u.outcome != "":
		return nil
	}
	return s.discard(ctx, u, aborted)
}

// throwAway throws away what parts there are of an upload.
func (s *Uploads) throwAway(ctx context.Context, r uploadRecord) error {
	if r.Multipart == "" {
		return nil
	}
	return s.objects.Abort(ctx, r.Object, r.Multipart)
}

// discard throws away what was stored of an upload and ends it.
func (s *Uploads) discard(ctx context.Context, u *upload, how outcome) error {
	if err := s.throwAway(ctx, u.uploadRecord); err != nil {
		return err
	}
	tail := u.tail
	if err := s.journal.take(ctx, u, uploadStep{Offset: u.Offset, Outcome: how}); err != nil {
		return err
	}
	s.removeTail(ctx, tail)
	return nil
}
