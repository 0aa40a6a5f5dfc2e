package bundle

import (
	"context"
	"io"

	"github.com/sealcase/sealcase/evidence"
)

// Write writes the bundle that src describes to w as a stream, with memory
// that depends on the number of items and entries, never on their length. It
// checks as it goes: what Verify would refuse fails with Tampered or
// Incomplete, a Source that contradicts itself with Conflict or Invalid. After
// an error what w got is not a bundle (it has no end) and must be thrown away.
// progress may be nil.
func Write(ctx context.Context, w io.Writer, src Source, progress Progress) (Summary, error) {
	return Summary{}, evidence.Errorf(evidence.Internal, "to be written")
}
