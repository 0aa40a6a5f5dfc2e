package evidence_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/mod/sumdb/note"

	"github.com/sealcase/sealcase/evidence"
)

// specVKey is the verifier key that is the example of C2SP signed-note.
const specVKey = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"

// newKey returns a key that is a function of name only.
func newKey(name string) (evidence.PublicKey, ed25519.PrivateKey) {
	seed := evidence.Sum([]byte(name))
	private := ed25519.NewKeyFromSeed(seed[:])
	return evidence.PublicKey{Name: name, Key: private.Public().(ed25519.PublicKey)}, private
}

func TestParseVKeyOfTheSpecification(t *testing.T) {
	k, err := evidence.ParseVKey(specVKey + "\n")
	if err != nil {
		t.Fatal(err)
	}
	if k.Name != "example.com/foo" || k.Hash() != 0x530d903a || k.ID() != "example.com/foo+530d903a" || k.VKey() != specVKey {
		t.Errorf("got %s, which is %s", k.VKey(), k.ID())
	}
	signature, err := base64.StdEncoding.DecodeString(
		"Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=")
	if err != nil {
		t.Fatal(err)
	}
	if !k.Verify([]byte("This is an example message.\n"), signature[4:]) {
		t.Error("the signature of the specification's example does not verify")
	}
}

func TestParseVKeyRefuses(t *testing.T) {
	hash, body, _ := strings.Cut(strings.TrimPrefix(specVKey, "example.com/foo+"), "+")
	other, _ := newKey("example.com/foo")
	for name, text := range map[string]string{
		"nothing":            "",
		"name alone":         "example.com/foo",
		"no key":             "example.com/foo+" + hash,
		"no name":            "+" + hash + "+" + body,
		"another name":       "example.com/bar+" + hash + "+" + body,
		"another key":        "example.com/foo+" + hash + strings.TrimPrefix(other.VKey(), other.ID()),
		"upper-case hash":    "example.com/foo+" + strings.ToUpper(hash) + "+" + body,
		"line break in it":   specVKey[:50] + "\n" + specVKey[50:],
		"space in the name":  named("example.com/f oo"),
		"no-break space":     named("example.com/f\u00a0oo"),
		"control character":  named("example.com/f\x1boo"),
		"invalid UTF-8":      named("example.com/f\xffoo"),
		"another algorithm":  "example.com/foo+" + hash + "+BOkyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"too short":          "example.com/foo+" + hash + "+" + body[:40],
		"something after it": specVKey + "+x",
	} {
		t.Run(name, func(t *testing.T) {
			if k, err := evidence.ParseVKey(text); evidence.CodeOf(err) != evidence.Malformed {
				t.Errorf("got %v, %v; want an error that is %q", k, err, evidence.Malformed)
			}
		})
	}
}

// named returns a verifier key of that name whose hash is right.
func named(name string) string {
	k, _ := newKey(name)
	return k.VKey()
}

func TestVerify(t *testing.T) {
	k, private := newKey("agency.example/log/v1")
	message := []byte("message")
	signature := ed25519.Sign(private, message)
	if !k.Verify(message, signature) {
		t.Error("a good signature does not verify")
	}
	short := evidence.PublicKey{Name: k.Name, Key: k.Key[:31]}
	if k.Verify([]byte("another"), signature) || k.Verify(message, signature[:63]) || k.Verify(message, nil) ||
		short.Verify(message, signature) || (evidence.PublicKey{}).Verify(message, signature) {
		t.Error("what is no signature verifies")
	}
}

func TestVKeys(t *testing.T) {
	one, _ := newKey("agency.example/log/v1")
	two, _ := newKey("agency.example/seal/v1")
	keys := []evidence.PublicKey{one, two}
	got, err := evidence.ParseVKeys(evidence.FormatVKeys(keys))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(keys, got); diff != "" {
		t.Errorf("keys changed on the way (-want +got):\n%s", diff)
	}

	text := "# the agency's keys\r\n\r\n  " + one.VKey() + "  \n" + one.VKey() + "\n#\n" + two.VKey()
	if got, err = evidence.ParseVKeys([]byte(text)); err != nil || !cmp.Equal(keys, got) {
		t.Errorf("got %v, %v; want each key once", got, err)
	}
	for _, text := range []string{"", "# nothing\n", one.VKey() + "\nx\n"} {
		if _, err := evidence.ParseVKeys([]byte(text)); evidence.CodeOf(err) != evidence.Malformed {
			t.Errorf("%q: got %v, want an error that is %q", text, err, evidence.Malformed)
		}
	}
	_, err = evidence.ParseVKeys([]byte("#\n" + one.VKey() + "\nx\n"))
	if got, want := evidence.MessageOf(err), "key file, line 3"; got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

func TestPublicKeyEqual(t *testing.T) {
	one, _ := newKey("a")
	two, _ := newKey("b")
	renamed := evidence.PublicKey{Name: "b", Key: one.Key}
	same, _ := newKey("a")
	if !one.Equal(same) || one.Equal(two) || one.Equal(renamed) || two.Equal(renamed) {
		t.Error("equal is not the same name and the same key")
	}
}

// FuzzParseVKey also compares with the reader of golang.org/x/mod, which may
// accept more but never another key.
func FuzzParseVKey(f *testing.F) {
	f.Add(specVKey)
	f.Add(specVKey + "\n")
	f.Add("a+00000000+AQ==")
	f.Fuzz(func(t *testing.T, text string) {
		k, err := evidence.ParseVKey(text)
		if err != nil {
			return
		}
		if k.VKey() != strings.TrimSpace(text) {
			t.Errorf("%q was read as %s", text, k.VKey())
		}
		v, err := note.NewVerifier(k.VKey())
		if err != nil {
			t.Fatalf("%q is no verifier key for others: %v", text, err)
		}
		if v.Name() != k.Name || v.KeyHash() != k.Hash() {
			t.Errorf("%q is %s+%08x for others", text, v.Name(), v.KeyHash())
		}
	})
}

func FuzzParseVKeys(f *testing.F) {
	f.Add([]byte("# keys\n" + specVKey + "\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		keys, err := evidence.ParseVKeys(text)
		if err != nil {
			return
		}
		again, err := evidence.ParseVKeys(evidence.FormatVKeys(keys))
		if err != nil || !cmp.Equal(keys, again) {
			t.Errorf("%q changed on the way: %v, %v", bytes.TrimSpace(text), again, err)
		}
	})
}

// FuzzParseWitnessKey: no text is the key of an agency and of a witness.
func FuzzParseWitnessKey(f *testing.F) {
	k := evidence.WitnessKey{Name: "witness.example/w1", Key: make([]byte, 32)}
	f.Add(k.VKey())
	f.Add(" " + k.VKey() + "\n")
	f.Add(specVKey)
	f.Fuzz(func(t *testing.T, text string) {
		k, err := evidence.ParseWitnessKey(text)
		if err != nil {
			return
		}
		if k.VKey() != strings.TrimSpace(text) {
			t.Errorf("%q was read as %s", text, k.VKey())
		}
		if other, err := evidence.ParseVKey(text); err == nil {
			t.Errorf("%q is the key of an agency too: %s", text, other.ID())
		}
	})
}
