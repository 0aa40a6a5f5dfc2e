package exhibit

import (
	"context"
	"crypto/sha256"
	"errors"
	"io"

	"github.com/sealcase/sealcase/evidence"
)

// ReadProgress is told, while stored bytes are hashed, how many were read.
type ReadProgress func(read int64)

// progressEvery is how many bytes are hashed between two reports.
const progressEvery = 8 << 20

// IsLoss reports whether err says that storage does not have the bytes, rather
// than that it does not answer.
func IsLoss(err error) bool {
	switch evidence.CodeOf(err) {
	case evidence.NotFound, evidence.Tampered, evidence.Incomplete, evidence.Malformed:
		return true
	default:
		return false
	}
}

// Rehash hashes a stored object.
func (x *Exhibits) Rehash(ctx context.Context, ref evidence.ObjectRef, progress ReadProgress) (evidence.Digest, int64, error) {
	r, err := x.objects.Open(ctx, ref, 0, -1)
	if err != nil {
		return evidence.Digest{}, 0, err
	}
	defer r.Close()
	h, read := sha256.New(), int64(0)
	for {
		n, err := io.CopyN(h, r, progressEvery)
		read += n
		if errors.Is(err, io.EOF) {
			return evidence.Digest(h.Sum(nil)), read, nil
		}
		if err != nil {
			if _, ok := errors.AsType[*evidence.Error](err); ok {
				return evidence.Digest{}, read, err
			}
			return evidence.Digest{}, read, evidence.WrapError(evidence.Unavailable, err, "reading stored evidence failed after %d bytes; try again", read)
		}
		if progress != nil {
			progress(read)
		}
	}
}
