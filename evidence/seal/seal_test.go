package seal_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/seal"
)

func signer(name string) *ledger.LocalSigner {
	return ledger.NewLocalSigner(name, evidence.Sum([]byte(name)))
}

func key(t testing.TB, s evidence.Signer) evidence.PublicKey {
	t.Helper()
	keys, err := s.PublicKeys(t.Context())
	if err != nil || len(keys) != 1 {
		t.Fatalf("got keys %v, %v", keys, err)
	}
	return keys[0]
}

func day(n int) evidence.Instant {
	return evidence.At(time.Date(2026, 3, n, 8, 0, 0, 0, time.UTC))
}

func item() evidence.Item {
	return evidence.Item{
		ID: "item-aaaaaaaaaaaaaaaaaaaaaaaaaa", Case: "case-aaaaaaaaaaaaaaaaaaaaaaaaaa", Exhibit: 12, Version: 1,
		Intake: "intake-aaaaaaaaaaaaaaaaaaaaaaaaaa", Name: "invoice\xff.pdf", Path: "laptop/mail", Length: 3,
		Digest: evidence.Sum([]byte("abc")), State: evidence.ItemReceived, Custodian: "p", ReceivedAt: day(1), ReceivedBy: "p",
		Data: evidence.ObjectRef{Bucket: "sealcase-evidence", Key: "case/item", Version: "v1"}, Locked: day(30), At: day(1),
	}
}

func statement() seal.Statement {
	return seal.NewStatement(evidence.Case{Number: "2026-0007"}, item(), "warrant 26-1", day(2))
}

func sealed(t testing.TB, s evidence.Signer, statements ...seal.Statement) [][]byte {
	t.Helper()
	envelopes, err := seal.Sign(t.Context(), s, statements...)
	if err != nil {
		t.Fatal(err)
	}
	return envelopes
}

// TestSignIsStable pins the bytes: a seal that was locked years ago must still
// open.
func TestSignIsStable(t *testing.T) {
	envelope := sealed(t, signer("agency.example/seal/v1"), statement())[0]
	var e struct {
		Payload    []byte
		Signatures []struct{ KeyID string }
	}
	if err := json.Unmarshal(envelope, &e); err != nil {
		t.Fatal(err)
	}
	want := `{"authority":"warrant 26-1","case":"case-aaaaaaaaaaaaaaaaaaaaaaaaaa","case_number":"2026-0007","exhibit":12,` +
		`"intake":"intake-aaaaaaaaaaaaaaaaaaaaaaaaaa","item":"item-aaaaaaaaaaaaaaaaaaaaaaaaaa","length":3,` +
		`"locked_until":"2026-03-30T08:00:00.000Z","name":"base64:aW52b2ljZf8ucGRm",` +
		`"object":{"bucket":"sealcase-evidence","key":"case/item","version":"v1"},"path":"laptop/mail",` +
		`"received_at":"2026-03-01T08:00:00.000Z","received_by":"p","sealed_at":"2026-03-02T08:00:00.000Z",` +
		`"sha256":"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad","type":"sealcase/seal/v1"}`
	if diff := cmp.Diff(want, string(e.Payload)); diff != "" {
		t.Errorf("statement differs (-want +got):\n%s", diff)
	}
	if got, want := evidence.Sum(envelope).String(), "5267cbbddc51c2ba45e15831534f3665ffa2aaf0c5fa7153857f6a26d2e1db3b"; got != want {
		t.Errorf("the envelope has SHA-256 %s, want %s", got, want)
	}
}

func TestOpen(t *testing.T) {
	one, two := signer("agency.example/seal/v1"), signer("agency.example/seal/v2")
	envelope := sealed(t, one, statement())[0]
	for name, trusted := range map[string][]evidence.PublicKey{
		"the key alone":     {key(t, one)},
		"among others":      {key(t, two), key(t, one)},
		"twice":             {key(t, one), key(t, one)},
		"beside a non-key":  {{Name: "x"}, key(t, one)},
		"beside a namesake": {{Name: key(t, one).Name, Key: key(t, two).Key}, key(t, one)},
	} {
		t.Run(name, func(t *testing.T) {
			s, by, err := seal.Open(envelope, trusted)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(statement(), s); diff != "" {
				t.Errorf("statement differs (-want +got):\n%s", diff)
			}
			if !by.Equal(key(t, one)) {
				t.Errorf("got key %s, want %s", by.ID(), key(t, one).ID())
			}
		})
	}
}

// counter counts the calls of a signer.
type counter struct {
	*ledger.LocalSigner
	calls int
}

func (c *counter) Sign(ctx context.Context, messages ...[]byte) ([]evidence.Signature, error) {
	c.calls++
	return c.LocalSigner.Sign(ctx, messages...)
}

func TestSignManyWithOneCall(t *testing.T) {
	c := &counter{LocalSigner: signer("agency.example/seal/v1")}
	var statements []seal.Statement
	for i := range 50 {
		s := statement()
		s.Exhibit, s.Item = i+1, evidence.Derive[evidence.ItemID](fmt.Sprint(i))
		statements = append(statements, s)
	}
	for i, envelope := range sealed(t, c, statements...) {
		s, _, err := seal.Open(envelope, []evidence.PublicKey{key(t, c)})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(statements[i], s); diff != "" {
			t.Errorf("statement %d differs (-want +got):\n%s", i, diff)
		}
	}
	if envelopes := sealed(t, c); len(envelopes) != 0 || c.calls != 1 {
		t.Errorf("the signer was called %d times, and nothing gave %d envelopes", c.calls, len(envelopes))
	}
}

// liar signs another message, mute none, shut fails as a sealed Vault does.
type (
	liar struct{ *ledger.LocalSigner }
	mute struct{ *ledger.LocalSigner }
	shut struct{ *ledger.LocalSigner }
)

func (l liar) Sign(ctx context.Context, _ ...[]byte) ([]evidence.Signature, error) {
	return l.LocalSigner.Sign(ctx, []byte("another message"))
}

func (mute) Sign(context.Context, ...[]byte) ([]evidence.Signature, error) { return nil, nil }

func (shut) Sign(context.Context, ...[]byte) ([]evidence.Signature, error) {
	return nil, evidence.Errorf(evidence.Sealed, "Vault is sealed")
}

func TestSignWithABadSigner(t *testing.T) {
	s := signer("agency.example/seal/v1")
	for name, tc := range map[string]struct {
		signer evidence.Signer
		code   evidence.Code
	}{
		"lies": {liar{s}, evidence.Internal}, "mute": {mute{s}, evidence.Internal}, "sealed": {shut{s}, evidence.Sealed},
	} {
		t.Run(name, func(t *testing.T) {
			if envelopes, err := seal.Sign(t.Context(), tc.signer, statement()); evidence.CodeOf(err) != tc.code || envelopes != nil {
				t.Errorf("got %q, %v; want an error that is %q", envelopes, err, tc.code)
			}
		})
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := seal.Sign(ctx, s, statement()); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v, want %v in its chain", err, context.Canceled)
	}
}
