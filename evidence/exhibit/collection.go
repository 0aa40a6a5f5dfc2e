package exhibit

import (
	"context"
	"errors"
	"io"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/collection"
)

// opener opens parts of an item's stored bytes.
func (x *Exhibits) opener(it evidence.Item) collection.Open {
	return func(ctx context.Context, offset, length int64) (io.ReadCloser, error) {
		return x.objects.Open(ctx, it.Data, offset, length)
	}
}

// CheckCollection reads what is stored for an item that is a collection, and
// returns nil when it is the one that was received. It fails with Malformed or
// Tampered where it is not, and as storage does.
func (x *Exhibits) CheckCollection(ctx context.Context, it evidence.Item, progress ReadProgress) (collection.Checked, error) {
	last := int64(0)
	checked, err := collection.Check(ctx, x.opener(it), it.Length, it.Collection, func(read int64) {
		if progress != nil && read-last >= progressEvery {
			last = read
			progress(read)
		}
	})
	if _, ok := errors.AsType[*evidence.Error](err); err != nil && !ok {
		err = evidence.WrapError(evidence.Unavailable, err, "reading a stored collection failed; try again")
	}
	return checked, err
}
