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
	none  = "data/none.txt"
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
			for _, name := range []string{list, tile0} {
				m.set(name, bytes.ReplaceAll(m.get(name), []byte(old), []byte(evidence.Sum(m.get(file1)).String())))
			}
		}},
		{"a name in the list", bundle.Tampered, "E-00001: the log has it as", func(m *mutant) { m.replace(list, `"notes of the agent.md"`, `"notes_of_the_agent.md"`) }},
		{"a time in the list", bundle.Tampered, "E-00001: the seal says otherwise", func(m *mutant) { m.replace(list, `"received_at":"2026`, `"received_at":"2025`) }},
		{"a withheld line of the list dropped", bundle.Incomplete, "the exhibits between 4 and 6", func(m *mutant) {
			m.setLines(list, slices.Delete(m.lines(list), 4, 5))
			m.replace(cover, `"withheld":2`, `"withheld":1`)
		}},
		{"a quarantined line of the list dropped", bundle.Incomplete, "E-00006: the log says that it was received", func(m *mutant) {
			m.setLines(list, slices.Delete(m.lines(list), 5, 6))
			m.replace(cover, `"withheld":2`, `"withheld":1`)
		}},
		{"an exhibit listed as withheld whose entries are shown", bundle.Tampered, "one of them is shown", func(m *mutant) {
			l := m.lines(list)
			l[5] = []byte(`{"exhibit":6,"id":"` + string(f.facts.Withheld[1].Item.ID) + `","withheld":"Lost"}` + "\n")
			m.setLines(list, l)
		}},
		{"a sealed exhibit listed as quarantined", bundle.Tampered, "listed as quarantined", func(m *mutant) {
			l := m.lines(list)
			l[1] = bytes.Replace(l[1], []byte(`"member":"data/evidence/E-00002/empty.log"`), []byte(`"withheld":"Lost"`), 1)
			l[1] = bytes.Replace(l[1], []byte(`"state":"sealed"`), []byte(`"state":"quarantined"`), 1)
			m.setLines(list, l)
		}},
		{"more withheld exhibits than withheld entries", bundle.Tampered, "only 4 entries are withheld", func(m *mutant) {
			l := m.lines(list)
			for n := 8; n < 12; n++ {
				l = append(l, fmt.Appendf(nil, `{"exhibit":%d,"id":"%s","withheld":"Lost"}`+"\n", n, evidence.Derive[evidence.ItemID](fmt.Sprint(n))))
			}
			l[6] = append(l[6], '\n')
			m.setLines(list, l)
			m.replace(cover, `"withheld":2`, `"withheld":6`)
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
		{"no reason for withholding", bundle.Malformed, "neither an item nor the number", func(m *mutant) { m.replace(list, `,"withheld":"Privileged: attorney-client"`, "") }},
		{"a seal of another exhibit", bundle.Tampered, "E-00001: the seal says otherwise", func(m *mutant) { m.set(seal1, m.get(seal4)) }},
		{"a seal by another key", bundle.Tampered, "E-00001: the seal does not open", func(m *mutant) {
			m.set(seal1, sealBy(f, signer("forger.example/seal"), f.items[0]))
		}},
		{"a seal by a key of the same name", bundle.Tampered, "E-00001: the seal does not open", func(m *mutant) {
			m.set(seal1, sealBy(f, signer(agency+"/seal"), f.items[0]))
		}},
		{"a seal that is not one", bundle.Tampered, "E-00001: the seal does not open", func(m *mutant) { m.set(seal1, []byte("{}")) }},
		{"an empty seal", bundle.Tampered, "E-00001: the seal does not open", func(m *mutant) { m.set(seal1, nil) }},
		{"a signature of another seal", bundle.Tampered, "E-00001: the seal does not open", func(m *mutant) {
			sig := func(s []byte) string { _, after, _ := strings.Cut(string(s), `"sig":"`); return after[:86] }
			m.replace(seal1, sig(m.get(seal1)), sig(m.get(seal4)))
		}},
		{"a head by another key", bundle.UntrustedKey, note, func(m *mutant) { m.set(note, headBy(m, signer("forger.example/log"))) }},
		{"a head by a key of the same name", bundle.UntrustedKey, note, func(m *mutant) { m.set(note, headBy(m, signer(agency+"/log"))) }},
		{"a head of another size", bundle.Tampered, note, func(m *mutant) { m.replace(note, "\n30\n", "\n29\n") }},
		{"an unsigned head", bundle.Malformed, note, func(m *mutant) {
			text, _, _ := strings.Cut(string(m.get(note)), "\n\n")
			m.set(note, []byte(text+"\n\n"))
		}},
		{"the log rewritten and signed by another key", bundle.Tampered, note, func(m *mutant) {
			m.replace(tile0, "Examination, page 1", "Examination, page 2") // the signature of the entry shows it
			m.set(note, headBy(m, signer(agency+"/log")))
			m.replace(cover, f.rootHash(), rootOf(m).String())
		}},
		{"a head by the key of seals", bundle.UntrustedKey, note, func(m *mutant) {
			m.set(note, must(ledger.SignCheckpoint(m.t.Context(), must(ledger.ParseCheckpoint(m.get(note))), f.seal)))
		}},
		{"a seal by the key of heads", bundle.Tampered, "the seal does not open: the seal is signed by", func(m *mutant) { m.set(seal1, sealBy(f, f.log, f.items[0])) }},
		{"other advice", bundle.Tampered, "VERIFY.txt", func(m *mutant) { m.replace("VERIFY.txt", "DO NOT rely", "You may rely") }},
		{"other bag information", bundle.Tampered, "bag-info.txt", func(m *mutant) { m.replace("bag-info.txt", "sealcase/test", "sealcase/tess") }},
		{"another form", bundle.Malformed, cover, func(m *mutant) { m.replace(cover, bundle.Format, "sealcase/bundle/v1") }},
		{"another case", bundle.Tampered, "case/case.json", func(m *mutant) { m.replace("case/case.json", "2026-0007", "2026-0008") }},
		{"another case number everywhere", bundle.Tampered, "the log has the case's number as", func(m *mutant) {
			m.replace("case/case.json", "2026-0007", "2026-0008")
			m.replace(cover, "2026-0007", "2026-0008")
		}},
		{"another time of the zip", bundle.Malformed, "the header of this member", func(m *mutant) { m.at = evidence.At(m.at.Time().AddDate(0, 0, 1)) }},
		{"another directory", bundle.Malformed, "the directory of the bundle", func(m *mutant) { m.base = "evidence/" }},
		{"a file more", bundle.Malformed, "nothing in the bundle calls for it", func(m *mutant) {
			m.files = slices.Insert(m.files, 14, bundle.File{Name: "data/evidence/E-00001/planted.txt", Content: []byte("planted")})
		}},
		{"a file more, and no list", bundle.Incomplete, "it should be in the bundle and is missing", func(m *mutant) {
			m.files = slices.Insert(m.files, 14, bundle.File{Name: "data/planted.txt", Content: []byte("planted")})
			m.remove(list)
		}},
		{"a file less, and two exchanged", bundle.Malformed, "not in their order", func(m *mutant) {
			m.remove("custody/keys.vkey")
			i := m.index(tile0)
			m.files[i-1], m.files[i] = m.files[i], m.files[i-1]
		}},
		{"other advice, and a cover that cannot be read", bundle.Tampered, "VERIFY.txt", func(m *mutant) {
			m.replace("VERIFY.txt", "DO NOT rely", "You may rely")
			m.replace(cover, `"generator":"sealcase/test"`, `"generator":""`)
		}},
		{"that nothing is disclosed", bundle.Malformed, "data/none.txt", func(m *mutant) {
			m.files = slices.Insert(m.files, m.index("manifest-sha256.txt"), bundle.File{Name: none, Content: []byte("nothing")})
		}},
		{"a fetch.txt", bundle.Malformed, "fetch.txt", func(m *mutant) { m.files = slices.Insert(m.files, 1, bundle.File{Name: "fetch.txt"}) }},
		{"no key", bundle.Malformed, "custody/keys.vkey", func(m *mutant) { m.set("custody/keys.vkey", nil) }},
		{"other keys", bundle.Incomplete, "custody/keys.vkey", func(m *mutant) {
			m.set("custody/keys.vkey", evidence.FormatVKeys(publicKeys(signer("forger.example/log"))))
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

// rootHash returns the root of the tree that the golden checkpoint signs.
func (f *fixture) rootHash() string {
	return must(ledger.ParseCheckpoint(f.facts.Checkpoint)).Root.String()
}

// signer returns somebody else's key, under a name.
func signer(name string) evidence.Signer { return ledger.NewLocalKey(name, [32]byte{9, 9}) }

// rootOf returns the root of the log as the mutant has it.
func rootOf(m *mutant) ledger.Hash {
	var tree ledger.Tree
	for _, line := range m.lines(tile0) {
		line = bytes.TrimSuffix(line, []byte("\n"))
		if hash, ok := bytes.CutPrefix(line, []byte(`{"leaf":"`)); ok {
			tree.Append(must(ledger.ParseHash(string(hash[:64]))))
		} else {
			tree.Append(ledger.LeafHash(line))
		}
	}
	return tree.Root()
}

// headBy returns a head over the mutant's entries by another's key.
func headBy(m *mutant, by evidence.Signer) []byte {
	cp := must(ledger.ParseCheckpoint(m.get(note)))
	cp.Root, cp.Size = rootOf(m), int64(len(m.lines(tile0)))
	return must(ledger.SignCheckpoint(m.t.Context(), cp, by))
}

// TestForgeries recomputes the manifests after each change, so that only the
// log, the seals and the signatures can catch it.
func TestForgeries(t *testing.T) {
	f := golden()
	data, _ := f.write(t)
	good := takeApart(t, f, data)
	python := startPython(t)
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
			python.agrees(t, f, m, forged.want)
		})
	}
}
