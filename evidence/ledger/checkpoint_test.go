package ledger_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

const caseID = evidence.CaseID("case-aaaaaaaaaaaaaaaaaaaaaaaaaa")

// specNote is the example of C2SP tlog-checkpoint.
const specNote = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n\n" +
	"— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=\n"

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

func checkpoint() ledger.Checkpoint {
	return ledger.Checkpoint{Origin: ledger.CaseOrigin("agency.example", caseID), Size: 7, Root: ledger.LeafHash([]byte("root"))}
}

func sign(t testing.TB, cp ledger.Checkpoint, signers ...evidence.Signer) []byte {
	t.Helper()
	signed, err := ledger.SignCheckpoint(t.Context(), cp, signers...)
	if err != nil {
		t.Fatal(err)
	}
	return signed
}

// cosignature returns a line as a witness adds it, of type 0x04: key ID,
// timestamp and signature.
func cosignature(name string, content byte) string {
	raw := append([]byte{1, 2, 3, 4, 0, 0, 0, 0, 0x69, 0xa3, 0xf0, 0}, make([]byte, 64)...)
	raw[len(raw)-1] = content
	return "— " + name + " " + base64.StdEncoding.EncodeToString(raw) + "\n"
}

func TestOpenCheckpoint(t *testing.T) {
	older, newer, other := signer("agency.example/log/v1"), signer("agency.example/log/v2"), signer("agency.example/seal/v1")
	one := sign(t, checkpoint(), older)
	both := sign(t, checkpoint(), older, newer)
	witnessed := append(append([]byte{}, one...), cosignature("witness.example/w1", 1)+cosignature("witness.example/w2", 1)...)
	keys := func(signers ...evidence.Signer) []evidence.PublicKey {
		var out []evidence.PublicKey
		for _, s := range signers {
			out = append(out, key(t, s))
		}
		return out
	}
	for name, tc := range map[string]struct {
		note    []byte
		trusted []evidence.PublicKey
		by      []evidence.PublicKey
	}{
		"one key":                      {one, keys(older), keys(older)},
		"one of several trusted":       {one, keys(other, newer, older), keys(older)},
		"trusted twice":                {one, keys(older, older), keys(older)},
		"rotation, both trusted":       {both, keys(newer, older), keys(older, newer)},
		"rotation, only the old one":   {both, keys(older), keys(older)},
		"rotation, only the new one":   {both, keys(newer), keys(newer)},
		"with witnesses' cosignatures": {witnessed, keys(older), keys(older)},
		"beside a key that is no key":  {one, append([]evidence.PublicKey{{Name: "x"}}, keys(older)...), keys(older)},
	} {
		t.Run(name, func(t *testing.T) {
			cp, by, err := ledger.OpenCheckpoint(tc.note, tc.trusted)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(checkpoint(), cp); diff != "" {
				t.Errorf("checkpoint differs (-want +got):\n%s", diff)
			}
			if diff := cmp.Diff(tc.by, by); diff != "" {
				t.Errorf("keys differ (-want +got):\n%s", diff)
			}
			if parsed, err := ledger.ParseCheckpoint(tc.note); err != nil || parsed != cp {
				t.Errorf("parsed as %v, %v", parsed, err)
			}
		})
	}
}

func TestOpenCheckpointRefuses(t *testing.T) {
	log, other := signer("agency.example/log/v1"), signer("agency.example/log/v2")
	signed := string(sign(t, checkpoint(), log))
	trusted := []evidence.PublicKey{key(t, log)}
	text, _, _ := strings.Cut(signed, "\n\n")
	twoLines := string(sign(t, checkpoint(), other, log))
	elsewhere := checkpoint()
	elsewhere.Origin = "agency.example/case/case-bbbbbbbbbbbbbbbbbbbbbbbbba"
	_, elsewhereLine, _ := strings.Cut(string(sign(t, elsewhere, log)), "\n\n")
	for name, tc := range map[string]struct {
		note    string
		trusted []evidence.PublicKey
		code    evidence.Code
	}{
		"nobody is trusted":                     {signed, nil, evidence.UntrustedKey},
		"another key is trusted":                {signed, []evidence.PublicKey{key(t, other)}, evidence.UntrustedKey},
		"only a witness signed":                 {text + "\n\n" + cosignature("witness.example/w1", 1), trusted, evidence.UntrustedKey},
		"signed under another origin's name":    {text + "\n\n" + elsewhereLine, trusted, evidence.UntrustedKey},
		"another size":                          {strings.Replace(signed, "\n7\n", "\n8\n", 1), trusted, evidence.Tampered},
		"another root":                          {strings.Replace(signed, "PAb5", "PAb6", 1), trusted, evidence.Tampered},
		"another origin, line kept":             {strings.Replace(signed, "agency", "agenda", 1), trusted, evidence.UntrustedKey},
		"another origin, line renamed":          {strings.ReplaceAll(signed, "agency", "agenda"), trusted, evidence.UntrustedKey},
		"another signature":                     {flipSignature(t, signed), trusted, evidence.Tampered},
		"one good and one bad trusted line":     {flipSignature(t, twoLines), append([]evidence.PublicKey{key(t, other)}, trusted...), evidence.Tampered},
		"key ID of a trusted key, no signature": {shortSignature(t, signed), trusted, evidence.Tampered},
		"malformed":                             {signed + "x", trusted, evidence.Malformed},
	} {
		t.Run(name, func(t *testing.T) {
			cp, by, err := ledger.OpenCheckpoint([]byte(tc.note), tc.trusted)
			if evidence.CodeOf(err) != tc.code || cp != (ledger.Checkpoint{}) || by != nil {
				t.Errorf("got %v by %v, %v; want nothing and an error that is %q", cp, by, err, tc.code)
			}
		})
	}
}

// flipSignature changes a bit of the last signature.
func flipSignature(t *testing.T, signed string) string {
	t.Helper()
	return resign(t, signed, func(raw []byte) []byte { raw[40] ^= 1; return raw })
}

// shortSignature leaves the key ID and one byte of the last signature.
func shortSignature(t *testing.T, signed string) string {
	t.Helper()
	return resign(t, signed, func(raw []byte) []byte { return raw[:5] })
}

func resign(t *testing.T, signed string, change func([]byte) []byte) string {
	t.Helper()
	i := strings.LastIndex(signed, " ") + 1
	raw, err := base64.StdEncoding.DecodeString(strings.TrimSuffix(signed[i:], "\n"))
	if err != nil {
		t.Fatal(err)
	}
	return signed[:i] + base64.StdEncoding.EncodeToString(change(raw)) + "\n"
}

func TestParseCheckpointOfTheSpecification(t *testing.T) {
	cp, err := ledger.ParseCheckpoint([]byte(specNote))
	if err != nil {
		t.Fatal(err)
	}
	if cp.Origin != "example.com/behind-the-sofa" || cp.Size != 20852163 ||
		cp.Root.String() != "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62" {
		t.Errorf("got %+v", cp)
	}
}

func TestParseCheckpointRefuses(t *testing.T) {
	text, lines, _ := strings.Cut(specNote, "\n\n")
	body := strings.Split(text, "\n")
	with := func(i int, line string) string {
		changed := append([]string{}, body...)
		changed[i] = line
		return strings.Join(changed, "\n") + "\n\n" + lines
	}
	for name, signed := range map[string]string{
		"nothing":                      "",
		"no signature":                 text + "\n",
		"no signature, blank line":     text + "\n\n",
		"no line end":                  strings.TrimSuffix(specNote, "\n"),
		"line end doubled":             specNote + "\n",
		"line ends of Windows":         strings.ReplaceAll(specNote, "\n", "\r\n"),
		"space after":                  specNote + " \n",
		"two blank lines":              text + "\n\n\n" + lines,
		"text after":                   specNote + "\nmore\n",
		"hyphen for the dash":          strings.Replace(specNote, "— ", "- ", 1),
		"base64 with spare bits":       strings.Replace(specNote, "YQ8=\n", "YQ9=\n", 1),
		"base64 without padding":       strings.Replace(specNote, "YQ8=\n", "YQ8\n", 1),
		"base64 for URLs":              strings.Replace(specNote, "q/5I", "q_5I", 1),
		"two spaces":                   strings.Replace(specNote, "sofa Az", "sofa  Az", 1),
		"line twice":                   specNote + lines,
		"key twice":                    specNote + cosignature("w.example", 1) + cosignature("w.example", 2),
		"extension line":               text + "\nextension\n\n" + lines,
		"two lines of text":            body[0] + "\n" + body[1] + "\n\n" + lines,
		"no origin":                    with(0, ""),
		"space in the origin":          with(0, "example.com/behind the sofa"),
		"plus in the origin":           with(0, "example.com+sofa"),
		"no-break space in the origin": with(0, "example.com/behind\u00a0sofa"),
		"control code in the origin":   with(0, "example.com/\x7f"),
		"invalid UTF-8 in the origin":  with(0, "example.com/\xff"),
		"long origin":                  with(0, strings.Repeat("x", 256)),
		"no size":                      with(1, ""),
		"leading zero":                 with(1, "020852163"),
		"plus before the size":         with(1, "+20852163"),
		"minus zero":                   with(1, "-0"),
		"negative size":                with(1, "-1"),
		"size beyond 63 bits":          with(1, "9223372036854775808"),
		"size in hexadecimal":          with(1, "0x10"),
		"size with underscore":         with(1, "1_0"),
		"space after the size":         with(1, "20852163 "),
		"size 0 with a root":           with(1, "0"),
		"root too short":               with(2, "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw=="),
		"root with spare bits":         with(2, "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J="),
		"root in hexadecimal":          with(2, "0ac5186a91863e8e1d90c808014aa89bf5da8e3ee1d9f07630f0378f68f1ab62"),
		"too long":                     specNote + strings.Repeat(cosignature("w", 1), ledger.MaxNoteSize/100),
	} {
		t.Run(name, func(t *testing.T) {
			if cp, err := ledger.ParseCheckpoint([]byte(signed)); evidence.CodeOf(err) != evidence.Malformed {
				t.Errorf("got %v, %v; want an error that is %q", cp, err, evidence.Malformed)
			}
		})
	}
}

// TestParseCheckpointWithManySignatures: C2SP signed-note wants at least 16
// accepted, of up to 5 kB.
func TestParseCheckpointWithManySignatures(t *testing.T) {
	signed := specNote
	for i := range 15 {
		raw := make([]byte, 5000)
		raw[0] = byte(i)
		signed += "— witness.example " + base64.StdEncoding.EncodeToString(raw) + "\n"
	}
	if _, err := ledger.ParseCheckpoint([]byte(signed)); err != nil {
		t.Error(err)
	}
}
