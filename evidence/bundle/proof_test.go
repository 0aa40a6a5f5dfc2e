package bundle_test

import (
	"bytes"
	"slices"
	"testing"

	"github.com/sealcase/sealcase/evidence/bundle"
)

// TestProof changes what only a proof of disclosure covers, and the proof.
func TestProof(t *testing.T) {
	f := golden()
	data, s := f.write(t)
	good := takeApart(t, f, data)
	proof := f.prove(t, s)
	for _, forged := range []forgery{
		{"the title", bundle.Tampered, "records something else", func(m *mutant) { m.replace("case/case.json", "Payroll intrusion", "Payroll mistake!!") }},
		{"a time", bundle.Tampered, "records something else", func(m *mutant) {
			m.replace(cover, `"requested_at":"2026-03-09T08:30`, `"requested_at":"2026-03-09T08:29`)
		}},
		{"the reason of a quarantine", bundle.Tampered, "records something else", func(m *mutant) {
			m.replace(list, "Quarantined: stored bytes differ from those received", "Privileged: other")
		}},
	} {
		t.Run(forged.name, func(t *testing.T) {
			m := good.clone()
			m.t = t
			forged.change(m)
			expect(t, f, m.fixManifests(), forged.want, forged.words, proof)
			if r := f.verify(t, m.zip(), bundle.Options{}); r.Outcome != bundle.OK {
				t.Errorf("without the proof, too, something is found, so this tests nothing: %v", r.Problems)
			}
		})
	}
	other := small()
	_, otherSummary := other.write(t)
	change := func(do func(p *bundle.Proof)) []byte {
		p, err := bundle.ParseProof(proof)
		if err != nil {
			t.Fatal(err)
		}
		do(&p)
		return written(t, p)
	}
	for _, c := range []struct {
		name  string
		proof []byte
		want  bundle.Outcome
	}{
		{"of another agency", other.prove(t, otherSummary), bundle.UntrustedKey},
		{"of another bundle", f.prove(t, otherSummary), bundle.Tampered},
		{"empty", []byte{}, bundle.Malformed},
		{"not JSON", []byte("hello\n"), bundle.Malformed},
		{"cut", proof[:len(proof)-2], bundle.Malformed},
		{"another index", change(func(p *bundle.Proof) { p.Index++ }), bundle.Tampered},
		{"an index within the bundle", change(func(p *bundle.Proof) { p.Index = 3 }), bundle.Tampered},
		{"another entry", change(func(p *bundle.Proof) { p.Entry = f.entries[1] }), bundle.Tampered},
		{"an entry that is edited", change(func(p *bundle.Proof) {
			p.Entry = bytes.Replace(p.Entry, []byte("Sealcase worker"), []byte("Sealcase walker"), 1)
		}), bundle.Tampered},
		{"an entry that is none", change(func(p *bundle.Proof) { p.Entry = []byte("{}") }), bundle.Tampered},
		{"an introduction that is none", change(func(p *bundle.Proof) { p.Keys = []map[string]string{{"old": "x", "new": "y"}} }), bundle.Malformed},
		{"the bundle's own head", change(func(p *bundle.Proof) { p.Checkpoint = f.facts.Checkpoint }), bundle.Tampered},
		{"no inclusion", change(func(p *bundle.Proof) { p.Inclusion = nil }), bundle.Tampered},
		{"no consistency", change(func(p *bundle.Proof) { p.Consistency = nil }), bundle.Tampered},
		{"inclusion in another order", change(func(p *bundle.Proof) { slices.Reverse(p.Inclusion) }), bundle.Tampered},
		{"another hash", change(func(p *bundle.Proof) { p.Consistency[0][5] ^= 1 }), bundle.Tampered},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := f.verify(t, data, bundle.Options{Proof: c.proof})
			if r.Outcome != c.want || r.Disclosure.Logged {
				t.Errorf("outcome %s, want %s: %v", r.Outcome, c.want, r.Problems)
			}
			for _, check := range r.Checks {
				want := bundle.Passed
				switch check.Name {
				case "disclosure":
					want = bundle.Failed
				case "register":
					want = bundle.NotDone
				}
				if check.Result != want {
					t.Errorf("check %s: %s, want %s", check.Name, check.Result, want)
				}
			}
		})
	}
	step := max(len(proof)/60, 1)
	parallel(int64(len(proof)/step), func(i int64) {
		bad := bytes.Clone(proof)
		bad[i*int64(step)] ^= 1
		if r := f.verify(t, data, bundle.Options{Proof: bad}); r.Outcome == bundle.OK {
			t.Errorf("no error found with byte %d of the proof changed", i*int64(step))
		}
	})
}
