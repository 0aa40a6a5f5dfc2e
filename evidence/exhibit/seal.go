package exhibit

import (
	"context"
	"errors"
	"io"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
)

// maxSeal is the longest seal that is read, in bytes.
const maxSeal = 64 << 10

// OpenSeal returns the seal of a sealed item, as the entry names it.
func (x *Exhibits) OpenSeal(ctx context.Context, it evidence.Item) ([]byte, error) {
	e, err := x.book.Log(it.Case).Entry(ctx, act.SealedEntry(it.ID))
	if err != nil {
		return nil, err
	}
	r, err := x.OpenNamed(ctx, e.Entry, 0, -1)
	if err != nil {
		return nil, err
	}
	return ReadSeal(r)
}

// ReadSeal reads a seal to its end.
func ReadSeal(r io.ReadCloser) ([]byte, error) {
	defer r.Close()
	envelope, err := io.ReadAll(io.LimitReader(r, maxSeal))
	if _, ok := errors.AsType[*evidence.Error](err); err != nil && !ok {
		return nil, evidence.WrapError(evidence.Unavailable, err, "reading a seal")
	}
	return envelope, err
}
