package bundle

import (
	"context"
	"io"

	"github.com/sealcase/sealcase/evidence"
)

// Options are what a verification may be given besides the bundle.
type Options struct {
	Proof    []byte   // the detached proof, as WriteProof wrote it; nil for none
	Progress Progress // may be nil
}

// Verify checks a bundle of size bytes against the keys that the caller
// trusts. What is wrong with the bundle is in the Report; the error is for a
// reader that failed and for a cancelled ctx only.
func Verify(ctx context.Context, r io.ReaderAt, size int64, trusted []evidence.PublicKey, opts Options) (Report, error) {
	return Report{}, evidence.Errorf(evidence.Internal, "to be written")
}
