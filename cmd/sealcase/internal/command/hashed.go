package command

import (
	"crypto/sha256"
	"io"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

// barEvery is how often a bar is drawn.
const barEvery = 100 * time.Millisecond

// copyHashed copies and returns the digest and the number of the bytes.
func copyHashed(w io.Writer, r io.Reader) (evidence.Digest, int64, error) {
	hash := sha256.New()
	n, err := io.Copy(io.MultiWriter(w, hash), r)
	if err != nil {
		return evidence.Digest{}, n, evidence.WrapError(evidence.Incomplete, err, "the bytes did not come whole. Try again")
	}
	return evidence.Digest(hash.Sum(nil)), n, nil
}
