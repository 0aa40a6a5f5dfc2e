package witness

import (
	"bytes"
	"testing"

	"github.com/sealcase/sealcase/evidence/ledger"
)

// FuzzSubmission: what is accepted is written in one way only.
func FuzzSubmission(f *testing.F) {
	f.Add([]byte("old 0\n\nagency.example\n0\nx\n"))
	f.Add([]byte("old 5\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n\nrest"))
	f.Add(submission{7, make([]ledger.Hash, 63), []byte("x")}.write())
	f.Fuzz(func(t *testing.T, body []byte) {
		s, err := parseSubmission(body)
		if err == nil && !bytes.Equal(s.write(), body) {
			t.Errorf("%q was accepted and is written %q", body, s.write())
		}
	})
}
