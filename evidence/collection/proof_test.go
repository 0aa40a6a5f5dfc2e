package collection_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/collection"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/seal"
)

// sealOf seals a collection as an exhibit of a case.
func sealOf(t *testing.T, m made) ([]byte, []evidence.PublicKey) {
	t.Helper()
	key := ledger.NewLocalKey("agency.example/seal", [32]byte{3})
	at := header().StartedAt
	it := evidence.Item{
		ID: evidence.Derive[evidence.ItemID]("x"), Case: evidence.Derive[evidence.CaseID]("x"), Intake: evidence.Derive[evidence.IntakeID]("x"), Exhibit: 1, Name: "usb.zip",
		Length: int64(len(m.data)), Digest: m.bytes, Collection: m.of, ReceivedAt: at, ReceivedBy: "emil", Locked: at, Data: evidence.ObjectRef{Bucket: "b", Key: "k", Version: "v"},
	}
	envelopes, err := seal.Sign(t.Context(), key, seal.NewStatement(evidence.Case{ID: it.Case, Number: "2026-0001"}, it, "Warrant 1", at))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := key.PublicKeys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return envelopes[0], keys
}

// A member is proven to be of the collection, and nothing else of it is named.
func TestOneMemberIsProven(t *testing.T) {
	lines, behinds := tree()
	m := makeOf(t, lines, behinds)
	sealed, keys := sealOf(t, m)
	open, size := collection.At(bytes.NewReader(m.data)), int64(len(m.data))
	for i, l := range m.plan.Lines() {
		proof, err := collection.Prove(t.Context(), open, size, m.of, sealed, l.Path)
		if err != nil {
			t.Fatal(err)
		}
		got, err := collection.VerifyProof(proof, keys)
		if err != nil || got.Line.Path != l.Path || got.Line.Digest != l.Digest || got.Index != int64(i)+1 || got.Of.Digest != m.bytes {
			t.Fatalf("%q: %+v, %v", l.Path, got, err)
		}
		for _, other := range []string{"gpj", "secret", "Vertrag", "aux.txt", "back", "tilde"} {
			if strings.Contains(string(proof), other) && !strings.Contains(string(l.Path), other) && !strings.Contains(l.Member, other) {
				t.Errorf("the proof of %q names %q", l.Path, other)
			}
		}
	}
	if _, err := collection.Prove(t.Context(), open, size, m.of, sealed, "usb/none"); evidence.CodeOf(err) != evidence.NotFound {
		t.Errorf("got %v", err)
	}
}

// The leaf of a file whose content and name one can guess is not guessed.
func TestLeavesCannotBeGuessed(t *testing.T) {
	a, err := collection.NewPlan(header(), [32]byte{1}, []collection.Line{fileLine("f", 1)})
	if err != nil {
		t.Fatal(err)
	}
	b, err := collection.NewPlan(header(), [32]byte{2}, []collection.Line{fileLine("f", 1)})
	if err != nil {
		t.Fatal(err)
	}
	if a.Lines()[0].Nonce == b.Lines()[0].Nonce || a.Lines()[0].Nonce == a.Header().Nonce {
		t.Error("the nonces are the same whatever the secret or the line is")
	}
}

func TestEveryByteOfAProofCounts(t *testing.T) {
	lines, behinds := tree()
	m := makeOf(t, lines, behinds)
	sealed, keys := sealOf(t, m)
	proof, err := collection.Prove(t.Context(), collection.At(bytes.NewReader(m.data)), int64(len(m.data)), m.of, sealed, "usb/a.txt")
	if err != nil {
		t.Fatal(err)
	}
	for i := range proof {
		changed := bytes.Clone(proof)
		changed[i] ^= 1
		if _, err := collection.VerifyProof(changed, keys); err == nil {
			t.Fatalf("byte %d (%q) changed: good", i, proof[i])
		}
		if _, err := collection.VerifyProof(proof[:i], keys); err == nil {
			t.Fatalf("cut at %d: good", i)
		}
	}
	if _, err := collection.VerifyProof(proof, nil); evidence.CodeOf(err) != evidence.UntrustedKey {
		t.Errorf("without a key: %v", err)
	}
}
