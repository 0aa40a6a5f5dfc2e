package ledger_test

import (
	"bytes"
	"crypto/ed25519"
	"errors"
	"testing"
	"time"

	"golang.org/x/mod/sumdb/note"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// FuzzCheckpoint: what is accepted re-encodes to the same bytes, and the
// reference implementation reads it the same way.
func FuzzCheckpoint(f *testing.F) {
	log := signer("agency.example/log/v1")
	trusted := []evidence.PublicKey{key(f, log)}
	f.Add([]byte(specNote))
	f.Add(sign(f, checkpoint(), log, signer("agency.example/log/v2")))
	f.Add(append(sign(f, checkpoint(), log), cosignature("witness.example/w1", 1)...))
	f.Fuzz(func(t *testing.T, data []byte) {
		cp, err := ledger.ParseCheckpoint(data)
		opened, by, openErr := ledger.OpenCheckpoint(data, trusted)
		if err != nil {
			if evidence.CodeOf(err) != evidence.Malformed || evidence.CodeOf(openErr) != evidence.Malformed {
				t.Errorf("%q: got %v and %v", data, err, openErr)
			}
			return
		}
		if openErr == nil && (opened != cp || len(by) != 1) {
			t.Errorf("%q: parsed as %v, opened as %v by %v", data, cp, opened, by)
		}
		if !bytes.HasPrefix(sign(t, cp, log), data[:bytes.Index(data, []byte("\n\n"))+2]) {
			t.Errorf("%q was accepted for %v", data, cp)
		}
		unverified, ok := errors.AsType[*note.UnverifiedNoteError](noteError(data))
		if !ok {
			t.Fatalf("%q: others do not read it", data)
		}
		again, err := note.Sign(unverified.Note)
		if err != nil || !bytes.Equal(again, data) {
			t.Errorf("%q re-encodes to %q, %v", data, again, err)
		}
	})
}

// noteError returns what the reference implementation says of a note when it
// knows no key.
func noteError(data []byte) error {
	_, err := note.Open(data, nil)
	return err
}

// FuzzVerifyInclusion: nothing but the one right proof is accepted, and no
// input panics.
func FuzzVerifyInclusion(f *testing.F) {
	n := newNaive(300)
	root := n.root(0, 300)
	f.Add(int64(299), int64(300), join(n.path(299, 0, 300)))
	f.Add(int64(0), int64(300), join(n.path(0, 0, 300)))
	f.Fuzz(func(t *testing.T, index, size int64, raw []byte) {
		path := split(raw)
		leaf := n.leaves[uint64(index)%300]
		if ledger.VerifyInclusion(leaf, index, size, path, root) != nil {
			return
		}
		// The size is not in the proof: another one passes where it has the same
		// path, and it is for the checkpoint to say which is meant.
		if index < 0 || index >= min(size, 300) || !equal(path, n.path(int(index), 0, 300)) {
			t.Errorf("entry %d of %d was accepted with %x", index, size, raw)
		}
	})
}

// FuzzVerifyConsistency does the same for consistency proofs.
func FuzzVerifyConsistency(f *testing.F) {
	n := newNaive(300)
	f.Add(int64(256), int64(300), join(n.proof(256, 300)))
	f.Add(int64(7), int64(300), join(n.proof(7, 300)))
	f.Fuzz(func(t *testing.T, from, to int64, raw []byte) {
		if from < 0 || from > 300 || to != 300 {
			if from < 0 && ledger.VerifyConsistency(from, to, split(raw), ledger.Hash{}, ledger.Hash{}) == nil {
				t.Errorf("%d to %d was accepted", from, to)
			}
			return
		}
		path := split(raw)
		if ledger.VerifyConsistency(from, to, path, n.root(0, int(from)), n.root(0, 300)) == nil && !equal(path, n.proof(int(from), 300)) {
			t.Errorf("%d to %d was accepted with %x", from, to, raw)
		}
	})
}

func join(hashes []ledger.Hash) []byte {
	var out []byte
	for _, h := range hashes {
		out = append(out, h[:]...)
	}
	return out
}

// split makes hashes of raw and leaves out an incomplete one.
func split(raw []byte) []ledger.Hash {
	var out []ledger.Hash
	for ; len(raw) >= len(ledger.Hash{}); raw = raw[len(ledger.Hash{}):] {
		out = append(out, ledger.Hash(raw))
	}
	return out
}

// FuzzCosignatures: a line is taken for a witness's only when it is, byte for
// byte, what that witness writes of this checkpoint at that time.
func FuzzCosignatures(f *testing.F) {
	private := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{7}, ed25519.SeedSize))
	w := evidence.WitnessKey{Name: "witness.example/w1", Key: private.Public().(ed25519.PublicKey)}
	signed := sign(f, checkpoint(), signer("agency.example/log/v1"))
	line, err := ledger.Cosign(checkpoint(), w.Name, private, time.Unix(1_800_000_000, 0))
	if err != nil {
		f.Fatal(err)
	}
	both, err := ledger.AddCosignatures(signed, line)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(signed)
	f.Add(both)
	f.Add(bytes.Replace(both, []byte("agency"), []byte("Agency"), 1))
	f.Fuzz(func(t *testing.T, data []byte) {
		cp, found, err := ledger.OpenCosignatures(data, []evidence.WitnessKey{w})
		if err != nil {
			if code := evidence.CodeOf(err); code != evidence.Malformed && code != evidence.Tampered {
				t.Errorf("%q: %v is %q", data, err, code)
			}
			return
		}
		for _, c := range found {
			want, err := ledger.Cosign(cp, w.Name, private, c.At.Time())
			if err != nil || !bytes.Equal(want, c.Line) || !bytes.Contains(data, c.Line) {
				t.Errorf("%q in %q is taken for %q, %v", c.Line, data, want, err)
			}
			if again, err := ledger.AddCosignatures(data, c.Line); err != nil || !bytes.Equal(again, data) {
				t.Errorf("%q was added twice: %q, %v", c.Line, again, err)
			}
		}
	})
}
