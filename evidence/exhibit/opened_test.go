package exhibit

import (
	"bytes"
	"io"
	"math/rand/v2"
	"testing"
	"testing/iotest"

	"github.com/sealcase/sealcase/evidence"
)

// TestComparedGivesOutTheEndOnlyWhenItIsRight reads bytes of lengths about those of
// its blocks, in pieces of several sizes.
func TestComparedGivesOutTheEndOnlyWhenItIsRight(t *testing.T) {
	t.Parallel()
	for _, size := range []int{0, 1, comparedBlock - 1, comparedBlock, comparedBlock + 1, 2*comparedBlock - 1, 2 * comparedBlock, 2*comparedBlock + 1, 5*comparedBlock + 7} {
		data := make([]byte, size)
		rand.NewChaCha8([32]byte{byte(size)}).Read(data)
		for name, by := range map[string]func(io.Reader) io.Reader{
			"at once": func(r io.Reader) io.Reader { return r }, "half": iotest.HalfReader, "with the end": iotest.DataErrReader,
		} {
			got, err := io.ReadAll(newCompared(io.NopCloser(by(bytes.NewReader(data))), evidence.Sum(data)))
			if err != nil || !bytes.Equal(got, data) {
				t.Errorf("%s, %d bytes: %d read, %v", name, size, len(got), err)
			}
			got, err = io.ReadAll(newCompared(io.NopCloser(by(bytes.NewReader(data))), evidence.Sum([]byte("other"))))
			if evidence.CodeOf(err) != evidence.Tampered || size > 0 && len(got) >= size {
				t.Errorf("%s, %d other bytes: %d read, %v", name, size, len(got), err)
			}
		}
	}
	broken := evidence.Errorf(evidence.Unavailable, "gone")
	got, err := io.ReadAll(newCompared(io.NopCloser(io.MultiReader(bytes.NewReader(make([]byte, 10)), iotest.ErrReader(broken))), evidence.Sum(nil)))
	if evidence.CodeOf(err) != evidence.Unavailable || len(got) > 10 {
		t.Errorf("%d read, %v", len(got), err)
	}
}
