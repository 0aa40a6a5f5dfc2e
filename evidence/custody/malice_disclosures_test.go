package custody_test

import (
	"encoding/json"
	"fmt"
	"iter"
	"testing"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/disclose"
)

// redirect rewrites the registry's newest record of a disclosure.
func (m *malice) redirect(d evidence.Disclosure, change func(d *evidence.Disclosure)) {
	m.t.Helper()
	id := fmt.Sprintf("%s/%04d", d.ID, d.Version)
	change(&d)
	body, err := json.Marshal(d)
	m.check(err)
	done, err := m.db.Collection("disclosures").UpdateOne(m.t.Context(),
		bson.D{{Key: "_id", Value: id}}, bson.D{{Key: "$set", Value: bson.D{{Key: "body", Value: string(body)}}}})
	m.check(err)
	if done.ModifiedCount != 1 {
		m.t.Fatalf("%d records of %s were changed", done.ModifiedCount, id)
	}
}

// makes is whoever makes the bundle after the attack.
func (m *malice) makes(id evidence.DisclosureID) detector {
	return func() string {
		s := m.service()
		if _, err := s.WriteBundle(m.t.Context(), worker, id, nil); err != nil {
			return said(err)
		}
		_, err := s.FinishDisclosure(m.t.Context(), worker, id)
		return said(err)
	}
}

// asks has the prosecutor ask for a bundle from which nothing is left out.
func (m *malice) asks() evidence.Disclosure {
	m.t.Helper()
	d, err := m.running.RequestDisclosure(m.t.Context(), prosecutor, disclosureOf(m.t, m.c))
	m.check(err)
	m.mirrored(m.running)
	return d
}

// TestMaliceChangesABundle: before the bundle is written, and before it goes on
// record.
func TestMaliceChangesABundle(t *testing.T) {
	m := newMalice(t)
	exhibit := func(d *evidence.Disclosure) {
		d.Withheld, d.Items = []evidence.Withheld{{Item: m.items[1].ID, Reason: "privileged"}}, d.Items-1
	}
	entry := func(d *evidence.Disclosure) { d.Entries = []evidence.WithheldEntry{{Index: 3, Reason: "an informant"}} }
	for looks := range m.changed(exhibit) {
		sees(t, "Withhold an exhibit that nobody asked to withhold", looks)
	}
	for looks := range m.changed(entry) {
		sees(t, "Withhold an entry that nobody asked to withhold", looks)
	}
	for looks := range m.changed(func(d *evidence.Disclosure) { d.Items-- }) {
		sees(t, "Leave the last exhibit out", looks)
	}
	for looks := range m.changed(func(d *evidence.Disclosure) { d.Recipient = "The press" }) {
		sees(t, "Give a bundle to another recipient", looks)
	}
	for looks := range m.changed(func(d *evidence.Disclosure) { d.By = investigator.ID }) {
		sees(t, "Have a bundle asked for by another person", looks)
	}
	for looks := range m.changed(func(d *evidence.Disclosure) { d.Title, d.Purpose = "Other", "Other" }) {
		sees(t, "Change what a bundle is for", looks)
	}
}

// changed changes the record of a bundle that was asked for before it is written,
// and before it goes on record, and yields who looks then.
func (m *malice) changed(change func(d *evidence.Disclosure)) iter.Seq[map[string]detector] {
	return func(yield func(map[string]detector) bool) {
		restore := func(d *evidence.Disclosure) { d.Failure = "put right" }
		d := m.asks()
		looks := map[string]detector{"whoever makes the bundle": m.makes(d.ID), "an audit": m.audits}
		m.redirect(d, change)
		if !yield(looks) {
			return
		}
		m.redirect(d, restore)
		d, err := m.service().WriteBundle(m.t.Context(), worker, d.ID, nil)
		m.check(err)
		m.redirect(d, change)
		if !yield(looks) {
			return
		}
		m.redirect(d, restore)
		_, err = m.service().FinishDisclosure(m.t.Context(), worker, d.ID)
		m.check(err)
	}
}

// TestMaliceKeepsAnEntryBack: who withholds an exhibit signs which entries are
// about it.
func TestMaliceKeepsAnEntryBack(t *testing.T) {
	m := newMalice(t)
	r := disclosureOf(t, m.c)
	r.Withheld = []evidence.Withheld{{Item: m.items[1].ID, Reason: "privileged"}}
	received := m.actAbout(evidence.ActReceived, m.items[1].ID)
	m.set("entries", fmt.Sprintf("%s/%012d", m.c.ID, received), func(d map[string]any) { d["item"] = string(m.items[0].ID) })
	d, err := m.running.RequestDisclosure(t.Context(), prosecutor, r)
	m.check(err)
	m.mirrored(m.running)
	sees(t, "Keep an entry back when an exhibit is withheld", map[string]detector{"whoever makes the bundle": m.makes(d.ID), "an audit": m.audits})
}

// actAbout returns the index of an act on an item.
func (m *malice) actAbout(act evidence.Act, it evidence.ItemID) int64 {
	m.t.Helper()
	for i := range m.documents("entries", string(m.c.ID)) {
		if e := m.entry(int64(i)).Entry; e.Act == act && e.Item == it {
			return int64(i)
		}
	}
	m.t.Fatalf("nobody %s %s", act, it)
	return -1
}

// TestMaliceMovesAHead: what came in before the request is in the bundle, what
// came in after it is not.
func TestMaliceMovesAHead(t *testing.T) {
	m := newMalice(t)
	small := m.asks()
	in := m.openIntake(m.running, m.c)
	m.bring(m.running, in, "exculpatory", []byte("x"))
	m.sealAll(m.running, in)
	d := m.asks()
	m.redirect(d, func(d *evidence.Disclosure) { d.LogSize, d.Items = small.LogSize, small.Items })
	sees(t, "Let a bundle end before the last exhibits", map[string]detector{"whoever makes the bundle": m.makes(d.ID), "an audit": m.audits})
	m.redirect(d, func(was *evidence.Disclosure) { was.Failure = "put right" })
	m.redirect(small, func(was *evidence.Disclosure) { was.LogSize, was.Items = d.LogSize, d.Items })
	sees(t, "Put exhibits into a bundle that came in later", map[string]detector{"whoever makes the bundle": m.makes(small.ID), "an audit": m.audits})
}

// TestRequestOfAnotherTime: a request that is on record with fewer exhibits than
// there are by now is not answered.
func TestRequestOfAnotherTime(t *testing.T) {
	m := newMalice(t)
	r := disclosureOf(t, m.c)
	d, err := m.running.RequestDisclosure(t.Context(), prosecutor, r)
	m.check(err)
	m.forget("disclosures", m.documents("disclosures", string(d.ID)))
	again, err := m.service().RequestDisclosure(t.Context(), prosecutor, r)
	m.check(err)
	if again.Items != d.Items {
		t.Errorf("%d items, want %d", again.Items, d.Items)
	}
	m.forget("disclosures", m.documents("disclosures", string(d.ID)))
	in := m.openIntake(m.running, m.c)
	m.bring(m.running, in, "later", []byte("x"))
	m.sealAll(m.running, in)
	_, err = m.service().RequestDisclosure(t.Context(), prosecutor, r)
	wantCode(t, err, evidence.Conflict)

	request, err := m.registry.Entry(t.Context(), evidence.DeriveEntryID(string(evidence.ActRequested), string(d.ID)))
	m.check(err)
	r = disclosureOf(t, m.c)
	r.Entries = []disclose.WithholdEntry{{Index: &request.Index, Reason: "x"}}
	_, err = m.service().RequestDisclosure(t.Context(), prosecutor, r)
	wantCode(t, err, evidence.Invalid)
}
