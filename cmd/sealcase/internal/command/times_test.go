package command_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/cmd/sealcase/internal/command"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/timestamp"
	"github.com/sealcase/sealcase/evidence/timestamp/timestamptest"
)

// TestTimes checks time stamps by a real authority, in the proof of the golden
// bundle.
func TestTimes(t *testing.T) {
	tsa, other := timestamptest.New(t), timestamptest.New(t)
	golden, err := os.ReadFile("../../../../evidence/bundle/testdata/golden.proof.json")
	if err != nil {
		t.Fatal(err)
	}
	proof, err := bundle.ParseProof(golden)
	if err != nil {
		t.Fatal(err)
	}
	text, err := ledger.Text(proof.Register.Checkpoint)
	if err != nil {
		t.Fatal(err)
	}
	good, late := stamp(t, tsa, text), stamp(t, tsa, append(text, '\n'))
	for _, tc := range []struct {
		name   string
		tokens [][]byte
		roots  string
		code   int
		words  string
	}{
		{"good", [][]byte{good}, tsa.RootsFile(), 0, "the register's head was there at 20"},
		{"one of two of other bytes", [][]byte{good, late}, tsa.RootsFile(), 6, "Time stamp 2 is not good: the time-stamp token is of other bytes"},
		{"not a token", [][]byte{[]byte("no token")}, tsa.RootsFile(), 6, "not a time-stamp token"},
		{"an authority that is not trusted", [][]byte{good}, other.RootsFile(), 6, "did not lead to a trusted root"},
		{"none", nil, tsa.RootsFile(), 5, "has no time stamp"},
		{"no roots", [][]byte{good}, "times_test.go", 1, "no certificate in PEM"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			proof.Register.Timestamps = tc.tokens
			path := filepath.Join(t.TempDir(), "proof.json")
			var b, said bytes.Buffer
			if err := bundle.WriteProof(&b, proof); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
			env := command.Env{Stdout: &said, Stderr: &said, Getenv: func(string) string { return "" }}
			code := command.Run(t.Context(), []string{"bundle", "times", path, "--roots", tc.roots}, env)
			if code != tc.code || !strings.Contains(said.String(), tc.words) {
				t.Errorf("exit code %d, want %d; it says:\n%s\nwant %q in it", code, tc.code, &said, tc.words)
			}
		})
	}
}

// stamp has an authority stamp a text.
func stamp(t *testing.T, tsa *timestamptest.Authority, text []byte) []byte {
	t.Helper()
	roots, err := timestamp.ParseRoots(tsa.Roots)
	if err != nil {
		t.Fatal(err)
	}
	asked, err := timestamp.New(timestamp.Config{URL: tsa.URL, Roots: roots})
	if err != nil {
		t.Fatal(err)
	}
	token, _, err := asked.Stamp(t.Context(), text)
	if err != nil {
		t.Fatal(err)
	}
	return token
}
