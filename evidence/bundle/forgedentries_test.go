package bundle_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// decoded reads an entry and takes its signature off.
func decoded(raw []byte) (evidence.Entry, error) {
	var e evidence.Entry
	err := canon.Unmarshal(raw, &e)
	e.Signature = nil
	return e, err
}

// signedBy returns an entry signed by somebody, whoever acted.
func (f *fixture) signedBy(by evidence.Signer, e evidence.Entry) []byte {
	return must(attest.Sign(context.Background(), by, &e))[0]
}

// as returns a person as an entry names them.
func as(a evidence.Actor) evidence.EntryActor {
	return evidence.EntryActor{ID: a.ID, Name: a.Name, Roles: a.Roles, From: a.From, Client: a.Client}
}

// relog is a change of the log by somebody who has the agency's log key as well:
// the head is signed anew.
type relog struct {
	*mutant
	f     *fixture
	lines [][]byte
	head  evidence.Signer // that signs the head
}

// edit changes an entry and has it signed by somebody.
func (r *relog) edit(index int, by evidence.Signer, change func(e *evidence.Entry)) {
	e := must(decoded(r.lines[index]))
	change(&e)
	r.lines[index] = r.f.signedBy(by, e)
}

// withhold puts the leaf of an entry in its place, with the help of Pia, who asks
// for that.
func (r *relog) withhold(index int) {
	r.ask(func(e *evidence.Entry) {
		wish := must(act.ReadRequest(e.Details))
		wish.Entries = append(wish.Entries, act.Withholding{Numbers: evidence.RunsOf([]int{index}), Reason: "Confidential"})
		e.Details = act.Details(must(wish.Payload()))
	})
	r.hide(index, "Confidential")
}

// ask changes what Pia asks for.
func (r *relog) ask(change func(e *evidence.Entry)) {
	r.edit(len(r.lines)-1, r.f.people[r.f.lawyer.ID], change)
}

// hide puts the leaf of an entry in its place.
func (r *relog) hide(index int, reason string) {
	r.lines[index] = fmt.Appendf(nil, `{"leaf":"%s","reason":"%s"}`, ledger.LeafHash(r.lines[index]), reason)
}

// find returns the index of the first entry from an index on that holds a text.
func (r *relog) find(text string, from int) int {
	for i := from; i < len(r.lines); i++ {
		if bytes.Contains(r.lines[i], []byte(text)) {
			return i
		}
	}
	r.t.Fatalf("no entry holds %q", text)
	return -1
}

// relogged returns the mutant with the log changed and its head signed anew.
func relogged(t *testing.T, f *fixture, good *mutant, change func(r *relog)) *mutant {
	t.Helper()
	m := good.clone()
	m.t = t
	r := &relog{mutant: m, f: f, head: f.log}
	for _, line := range m.lines(tile0) {
		r.lines = append(r.lines, bytes.TrimSuffix(line, []byte("\n")))
	}
	change(r)
	m.set(tile0, append(bytes.Join(r.lines, []byte("\n")), '\n'))
	old := must(ledger.ParseCheckpoint(m.get(note))).Root.String()
	m.set(note, headBy(m, r.head))
	m.replace(cover, old, rootOf(m).String())
	m.replace(cover, fmt.Sprintf(`"log_size":%d,`, len(f.entries)), fmt.Sprintf(`"log_size":%d,`, len(r.lines)))
	withheld := strings.Count(string(m.get(tile0)), `{"leaf":`)
	m.replace(cover, fmt.Sprintf(`"withheld_entries":%d`, len(f.reasons)), fmt.Sprintf(`"withheld_entries":%d`, withheld))
	return m.fixManifests()
}

// TestForgedEntries has a forger who has the agency's log key, and so can put
// any log together: the signatures of entries, and what must be shown, catch it.
func TestForgedEntries(t *testing.T) {
	f := golden()
	data, _ := f.write(t)
	good := takeApart(t, f, data)
	erin, pia := f.people[f.actor.ID], f.people[f.lawyer.ID]
	none := func(*evidence.Entry) {}
	byErin := func(r *relog, index int) { r.edit(index, erin, func(e *evidence.Entry) { e.Actor = as(f.actor) }) }
	python := startPython(t)
	viewed := func(r *relog) int { return r.find(`"act":"viewed"`, 12) } // after the earlier disclosure
	for _, c := range []struct {
		name   string
		want   bundle.Outcome
		words  string
		change func(r *relog)
	}{
		{"an entry changed after signing", bundle.Tampered, "signature by agency.example/person/person-erin/v2+", func(r *relog) {
			i := viewed(r)
			r.lines[i] = bytes.Replace(r.lines[i], []byte("71 behind"), []byte("91 behind"), 1)
		}},
		{"an entry signed by another person", bundle.Tampered, "an act of person-erin is signed by person-pia", func(r *relog) { r.edit(viewed(r), pia, none) }},
		{"an entry signed by a key of the person's name", bundle.UntrustedKey, "which no roster before it names", func(r *relog) {
			r.edit(viewed(r), signer(agency+"/person/person-erin"), none)
		}},
		{"a person's act signed by the worker", bundle.UntrustedKey, "which no roster before it names", func(r *relog) { r.edit(viewed(r), f.worker, none) }},
		{"a person's act signed by the key of heads", bundle.UntrustedKey, "which no roster before it names", func(r *relog) { r.edit(viewed(r), f.log, none) }},
		{"an act of the machine signed by a person", bundle.UntrustedKey, "no trusted key of the worker", func(r *relog) { r.edit(r.find(`"act":"sealed"`, 12), erin, none) }},
		{"an act of the machine signed by another's worker", bundle.UntrustedKey, "no trusted key of the worker", func(r *relog) {
			r.edit(r.find(`"act":"quarantined"`, 0), signer(agency+"/worker"), none)
		}},
		{"an act that nobody signed", bundle.Malformed, "not signed", func(r *relog) {
			i := viewed(r)
			r.lines[i] = must(canon.Marshal(must(decoded(r.lines[i]))))
		}},
		{"a roster by a person", bundle.Tampered, "only the machine does that", func(r *relog) {
			r.edit(r.find(`"act":"roster"`, 1), erin, func(e *evidence.Entry) { e.Actor.Service, e.Actor.ID = false, f.actor.ID })
		}},
		{"an act of the machine in a person's name", bundle.Tampered, "an act of the machine stands in the name of person-erin", func(r *relog) {
			r.edit(viewed(r), f.worker, func(e *evidence.Entry) { e.Actor.Service = true })
		}},
		{"an act of a person in the machine's name", bundle.Tampered, "an act of a person stands in the name of the machine", func(r *relog) {
			r.edit(viewed(r), erin, func(e *evidence.Entry) { e.Actor.ID = "service:worker" })
		}},
		{"a sealing by a person", bundle.Tampered, `an act "sealed" stands in the name of a person`, func(r *relog) { byErin(r, r.find(`"act":"sealed"`, 12)) }},
		{"a quarantine by a person", bundle.Tampered, `an act "quarantined" stands in the name of a person`, func(r *relog) { byErin(r, r.find(`"act":"quarantined"`, 0)) }},
		{"a disclosure by a person", bundle.Tampered, `an act "disclosed" stands in the name of a person`, func(r *relog) { byErin(r, r.find(`"act":"disclosed"`, 0)) }},
		{"a roster that gives a person another key", bundle.Tampered, "which no earlier key of theirs introduced", func(r *relog) {
			r.edit(r.find(`"act":"roster"`, 1), f.worker, func(e *evidence.Entry) {
				forged := publicKeys(signer(agency + "/person/person-pia"))[0]
				e.Details = must(attest.WriteRoster([]attest.Listed{{ID: f.lawyer.ID, Name: "Pia", Keys: []string{forged.VKey()}}}, nil))
			})
		}},
		{"an introduction by another key", bundle.Tampered, "a key entry is not signed by agency.example/worker/v1", func(r *relog) {
			r.edit(r.find(`"new":"agency.example/worker/v2`, 0), f.worker, func(e *evidence.Entry) { e.Details["old_sig"] = e.Details["new_sig"] })
		}},
		{"an introduction of keys of different purposes", bundle.Malformed, "does not name an older and a newer version", func(r *relog) {
			r.edit(r.find(`"new":"agency.example/worker/v2`, 0), f.worker, func(e *evidence.Entry) { e.Details["old"] = publicKeys(f.log)[0].VKey() })
		}},
		{"the first roster withheld", bundle.UntrustedKey, "does not begin with a roster", func(r *relog) { r.withhold(0) }},
		{"the opening withheld", bundle.Tampered, "no entry records that the case was opened", func(r *relog) { r.withhold(1) }},
		{"the addition of a member withheld", bundle.Tampered, `the act "disclosure-requested" by person-pia at this place: not a member`, func(r *relog) { r.withhold(2) }},
		{"a transition withheld", bundle.Tampered, "the case is intake, not open any more", func(r *relog) {
			r.withhold(r.find(`"act":"transitioned"`, 0))
			r.then(f.actor, act.Transitioned{From: evidence.StateOpen, To: evidence.StateReferred, Version: 3})
		}},
		{"a receipt withheld", bundle.Tampered, "without having been received", func(r *relog) { r.withhold(3) }},
		{"a sealing withheld", bundle.Incomplete, "does not say that it was sealed", func(r *relog) { r.withhold(5) }},
		{"the introduction of the worker's key withheld", bundle.UntrustedKey, "no trusted key of the worker", func(r *relog) { r.withhold(r.find(`"new":"agency.example/worker/v2`, 0)) }},
		{"the introduction of a person's key withheld", bundle.Tampered, "which no earlier key of theirs introduced", func(r *relog) { r.withhold(r.find(`"new":"agency.example/person/person-erin/v2`, 0)) }},
		{"a roster withheld", bundle.UntrustedKey, "which no roster before it names", func(r *relog) { r.withhold(r.find(`"act":"roster"`, 1)) }},
		{"no reason", bundle.Tampered, "neither an entry nor a leaf", func(r *relog) {
			i := r.find(`{"leaf":`, 0)
			leaf, _, _ := bytes.Cut(r.lines[i], []byte(`,"reason"`))
			r.lines[i] = append(slices.Clone(leaf), `,"reason":""}`...)
		}},
		{"an entry of the register", bundle.Tampered, "belongs to another case", func(r *relog) {
			r.edit(viewed(r), erin, func(e *evidence.Entry) { e.Case = evidence.RegisterID() })
		}},
		{"a request for somebody else", bundle.Tampered, "asked for another bundle", func(r *relog) {
			r.edit(len(r.lines)-1, pia, func(e *evidence.Entry) { e.Details["recipient"] = "The press" })
		}},
		{"another size of an earlier disclosure", bundle.Tampered, "stands on", func(r *relog) {
			r.edit(r.find(`"act":"disclosed"`, 0), f.worker, func(e *evidence.Entry) { e.Details["log_size"] = "9" })
		}},
		{"the log before an earlier disclosure rewritten", bundle.Tampered, "does not continue", func(r *relog) {
			r.edit(9, erin, func(e *evidence.Entry) { e.Purpose = "Another purpose" })
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := relogged(t, f, good, c.change)
			expect(t, f, m, c.want, c.words, nil)
			python.agrees(t, f, m, c.want)
		})
	}
}

// TestForgedEarlier changes what is said of earlier disclosures.
func TestForgedEarlier(t *testing.T) {
	const name = "custody/earlier.jsonl"
	f := golden()
	data, _ := f.write(t)
	good := takeApart(t, f, data)
	line := func(note []byte, d evidence.DisclosureID, size int) []byte {
		return append(must(canon.Marshal(map[string]any{"checkpoint": string(note), "disclosure": string(d), "size": size})), '\n')
	}
	earlier := f.facts.Earlier[0]
	other := evidence.Derive[evidence.DisclosureID]("other")
	stranger := must(ledger.SignCheckpoint(t.Context(), must(ledger.ParseCheckpoint(earlier.Checkpoint)), signer(agency+"/log")))
	for _, c := range []forgery{
		{"dropped", bundle.Incomplete, "whose head of the log is not listed", func(m *mutant) {
			m.remove(name)
			m.replace(cover, `"earlier":1`, `"earlier":0`)
		}},
		{"dropped, the cover as it was", bundle.Incomplete, name, func(m *mutant) { m.remove(name) }},
		{"a head that is not of this log", bundle.Tampered, "does not continue", func(m *mutant) {
			m.set(name, line(f.head(f.facts.Case.ID, f.entries[1:13]), earlier.Disclosure, 12))
		}},
		{"a head by another key", bundle.UntrustedKey, "no trusted key signed", func(m *mutant) { m.set(name, line(stranger, earlier.Disclosure, 12)) }},
		{"a head of another case", bundle.Tampered, "of another log", func(m *mutant) { m.set(name, line(resigned(f), earlier.Disclosure, 3)) }},
		{"another size", bundle.Tampered, "another size than is said", func(m *mutant) { m.replace(name, `"size":12`, `"size":13`) }},
		{"more disclosures than the log can hide", bundle.Tampered, "only 4 entries are withheld", func(m *mutant) {
			text := m.get(name)
			for i := range 5 {
				text = append(text, line(f.head(f.facts.Case.ID, f.entries[:20+i]), evidence.Derive[evidence.DisclosureID](fmt.Sprint(i)), 20+i)...)
			}
			m.set(name, text)
			m.replace(cover, `"earlier":1`, `"earlier":6`)
		}},
		{"one more than announced", bundle.Tampered, "announces 1", func(m *mutant) {
			m.set(name, append(m.get(name), line(f.head(f.facts.Case.ID, f.entries[:20]), other, 20)...))
		}},
		{"twice", bundle.Malformed, "listed already", func(m *mutant) {
			m.set(name, append(m.get(name), m.get(name)...))
			m.replace(cover, `"earlier":1`, `"earlier":2`)
		}},
		{"out of order", bundle.Malformed, "not in its order", func(m *mutant) {
			m.set(name, append(line(f.head(f.facts.Case.ID, f.entries[:20]), other, 20), m.get(name)...))
			m.replace(cover, `"earlier":1`, `"earlier":2`)
		}},
		{"not a line", bundle.Malformed, name, func(m *mutant) { m.set(name, []byte("{}\n")) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := good.clone()
			m.t = t
			c.change(m)
			expect(t, f, m.fixManifests(), c.want, c.words, nil)
		})
	}
}
