package seal_test

import (
	"bytes"
	"context"
	"crypto"
	"encoding/json"
	"errors"
	"testing"

	"github.com/secure-systems-lab/go-securesystemslib/dsse"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/seal"
)

// TestPAEOfTheSpecification is the test vector of DSSE's protocol.md.
func TestPAEOfTheSpecification(t *testing.T) {
	got := seal.PAE("http://example.com/HelloWorld", []byte("hello world"))
	if want := "DSSEv1 29 http://example.com/HelloWorld 11 hello world"; string(got) != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func FuzzPAE(f *testing.F) {
	f.Add("", []byte{})
	f.Add("1 2", []byte("3 4"))
	f.Fuzz(func(t *testing.T, payloadType string, payload []byte) {
		if got, want := seal.PAE(payloadType, payload), dsse.PAE(payloadType, payload); !bytes.Equal(got, want) {
			t.Errorf("got %q, want %q", got, want)
		}
	})
}

// verifier is one of our keys for the reference implementation of DSSE.
type verifier struct{ key evidence.PublicKey }

func (v verifier) KeyID() (string, error)   { return v.key.ID(), nil }
func (v verifier) Public() crypto.PublicKey { return v.key.Key }

func (v verifier) Verify(_ context.Context, message, signature []byte) error {
	if !v.key.Verify(message, signature) {
		return errors.New("not good")
	}
	return nil
}

// TestSealForOtherTools: the reference implementation accepts what we sign.
func TestSealForOtherTools(t *testing.T) {
	s := signer("agency.example/seal/v1")
	reference, err := dsse.NewEnvelopeVerifier(verifier{key(t, s)})
	if err != nil {
		t.Fatal(err)
	}
	var e dsse.Envelope
	if err := json.Unmarshal(sealed(t, s, statement())[0], &e); err != nil {
		t.Fatal(err)
	}
	by, body, err := reference.VerifyAndDecode(t.Context(), &e)
	if err != nil || len(by) != 1 || by[0].KeyID != key(t, s).ID() {
		t.Fatalf("got %v, %v", by, err)
	}
	if e.PayloadType != seal.PayloadType || !bytes.Contains(body, []byte(`"type":"sealcase/seal/v1"`)) {
		t.Errorf("got %s: %s", e.PayloadType, body)
	}
}
