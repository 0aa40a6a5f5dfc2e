package custody

import (
	"context"
	"io"

	"github.com/sealcase/sealcase/evidence"
)

// UploadRequest asks for a new upload.
type UploadRequest struct {
	ID         evidence.UploadID // drawn when empty; the same ID again returns the same upload
	Intake     evidence.IntakeID
	Name       evidence.FileName
	Path       evidence.FileName
	Length     int64           // in bytes; must be known
	Declared   evidence.Digest // zero when it comes with the last bytes
	ModifiedAt evidence.Instant
}

// CreateUpload begins the way of one item's bytes into storage.
func (s *Service) CreateUpload(ctx context.Context, actor evidence.Actor, r UploadRequest) (evidence.Upload, error) {
	return evidence.Upload{}, errSoon
}

// Upload returns an upload to whoever created it. Its Offset is the number of
// bytes that are safe.
func (s *Service) Upload(ctx context.Context, actor evidence.Actor, id evidence.UploadID) (evidence.Upload, error) {
	return evidence.Upload{}, errSoon
}

// WriteUpload stores what r gives from offset on, until EOF or an error, and
// returns how many bytes are safe now: also when r fails in between, what it
// gave is kept. It fails with Conflict when offset is not the upload's, with
// LengthMismatch when r gives more than was declared (what fits is kept).
func (s *Service) WriteUpload(ctx context.Context, actor evidence.Actor, id evidence.UploadID, offset int64, r io.Reader) (written int64, err error) {
	return 0, errSoon
}

// CompleteUpload makes the upload an item. declared may be zero when it was
// declared at creation. Bytes that are not what was declared are thrown away
// before they are stored, the attempt goes on record, and the error is
// DigestMismatch; fewer bytes than declared are Incomplete, and the upload stays.
// Idempotent: an upload that is complete returns its item again.
func (s *Service) CompleteUpload(ctx context.Context, actor evidence.Actor, id evidence.UploadID, declared evidence.Digest) (evidence.Item, error) {
	return evidence.Item{}, errSoon
}

// AbortUpload throws an upload away that is not complete. Idempotent.
func (s *Service) AbortUpload(ctx context.Context, actor evidence.Actor, id evidence.UploadID) error {
	return errSoon
}
