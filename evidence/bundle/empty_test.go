package bundle_test

import (
	"bytes"
	"fmt"
	"strings"
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

// TestNothingDisclosed holds the file that a bundle without exhibits has in its
// payload to its place and its text.
func TestNothingDisclosed(t *testing.T) {
	f := newFixture(7)
	f.hide("a.txt", []byte("a"), 0, "Privileged")
	data, _ := f.close().write(t)
	good := takeApart(t, f, data)
	python := startPython(t)
	if got, want := string(good.get("bag-info.txt")), fmt.Sprintf("\nPayload-Oxum: %d.1\n", len(good.get(none))); !strings.Contains(got, want) {
		t.Errorf("bag-info.txt is %q, want %q in it", got, want)
	}
	for _, forged := range []forgery{
		{"without it", bundle.Incomplete, none, func(m *mutant) { m.remove(none) }},
		{"another text", bundle.Tampered, none, func(m *mutant) { m.replace(none, "no exhibit", "an exhibit") }},
		{"at another place", bundle.Malformed, "not in their order", func(m *mutant) {
			i := m.index(none)
			m.files[i], m.files[i-1] = m.files[i-1], m.files[i]
		}},
		{"the total of none", bundle.Tampered, "bag-info.txt", func(m *mutant) {
			m.set("bag-info.txt", bytes.Replace(m.get("bag-info.txt"), fmt.Appendf(nil, "%d.1", len(m.get(none))), []byte("0.0"), 1))
		}},
		{"bytes of no exhibit", bundle.Tampered, list, func(m *mutant) { m.replace(cover, `"bytes":0`, `"bytes":5`) }},
		{"another text, and a cover that cannot be read", bundle.Tampered, none, func(m *mutant) {
			m.replace(none, "no exhibit", "an exhibit")
			m.replace(cover, `"items":0`, `"items":-1`)
		}},
		{"without it, and a cover that cannot be read", bundle.Malformed, cover, func(m *mutant) {
			m.remove(none)
			m.replace(cover, `"items":0`, `"items":-1`)
		}},
	} {
		t.Run(forged.name, func(t *testing.T) {
			m := good.clone()
			m.t = t
			forged.change(m)
			expect(t, f, m.fixManifests(), forged.want, forged.words, nil)
			python.agrees(t, f, m, forged.want)
		})
	}
}
