package custody_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/intake"
)

// plant puts an entry that nobody signed at a place of the case's log, as one
// INSERT of the database's role does.
func (m *malice) plant(index int64, id evidence.EntryID, act evidence.Act, actor evidence.Actor) {
	m.t.Helper()
	e := m.entry(3).Entry
	e.ID, e.Act, e.Actor = id, act, evidence.EntryActor{ID: actor.ID, Name: actor.Name}
	e.Signature, e.Details = nil, nil
	m.plantEntry(index, e)
}

// plantEntry puts an entry at a place of the case's log.
func (m *malice) plantEntry(index int64, e evidence.Entry) {
	m.t.Helper()
	raw, err := canon.Marshal(e)
	m.check(err)
	_, err = m.db.Collection("entries").InsertOne(m.t.Context(), bson.D{
		{Key: "_id", Value: fmt.Sprintf("%s/%012d", m.c.ID, index)}, {Key: "part", Value: fmt.Sprintf("%s/%09d", m.c.ID, index/256)},
		{Key: "entry", Value: string(e.ID)}, {Key: "n", Value: index}, {Key: "raw", Value: raw},
	})
	m.check(err)
}

// TestMalicePlantsAReceipt: identifiers of entries can be foretold. An entry
// that is planted far behind the log under that of a receipt must not have the
// receipt taken for recorded.
func TestMalicePlantsAReceipt(t *testing.T) {
	m := newMalice(t)
	in := m.openIntake(m.running, m.c)
	u, err := m.running.CreateUpload(t.Context(), examiner, intake.UploadRequest{Intake: in.ID, Name: "exculpatory", Length: 1, Declared: evidence.Sum([]byte("x"))})
	m.check(err)
	_, err = m.running.WriteUpload(t.Context(), examiner, u.ID, 0, bytes.NewReader([]byte("x")))
	m.check(err)
	m.plant(900_000, evidence.DeriveEntryID("received", string(u.Item)), evidence.ActReceived, examiner)
	sees(t, "Plant an entry under the identifier of a receipt", map[string]detector{
		"whoever brings the file": func() string {
			_, err := m.running.CompleteUpload(t.Context(), examiner, u.ID, evidence.Digest{})
			return said(err)
		},
		"the worker that seals": func() string {
			pending, _, err := m.running.PendingItems(t.Context(), worker, in.ID, 0, 10)
			m.check(err)
			_, err = m.running.SealItems(t.Context(), worker, pending)
			return said(err)
		},
		"an audit": m.audits,
	})
	for _, e := range m.log(m.running, m.c.ID) {
		if e.Entry.Item == u.Item {
			t.Errorf("%s of the item is in the log", e.Entry.Act)
		}
	}
}

// TestMalicePlantsAnAct: what looks like a person's act at the end of the log is
// not shown, and no head is signed over it.
func TestMalicePlantsAnAct(t *testing.T) {
	m := newMalice(t)
	n := int64(len(m.log(m.running, m.c.ID)))
	m.plant(n, newID[evidence.EntryID](t), evidence.ActViewed, prosecutor)
	signs := func(s *process) detector {
		return func() string {
			_, err := s.Checkpoint(t.Context(), worker, m.c.ID)
			return said(err)
		}
	}
	detectors := m.theProcesses()
	detectors["the process that signs heads"] = signs(m.running)
	detectors["a new process that signs heads"] = signs(m.service())
	sees(t, "Plant an act of a person at the end of the log", detectors)
	note, err := m.registry.Checkpoint(t.Context(), m.c.ID, n+1)
	m.check(err)
	if note != nil {
		t.Errorf("a head was signed over it: %s", note)
	}
}

// TestMalicePlantsEvidence: an item that nobody uploaded is not received, let
// alone sealed, whatever the registry says; the audit reports it.
func TestMalicePlantsEvidence(t *testing.T) {
	m := newMalice(t)
	in := m.openIntake(m.running, m.c)
	it := m.items[0]
	it.ID, it.Exhibit, it.Version, it.State, it.Intake = newID[evidence.ItemID](t), 4, 1, evidence.ItemReceived, in.ID
	it.ReceivedBy, it.Custodian, it.Name = investigator.ID, investigator.ID, "planted.log"
	it.Seal, it.SealedAt = evidence.ObjectRef{}, evidence.Instant{}
	it.ReceivedAt = evidence.At(time.Now().Add(-2 * time.Hour))
	_, err := m.registry.AddItem(t.Context(), it) // what an INSERT does
	m.check(err)
	if digest, read, err := m.running.ReadBack(t.Context(), worker, it, nil); err != nil || !digest.IsZero() || read != 0 {
		t.Errorf("the bytes of another item were read: %s, %d, %v", digest, read, err)
	}
	if sealed, err := m.running.SealItems(t.Context(), worker, []evidence.Item{it}); err != nil || len(sealed) != 1 || sealed[0].State != evidence.ItemReceived {
		t.Errorf("sealed %+v, %v", sealed, err)
	}
	for _, e := range m.log(m.running, m.c.ID) {
		if e.Entry.Item == it.ID {
			t.Errorf("%s of the planted item is in the log", e.Entry.Act)
		}
	}
	sees(t, "Plant evidence", map[string]detector{
		"the worker that finds other bytes": func() string {
			_, err := m.running.Quarantine(t.Context(), worker, it, evidence.Sum(nil), 0)
			return said(err)
		},
		"an audit": m.audits,
	})
}

// TestMaliceGivesAnotherName: the roster that gives a person their key names them
// as whoever made them a member signed it, not as the registry has it.
func TestMaliceGivesAnotherName(t *testing.T) {
	m := newMalice(t, func(m *malice) { m.people.set(prosecutor.ID, nil) }) // who has no key yet
	m.people.set(prosecutor.ID, personKey(prosecutor.ID))
	for _, d := range m.documents("members", "") {
		if strings.Contains(fmt.Sprint(d), string(prosecutor.ID)+"\"") && strings.Contains(fmt.Sprint(d), prosecutor.Name) {
			m.rewriteBody("members", d[0].Value.(string), prosecutor.Name, "Judge Dredd")
		}
	}
	s := m.service()
	_, err := m.apiService(s).RequestDisclosure(t.Context(), prosecutor, disclosureOf(t, m.c))
	m.check(err)
	named := false
	for _, e := range m.log(s, m.c.ID) {
		if e.Entry.Act == evidence.ActRoster {
			named = named || strings.Contains(e.Entry.Details[attest.DetailPeople], prosecutor.Name)
			if strings.Contains(e.Entry.Details[attest.DetailPeople], "Dredd") {
				t.Errorf("entry %d says %s", e.Index, e.Entry.Details[attest.DetailPeople])
			}
		}
	}
	if !named {
		t.Error("no roster names the prosecutor")
	}
	m.mirrored(s)
	sees(t, "Give a person another name", map[string]detector{"an audit": m.audits})
}
