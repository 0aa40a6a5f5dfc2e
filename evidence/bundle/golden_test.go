package bundle_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
)

var update = flag.Bool("update", false, "write the golden files anew")

// TestGolden pins the format: a bundle of the same case has the same bytes for
// ever, and verifiers in other languages can be held to these files. The keys
// are those from before the rotation.
func TestGolden(t *testing.T) {
	f := golden()
	data, s := f.write(t)
	proof := f.proveRegistered(t, s)
	report := f.verify(t, data, bundle.Options{Proof: proof, Witnesses: []evidence.WitnessKey{f.witnessKey()}})
	compareGolden(t, map[string][]byte{
		"golden.zip": data, "golden.proof.json": proof, "golden.vkey": evidence.FormatVKeys(f.trusted),
		"golden.witness": []byte(f.witnessKey().VKey() + "\n"), "golden.txt": asText(t, report),
	})
	if report.Outcome != bundle.OK || !report.Disclosure.Logged || len(report.Register.Witnesses) != 1 {
		t.Errorf("the golden bundle does not verify: %v", report.Problems)
	}
	want := bundle.Counts{Members: 23, Entries: int64(len(f.entries)), WithheldEntries: 4, Items: 5, Bytes: f.facts.Bytes, Withheld: 2, Seals: 5}
	if report.Counts != want || len(f.entries) >= 40 {
		t.Errorf("counts: %s", cmp.Diff(want, report.Counts))
	}
	if report.Digest != s.Digest || report.TagDigest != s.TagDigest || report.Length != s.Length {
		t.Errorf("the report names %s, %s, %d; the summary %+v", report.Digest, report.TagDigest, report.Length, s)
	}
}

// TestPlain pins a bundle without anything that is optional.
func TestPlain(t *testing.T) {
	f := small()
	data, _ := f.write(t)
	report := f.verify(t, data, bundle.Options{})
	compareGolden(t, map[string][]byte{"plain.zip": data, "plain.vkey": evidence.FormatVKeys(f.trusted), "plain.txt": asText(t, report)})
	if report.Outcome != bundle.OK || report.Register != nil {
		t.Errorf("the plain bundle does not verify: %v", report.Problems)
	}
}

func asText(t *testing.T, r bundle.Report) []byte {
	t.Helper()
	var text bytes.Buffer
	if err := r.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	return text.Bytes()
}

// compareGolden compares files with those in testdata.
func compareGolden(t *testing.T, files map[string][]byte) {
	t.Helper()
	for name, got := range files {
		path := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(path, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(want, got) {
			t.Errorf("%s differs: %d bytes, %d wanted", name, len(got), len(want))
		}
	}
}
