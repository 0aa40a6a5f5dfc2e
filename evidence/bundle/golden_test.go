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
// ever, and verifiers in other languages can be held to these files.
func TestGolden(t *testing.T) {
	f := golden()
	data, s := f.write(t)
	proof := f.prove(t, s)
	var text bytes.Buffer
	report := f.verify(t, data, bundle.Options{Proof: proof})
	if err := report.WriteText(&text); err != nil {
		t.Fatal(err)
	}
	for name, got := range map[string][]byte{
		"golden.zip": data, "golden.proof.json": proof, "golden.vkey": evidence.FormatVKeys(f.facts.Keys), "golden.txt": text.Bytes(),
	} {
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
			t.Errorf("%s differs: %s", name, cmp.Diff(len(want), len(got)))
		}
	}
	if report.Outcome != bundle.OK || !report.Disclosure.Logged {
		t.Errorf("the golden bundle does not verify: %v", report.Problems)
	}
	if want := (bundle.Counts{Members: 22, Entries: 300, Items: 5, Bytes: report.Counts.Bytes, Withheld: 2, Seals: 5}); report.Counts != want {
		t.Errorf("counts: %s", cmp.Diff(want, report.Counts))
	}
	if report.Digest != s.Digest || report.TagDigest != s.TagDigest || report.Length != s.Length {
		t.Errorf("the report names %s, %s, %d; the summary %+v", report.Digest, report.TagDigest, report.Length, s)
	}
}
