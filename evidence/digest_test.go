package evidence_test

import (
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence"
)

// abc is the SHA-256 of "abc" (FIPS 180-4, example).
const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"

func TestDigest(t *testing.T) {
	d := evidence.Sum([]byte("abc"))
	if d.String() != abc {
		t.Errorf("got %s, want %s", d, abc)
	}
	for _, text := range []string{abc, strings.ToUpper(abc)} {
		if got, err := evidence.ParseDigest(text); err != nil || got != d {
			t.Errorf("parsing %s: got %s, %v", text, got, err)
		}
	}
	if (evidence.Digest{}).String() != "" || !(evidence.Digest{}).IsZero() || d.IsZero() {
		t.Error("the zero digest is not the unknown one, or a real one is")
	}
}

func TestParseDigestRefuses(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":       "",
		"too short":     abc[1:],
		"too long":      abc + "0",
		"not hex":       "g" + abc[1:],
		"space":         " " + abc[1:],
		"zeros":         strings.Repeat("0", 64),
		"long letter":   strings.Repeat("a", 62) + "\u023a",
		"invalid UTF-8": abc[:63] + "\xff",
	} {
		t.Run(name, func(t *testing.T) {
			d, err := evidence.ParseDigest(text)
			if code := evidence.CodeOf(err); code != evidence.Invalid || !d.IsZero() {
				t.Errorf("got %s and %q, want nothing and %q", d, code, evidence.Invalid)
			}
		})
	}
}

func TestParseReprDigest(t *testing.T) {
	const member = "sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:"
	for name, tc := range map[string]struct {
		field string
		ok    bool
	}{
		"alone":           {member, true},
		"after another":   {"sha-512=:AAAA:, " + member, true},
		"before another":  {member + ",md5=:AAAA:", true},
		"nothing":         {"", false},
		"another alone":   {"sha-512=:AAAA:", false},
		"no end":          {strings.TrimSuffix(member, ":"), false},
		"no colons":       {"sha-256=ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=", false},
		"hexadecimal":     {"sha-256=:" + abc + ":", false},
		"too short":       {"sha-256=:ungWv48B:", false},
		"spare bits set":  {strings.Replace(member, "Fa0=", "Fa1=", 1), false},
		"zeros":           {"sha-256=:" + strings.Repeat("A", 43) + "=:", false},
		"upper-case name": {strings.ToUpper(member[:7]) + member[7:], false},
	} {
		t.Run(name, func(t *testing.T) {
			d, err := evidence.ParseReprDigest(tc.field)
			switch {
			case tc.ok && (err != nil || d.String() != abc):
				t.Errorf("got %s, %v", d, err)
			case !tc.ok && (evidence.CodeOf(err) != evidence.Invalid || !d.IsZero()):
				t.Errorf("got %s, %v; want an error that is %q", d, err, evidence.Invalid)
			}
		})
	}
}

func TestDigestText(t *testing.T) {
	d := evidence.Sum([]byte("abc"))
	if err := d.UnmarshalText(nil); err != nil || !d.IsZero() {
		t.Errorf("the empty text gave %s, %v; want the unknown digest", d, err)
	}
	if err := d.UnmarshalText([]byte(abc)); err != nil || d != evidence.Sum([]byte("abc")) {
		t.Errorf("got %s, %v", d, err)
	}
	if err := d.UnmarshalText([]byte("x")); err == nil || d.String() != abc {
		t.Errorf("got %s, %v; want an error and the digest as it was", d, err)
	}
}

func FuzzParseDigest(f *testing.F) {
	f.Add(abc)
	f.Add(strings.Repeat("\u023a", 32))
	f.Fuzz(func(t *testing.T, text string) {
		d, err := evidence.ParseDigest(text)
		if err == nil && d.String() != strings.ToLower(text) {
			t.Errorf("%q was read as %s", text, d)
		}
	})
}

func FuzzParseReprDigest(f *testing.F) {
	f.Add("sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:")
	f.Add("sha-256=:,")
	f.Fuzz(func(t *testing.T, field string) {
		d, err := evidence.ParseReprDigest(field)
		if (err == nil) == d.IsZero() {
			t.Errorf("%q gave %q and %v", field, d, err)
		}
	})
}
