package bundle_test

import (
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
)

// TestLittle writes and verifies cases that have hardly anything in them.
func TestLittle(t *testing.T) {
	withheld := newFixture(7)
	withheld.hide("a.txt", []byte("a"), 0, "Privileged")
	rejected := newFixture(8)
	e := rejected.entry(evidence.ActRejected)
	e.Name, e.Details = "lost.bin", map[string]string{"observed_sha256": evidence.Sum(nil).String()}
	rejected.append(e)
	full := newFixture(9)
	full.disclose("a.txt", []byte("a"))
	for len(full.entries) < 255 { // with the request exactly one tile
		full.append(full.entry(evidence.ActViewed))
	}
	for name, f := range map[string]*fixture{
		"no item": newFixture(6), "all withheld": withheld, "all rejected": rejected, "one full tile": full,
	} {
		t.Run(name, func(t *testing.T) {
			data, s := f.close().write(t)
			r := f.verify(t, data, bundle.Options{Proof: f.prove(t, s)})
			if r.Outcome != bundle.OK || !r.Disclosure.Logged || r.Counts.Items != len(f.items) || r.Counts.Entries != int64(len(f.entries)) {
				t.Errorf("%s: %v, %+v", r.Outcome, r.Problems, r.Counts)
			}
		})
	}
}
