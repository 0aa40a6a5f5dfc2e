package seal_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
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

func TestOpenRefuses(t *testing.T) {
	s := signer("agency.example/seal/v1")
	trusted := []evidence.PublicKey{key(t, s)}
	good := string(sealed(t, s, statement())[0])
	other := statement()
	other.Digest = evidence.Sum([]byte("abd"))
	swapped := mixed(t, good, string(sealed(t, s, other)[0]))
	for name, tc := range map[string]struct {
		envelope string
		trusted  []evidence.PublicKey
		code     evidence.Code
	}{
		"nobody is trusted":         {good, nil, evidence.UntrustedKey},
		"another key is trusted":    {good, []evidence.PublicKey{key(t, signer("agency.example/seal/v2"))}, evidence.UntrustedKey},
		"under another name":        {good, []evidence.PublicKey{{Name: "agency.example/seal/v9", Key: trusted[0].Key}}, evidence.UntrustedKey},
		"key ID changed":            {strings.Replace(good, "agency.example", "agenda.example", 1), trusted, evidence.UntrustedKey},
		"payload of another seal":   {swapped, trusted, evidence.Tampered},
		"nothing":                   {"", trusted, evidence.Malformed},
		"space before":              {" " + good, trusted, evidence.Malformed},
		"line end after":            {good + "\n", trusted, evidence.Malformed},
		"another payload type":      {strings.Replace(good, seal.PayloadType, "application/vnd.in-toto+json", 1), trusted, evidence.Malformed},
		"no signature":              {good[:strings.Index(good, `"signatures"`)] + `"signatures":[]}`, trusted, evidence.Malformed},
		"signature twice":           {doubled(good), trusted, evidence.Malformed},
		"unknown member":            {strings.Replace(good, `"payloadType"`, `"payloadType":"x","payloadType"`, 1), trusted, evidence.Malformed},
		"signature cut":             {cutSignature(t, good), trusted, evidence.Tampered},
		"statement is not one":      {string(envelope(t, s, `"hello world"`)), trusted, evidence.Malformed},
		"statement of another type": {string(envelope(t, s, strings.Replace(payload(t, good), "seal/v1", "seal/v2", 1))), trusted, evidence.Malformed},
		"statement not canonical":   {string(envelope(t, s, payload(t, good)+" ")), trusted, evidence.Malformed},
		"statement says more":       {string(envelope(t, s, strings.Replace(payload(t, good), `"case":`, `"aside":1,"case":`, 1))), trusted, evidence.Malformed},
		"statement without digest":  {string(envelope(t, s, strings.Replace(payload(t, good), statement().Digest.String(), "", 1))), trusted, evidence.Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			got, by, err := seal.Open([]byte(tc.envelope), tc.trusted)
			if evidence.CodeOf(err) != tc.code || got != (seal.Statement{}) || by.Name != "" {
				t.Errorf("got %v by %s, %v; want nothing and an error that is %q", got, by.Name, err, tc.code)
			}
		})
	}
}

// TestEveryFlippedBitShows changes every bit of an envelope.
func TestEveryFlippedBitShows(t *testing.T) {
	s := signer("agency.example/seal/v1")
	trusted := []evidence.PublicKey{key(t, s)}
	good := sealed(t, s, statement())[0]
	for i := range good {
		for bit := range 8 {
			changed := append([]byte{}, good...)
			changed[i] ^= 1 << bit
			_, _, err := seal.Open(changed, trusted)
			switch evidence.CodeOf(err) {
			case evidence.Tampered, evidence.Malformed, evidence.UntrustedKey:
			default:
				t.Fatalf("bit %d of byte %d was flipped, and Open says %v", bit, i, err)
			}
		}
	}
}

// raw is the JSON of an envelope, for tests that make bad ones.
type raw struct {
	Payload     []byte         `json:"payload"`
	PayloadType string         `json:"payloadType"`
	Signatures  []rawSignature `json:"signatures"`
}

type rawSignature struct {
	KeyID string `json:"keyid"`
	Sig   []byte `json:"sig"`
}

func parse(t *testing.T, text string) raw {
	t.Helper()
	var r raw
	if err := canon.Unmarshal([]byte(text), &r); err != nil {
		t.Fatal(err)
	}
	return r
}

func (r raw) text(t *testing.T) string {
	t.Helper()
	text, err := canon.Marshal(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

func payload(t *testing.T, text string) string { return string(parse(t, text).Payload) }

// mixed returns one with the signatures of the other.
func mixed(t *testing.T, one, other string) string {
	t.Helper()
	r := parse(t, one)
	r.Signatures = parse(t, other).Signatures
	return r.text(t)
}

func cutSignature(t *testing.T, text string) string {
	t.Helper()
	r := parse(t, text)
	r.Signatures[0].Sig = r.Signatures[0].Sig[:63]
	return r.text(t)
}

func doubled(text string) string {
	i := strings.Index(text, `[{`) + 1
	j := strings.Index(text, `}]`) + 1
	return text[:j] + "," + text[i:j] + text[j:]
}

// envelope signs any payload, well or not.
func envelope(t *testing.T, s evidence.Signer, payload string) []byte {
	t.Helper()
	message := fmt.Sprintf("DSSEv1 %d %s %d %s", len(seal.PayloadType), seal.PayloadType, len(payload), payload)
	signatures, err := s.Sign(t.Context(), []byte(message))
	if err != nil {
		t.Fatal(err)
	}
	return []byte(raw{
		Payload: []byte(payload), PayloadType: seal.PayloadType,
		Signatures: []rawSignature{{KeyID: signatures[0].Key.ID(), Sig: signatures[0].Bytes}},
	}.text(t))
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

// FuzzOpen: what opens re-encodes to the same bytes.
func FuzzOpen(f *testing.F) {
	s := signer("agency.example/seal/v1")
	trusted := []evidence.PublicKey{key(f, s)}
	f.Add(sealed(f, s, statement())[0])
	f.Add([]byte(`{"payload":"","payloadType":"application/vnd.sealcase.seal+json","signatures":[{"keyid":"","sig":""}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, _, err := seal.Open(data, trusted)
		if err != nil {
			return
		}
		if again := sealed(t, s, got)[0]; string(again) != string(data) {
			t.Errorf("%q was accepted and re-encodes to %q", data, again)
		}
	})
}
