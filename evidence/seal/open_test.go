package seal_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/seal"
)

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
		"no signature":              {unsigned(t, good), trusted, evidence.Malformed},
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

func unsigned(t *testing.T, text string) string {
	t.Helper()
	r := parse(t, text)
	r.Signatures = []rawSignature{}
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
		if again := sealed(t, s, got)[0]; !bytes.Equal(again, data) {
			t.Errorf("%q was accepted and re-encodes to %q", data, again)
		}
	})
}
