package bundle_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/seal"
)

const (
	tile0 = "custody/entries/00000.jsonl"
	tile1 = "custody/entries/00001.jsonl"
	list  = "case/items.jsonl"
	cover = "case/disclosure.json"
	file1 = "data/evidence/E-00001/notes_of_the_agent.md"
	seal1 = "custody/seals/E-00001.dsse.json"
	seal4 = "custody/seals/E-00004.dsse.json"
	note  = "custody/checkpoint.note"
)

// forgery is a change by somebody who knows the format, recomputes all that
// can be computed, and lacks the agency's keys only.
type forgery struct {
	name   string
	want   bundle.Outcome
	words  string
	change func(m *mutant)
}

// forgeries are caught without a proof of disclosure.
func forgeries(f *fixture) []forgery {
	return []forgery{
		{"an exhibit", bundle.Tampered, "E-00001: it has 33 bytes", func(m *mutant) { m.replace(file1, "enumerate", "admire") }},
		{"an exhibit of the same length", bundle.Tampered, "E-00001: its bytes have", func(m *mutant) { m.replace(file1, "payroll", "holiday") }},
		{"an exhibit and the list", bundle.Tampered, "the log has the SHA-256", func(m *mutant) {
			old := evidence.Sum(m.get(file1))
			m.replace(file1, "payroll", "holiday")
			m.replace(list, old.String(), evidence.Sum(m.get(file1)).String())
		}},
		{"an exhibit, the list and the log", bundle.Tampered, "an entry was changed", func(m *mutant) {
			old := evidence.Sum(m.get(file1)).String()
			m.replace(file1, "payroll", "holiday")
			for _, name := range []string{list, tile0, tile1} {
				m.set(name, bytes.ReplaceAll(m.get(name), []byte(old), []byte(evidence.Sum(m.get(file1)).String())))
			}
		}},
		{"a name in the list", bundle.Tampered, "E-00001: the log has it as", func(m *mutant) { m.replace(list, `"notes of the agent.md"`, `"notes_of_the_agent.md"`) }},
		{"a time in the list", bundle.Tampered, "E-00001: the seal says otherwise", func(m *mutant) { m.replace(list, `"received_at":"2026`, `"received_at":"2025`) }},
		{"a line of the list dropped", bundle.Incomplete, "E-00005: the log says that it was received", func(m *mutant) {
			l := m.lines(list)
			m.setLines(list, slices.Delete(l, 4, 5))
			m.replace(cover, `"withheld":2`, `"withheld":1`)
		}},
		{"a line of the list dropped, the cover as it was", bundle.Incomplete, "announces 5 and 2", func(m *mutant) { m.setLines(list, slices.Delete(m.lines(list), 5, 6)) }},
		{"a line of the list doubled", bundle.Tampered, "order of their numbers", func(m *mutant) {
			l := m.lines(list)
			m.setLines(list, slices.Insert(l, 4, l[4]))
		}},
		{"two lines of the list swapped", bundle.Tampered, "order of their numbers", func(m *mutant) {
			l := m.lines(list)
			l[0], l[1] = l[1], l[0]
			m.setLines(list, l)
		}},
		{"an exhibit dropped from everywhere", bundle.Incomplete, "E-00002: the log says that it was received", func(m *mutant) {
			m.setLines(list, slices.Delete(m.lines(list), 1, 2))
			m.remove("data/evidence/E-00002/empty.log")
			m.remove("custody/seals/E-00002.dsse.json")
			m.replace(cover, `"items":5`, `"items":4`)
			m.replace("bag-info.txt", ".5\n", ".4\n")
		}},
		{"no reason for withholding", bundle.Malformed, "a reason for being withheld", func(m *mutant) { m.replace(list, `,"withheld":"Privileged: attorney-client"`, "") }},
		{"a seal of another exhibit", bundle.Tampered, "E-00001: the seal says otherwise", func(m *mutant) { m.set(seal1, m.get(seal4)) }},
		{"a seal by another key", bundle.Tampered, "E-00001: the seal does not open", func(m *mutant) {
			_, other := signers("forger.example", 9)
			m.set(seal1, sealBy(f, other, f.items[0]))
		}},
		{"a seal by a key of the same name", bundle.Tampered, "E-00001: the seal does not open", func(m *mutant) {
			_, other := signers(agency, 9)
			m.set(seal1, sealBy(f, other, f.items[0]))
		}},
		{"a seal that is not one", bundle.Tampered, "E-00001: the seal does not open", func(m *mutant) { m.set(seal1, []byte("{}")) }},
		{"an empty seal", bundle.Tampered, "E-00001: the seal does not open", func(m *mutant) { m.set(seal1, nil) }},
		{"a signature of another seal", bundle.Tampered, "E-00001: the seal does not open", func(m *mutant) {
			sig := func(s []byte) string { _, after, _ := strings.Cut(string(s), `"sig":"`); return after[:86] }
			m.replace(seal1, sig(m.get(seal1)), sig(m.get(seal4)))
		}},
		{"a head by another key", bundle.UntrustedKey, note, func(m *mutant) { m.set(note, headOf(m, "forger.example", 9)) }},
		{"a head by a key of the same name", bundle.UntrustedKey, note, func(m *mutant) { m.set(note, headOf(m, agency, 9)) }},
		{"a head of another size", bundle.Tampered, note, func(m *mutant) { m.replace(note, "\n300\n", "\n299\n") }},
		{"an unsigned head", bundle.Malformed, note, func(m *mutant) {
			text, _, _ := strings.Cut(string(m.get(note)), "\n\n")
			m.set(note, []byte(text+"\n\n"))
		}},
		{"the log rewritten and signed by another key", bundle.UntrustedKey, note, func(m *mutant) {
			m.replace(tile0, "Examination, page 117", "Examination, page 118")
			m.set(note, headOf(m, agency, 9))
			m.replace(cover, f.root(), rootOf(m).String())
		}},
		{"a head by the key of seals", bundle.UntrustedKey, note, func(m *mutant) {
			m.set(note, must(ledger.SignCheckpoint(m.t.Context(), must(ledger.ParseCheckpoint(m.get(note))), f.seal)))
		}},
		{"a seal by the key of heads, on record", bundle.UntrustedKey, "E-00001: the seal does not open", func(m *mutant) {
			old := evidence.Sum(m.get(seal1)).String()
			m.set(seal1, sealBy(f, f.log, f.items[0]))
			for _, name := range []string{tile0, tile1} {
				m.set(name, bytes.ReplaceAll(m.get(name), []byte(old), []byte(evidence.Sum(m.get(seal1)).String())))
			}
			m.set(note, headOf(m, agency, 1)) // a process that may use that key can append to the log, too
			m.replace(cover, f.root(), rootOf(m).String())
		}},
		{"other advice", bundle.Tampered, "VERIFY.txt", func(m *mutant) { m.replace("VERIFY.txt", "DO NOT rely", "You may rely") }},
		{"other bag information", bundle.Tampered, "bag-info.txt", func(m *mutant) { m.replace("bag-info.txt", "sealcase/test", "sealcase/tess") }},
		{"another form", bundle.Malformed, cover, func(m *mutant) { m.replace(cover, bundle.Format, "sealcase/bundle/v2") }},
		{"another case", bundle.Tampered, "case/case.json", func(m *mutant) { m.replace("case/case.json", "2026-0007", "2026-0008") }},
		{"another case number everywhere", bundle.Tampered, "the seal is of a case", func(m *mutant) {
			m.replace("case/case.json", "2026-0007", "2026-0008")
			m.replace(cover, "2026-0007", "2026-0008")
		}},
		{"another time of the zip", bundle.Malformed, "the header of this member", func(m *mutant) { m.at = evidence.At(m.at.Time().AddDate(0, 0, 1)) }},
		{"another directory", bundle.Malformed, "the directory of the bundle", func(m *mutant) { m.base = "evidence/" }},
		{"a file more", bundle.Malformed, "nothing in the bundle calls for it", func(m *mutant) {
			m.files = slices.Insert(m.files, 12, bundle.File{Name: "data/evidence/E-00001/planted.txt", Content: []byte("planted")})
		}},
		{"a fetch.txt", bundle.Malformed, "fetch.txt", func(m *mutant) { m.files = slices.Insert(m.files, 1, bundle.File{Name: "fetch.txt"}) }},
		{"no key", bundle.Malformed, "custody/keys.vkey", func(m *mutant) { m.set("custody/keys.vkey", nil) }},
		{"other keys", bundle.Incomplete, "custody/keys.vkey", func(m *mutant) {
			log, _ := signers("forger.example", 9)
			m.set("custody/keys.vkey", evidence.FormatVKeys(publicKeys(log)))
		}},
		{"a manifest in upper case", bundle.Tampered, "data/evidence", func(m *mutant) {
			m.set("manifest-sha256.txt", bytes.ToUpper(m.get("manifest-sha256.txt")))
		}},
		{"a manifest in another order", bundle.Tampered, "order of the members", func(m *mutant) {
			l := m.lines("manifest-sha256.txt")
			slices.Reverse(l)
			m.setLines("manifest-sha256.txt", slices.Collect(func(yield func([]byte) bool) {
				for _, line := range l {
					if !yield(append(bytes.TrimSuffix(line, []byte("\n")), '\n')) {
						return
					}
				}
			}))
		}},
	}
}

// sealBy returns a seal of an item by another key.
func sealBy(f *fixture, by evidence.Signer, it evidence.Item) []byte {
	return must(seal.Sign(context.Background(), by, seal.NewStatement(f.facts.Case, it, "Warrant 12/26", it.SealedAt)))[0]
}

// root returns the root that the golden checkpoint signs.
func (f *fixture) root() string {
	return must(ledger.ParseCheckpoint(f.facts.Checkpoint)).Root.String()
}

// rootOf returns the root of the entries as the mutant has them.
func rootOf(m *mutant) ledger.Hash {
	var tree ledger.Tree
	for _, name := range []string{tile0, tile1} {
		for _, line := range m.lines(name) {
			tree.Append(ledger.LeafHash(bytes.TrimSuffix(line, []byte("\n"))))
		}
	}
	return tree.Root()
}

// headOf returns a head over the mutant's entries by another's key.
func headOf(m *mutant, name string, seed byte) []byte {
	log, _ := signers(name, seed)
	cp := must(ledger.ParseCheckpoint(m.get(note)))
	cp.Root = rootOf(m)
	return must(ledger.SignCheckpoint(m.t.Context(), cp, log))
}

// TestForgeries recomputes the manifests after each change, so that only the
// log, the seals and the signatures can catch it.
func TestForgeries(t *testing.T) {
	f := golden()
	data, _ := f.write(t)
	good := takeApart(t, f, data)
	for _, forged := range forgeries(f) {
		t.Run(forged.name, func(t *testing.T) {
			t.Parallel()
			m := good.clone()
			m.t = t
			forged.change(m)
			if !strings.Contains(forged.name, "manifest") {
				m.fixManifests()
			}
			expect(t, f, m, forged.want, forged.words, nil)
		})
	}
}

// TestEntries edits, drops, doubles and swaps entries all over the log, with
// the manifests recomputed.
func TestEntries(t *testing.T) {
	f := golden()
	data, _ := f.write(t)
	good := takeApart(t, f, data)
	all := append(good.lines(tile0), good.lines(tile1)...)
	for i := range all {
		all[i] = append(bytes.TrimSuffix(all[i], []byte("\n")), '\n')
	}
	rewrite := func(t *testing.T, name string, lines [][]byte) {
		m := good.clone()
		m.setLines(tile0, lines[:min(256, len(lines))])
		m.setLines(tile1, lines[min(256, len(lines)):])
		t.Run(name, func(t *testing.T) { expect(t, f, m.fixManifests(), bundle.Tampered, "custody/entries", nil) })
	}
	for i := 0; i < len(all); i += 37 {
		for _, key := range []string{`"id":"entry-`, `"nonce":"`, `"at":"2026-03-`, `"name":"Erin `} {
			edited := slices.Clone(all)
			edited[i] = bytes.Clone(edited[i])
			at := bytes.Index(edited[i], []byte(key)) + len(key)
			edited[i][at] ^= 1 // mostly still well-formed
			rewrite(t, fmt.Sprintf("edit/%d/%s", i, key), edited)
		}
		rewrite(t, fmt.Sprintf("drop/%d", i), slices.Delete(slices.Clone(all), i, i+1))
		rewrite(t, fmt.Sprintf("double/%d", i), slices.Insert(slices.Clone(all), i, all[i]))
		swapped := slices.Clone(all)
		j := (i + 1) % len(all)
		swapped[i], swapped[j] = swapped[j], swapped[i]
		rewrite(t, fmt.Sprintf("swap/%d", i), swapped)
	}
	rewrite(t, "one more", append(slices.Clone(all), all[7]))
	rewrite(t, "none", nil)
	rewrite(t, "an empty line", slices.Insert(slices.Clone(all), 9, []byte("\n")))
	rewrite(t, "a space", slices.Replace(slices.Clone(all), 9, 10, append([]byte(" "), all[9]...)))
}

// TestProof changes what only a proof of disclosure covers, and the proof.
func TestProof(t *testing.T) {
	f := golden()
	data, s := f.write(t)
	good := takeApart(t, f, data)
	proof := f.prove(t, s)
	for _, forged := range []forgery{
		{"the title", bundle.Tampered, "another bundle than this", func(m *mutant) { m.replace("case/case.json", "Payroll intrusion", "Payroll mistake!!") }},
		{"the recipient", bundle.Tampered, "another bundle than this", func(m *mutant) { m.replace(cover, "Defence counsel", "Nobody whosoever") }},
		{"an exhibit turned into a withheld one", bundle.Tampered, "another bundle than this", func(m *mutant) {
			m.replace(list, `,"member":"`+file1+`"}`, `,"withheld":"Lost"}`)
			m.remove(file1)
			m.remove(seal1)
			m.replace(cover, `"items":5`, `"items":4`)
			m.replace(cover, `"withheld":2`, `"withheld":3`)
			m.replace(cover, `"bytes":7288`, `"bytes":7252`)
			m.replace("bag-info.txt", "7288.5", "7252.4")
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
		var b bytes.Buffer
		if err := bundle.WriteProof(&b, p); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
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
		{"another entry", change(func(p *bundle.Proof) { p.Entry = f.entries[5] }), bundle.Tampered},
		{"an entry that is edited", change(func(p *bundle.Proof) { p.Entry = bytes.Replace(p.Entry, []byte("Erin"), []byte("Evan"), 1) }), bundle.Tampered},
		{"an entry that is none", change(func(p *bundle.Proof) { p.Entry = []byte("{}") }), bundle.Tampered},
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
				if want := map[bool]bundle.Result{true: bundle.Failed, false: bundle.Passed}[check.Name == "disclosure"]; check.Result != want {
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
