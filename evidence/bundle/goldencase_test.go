package bundle_test

import (
	"bytes"
	"context"
	"fmt"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
)

// golden returns a case with everything that a bundle can show, in as few
// entries as that takes.
func golden() *fixture {
	f := newFixture(1)
	notes := []byte("# Plan\n1. enumerate the payroll API\n")
	both := f.sealItems(f.receive("notes of the agent.md", int64(len(notes)), evidence.Sum(notes)), f.receive("empty.log", 0, evidence.Sum(nil)))
	f.discloseItem(both[0], notes)
	f.discloseItem(both[1], nil)
	f.disclose("../../etc/pass\x00wd\r\n=cmd|'/c calc'!A1.\u202Etxt", []byte("hostile name"))
	f.view(0, "Examination, page 1")
	f.transition(f.actor, evidence.StateOpen)
	f.discloseEarlier("For the grand jury")
	f.rotate() // every key of the agency; the reader has the old ones
	f.disclose("caf\xe9.eml", bytes.Repeat([]byte("From: a@example.org\n"), 30))
	f.hide("client-list.xlsx", []byte("names"), 1, "Privileged: attorney-client")
	f.quarantine("disk.img", []byte("the image"), "Quarantined: stored bytes differ from those received")
	f.rotatePerson()
	late := f.entry(evidence.ActViewed)
	late.AboutItem(f.items[0])
	late.At = evidence.At(f.now.Add(-70e9))
	late.Details = map[string]string{"clock": "71 behind entry 17"}
	f.append(late)
	f.view(0, "Meeting with an informant")
	f.withholdLast(1, "Identity of an informant")
	f.disclose("session.jsonl", bytes.Repeat([]byte(`{"tool":"bash","input":"curl"}`+"\n"), 4))
	f.facts.Page = []byte("<!doctype html>\n<title>A page that checks bundles</title>\n")
	return f.close()
}

// view has Erin look at a disclosed item.
func (f *fixture) view(item int, purpose string) {
	v := f.entry(evidence.ActViewed)
	v.AboutItem(f.items[item])
	v.Purpose = purpose
	f.append(v)
}

// rotatePerson begins a version of Erin's key, which she introduces herself,
// with the old one: no roster names the new one yet.
func (f *fixture) rotatePerson() {
	k := f.people[f.actor.ID]
	k.Rotate()
	e := f.entry(evidence.ActKey)
	e.Details = introduction(k)
	old := attest.OfVersion(k, publicKeys(k)[0])
	f.entries = append(f.entries, must(attest.Sign(context.Background(), old, &e))...)
	f.roster()
}

// long returns a case whose log has more than one member.
func long() *fixture {
	f := newFixture(3)
	f.disclose("a.txt", []byte("a"))
	for len(f.entries) < 299 {
		f.view(0, fmt.Sprintf("Examination, page %d", len(f.entries)))
	}
	return f.close()
}

// small returns a case with as little as a bundle can have and still be one.
func small() *fixture {
	f := newFixture(2)
	f.disclose("a.txt", []byte("a"))
	f.disclose("b.txt", nil)
	return f.close()
}
