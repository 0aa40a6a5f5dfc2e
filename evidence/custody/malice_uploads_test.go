package custody_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/exhibit"
	"github.com/sealcase/sealcase/evidence/intake"
)

// body returns the body of a document.
func (m *malice) body(collection, id string) string {
	m.t.Helper()
	for _, d := range m.documents(collection, id) {
		for _, e := range d {
			if e.Key == "body" && d[0].Value == id {
				return e.Value.(string)
			}
		}
	}
	m.t.Fatalf("there is no %s in %s", id, collection)
	return ""
}

func (m *malice) setBody(collection, id, body string) {
	m.t.Helper()
	m.set(collection, id, func(d map[string]any) { d["body"] = body })
}

// alter changes members of a document's JSON, and returns what puts it right again.
func (m *malice) alter(collection, id string, members map[string]any) (undo func()) {
	m.t.Helper()
	was := m.body(collection, id)
	var doc map[string]any
	m.check(json.Unmarshal([]byte(was), &doc))
	for name, value := range members {
		doc[name] = value
	}
	now, err := json.Marshal(doc)
	m.check(err)
	m.setBody(collection, id, string(now))
	return func() { m.setBody(collection, id, was) }
}

func (m *malice) setItem(it evidence.Item, members map[string]any) (undo func()) {
	m.t.Helper()
	return m.alter("items", fmt.Sprintf("%s/%08d/%04d", it.Case, it.Exhibit, it.Version), members)
}

// signsUpload signs the record of an upload as custody has people do it.
func (m *malice) signsUpload(signer evidence.Signer, stage string, id evidence.UploadID, digest evidence.Digest, members map[string]any) map[string]any {
	m.t.Helper()
	var doc map[string]any
	d := json.NewDecoder(strings.NewReader(m.body("uploads", string(id))))
	d.UseNumber()
	m.check(d.Decode(&doc))
	for name, value := range members {
		doc[name] = value
	}
	delete(doc, "signature")
	doc["sha256"] = digest.String()
	text, err := canon.Marshal(doc)
	m.check(err)
	signed, err := signer.Sign(m.t.Context(), fmt.Appendf(nil, "sealcase/upload/v1\n%s\n%s\n", stage, evidence.Sum(text)))
	m.check(err)
	return map[string]any{"key": signed[0].Key.ID(), "sig": signed[0].Bytes}
}

// sends begins an upload of the examiner's and sends its bytes.
func (m *malice) sends(in evidence.Intake, data []byte, declared evidence.Digest) evidence.Upload {
	m.t.Helper()
	u, err := m.running.CreateUpload(m.t.Context(), examiner, intake.UploadRequest{Intake: in.ID, Name: "ledger.xls", Path: "home", Length: int64(len(data)), Declared: declared})
	m.check(err)
	_, err = m.running.WriteUpload(m.t.Context(), examiner, u.ID, 0, bytes.NewReader(data))
	m.check(err)
	return u
}

// completes is the person who brings the file, by way of a process that has the
// upload from the registry.
func (m *malice) completes(u evidence.Upload, declared evidence.Digest) detector {
	return func() string {
		_, err := m.service().CompleteUpload(m.t.Context(), examiner, u.ID, declared)
		return said(err)
	}
}

// quarantines is the worker that found other bytes in storage.
func (m *malice) quarantines(it evidence.Item) detector {
	return func() string {
		_, err := m.running.Quarantine(m.t.Context(), worker, it, evidence.Sum(nil), 0)
		return said(err)
	}
}

// unmentioned fails where the log says anything of an item.
func (m *malice) unmentioned(id evidence.ItemID) {
	m.t.Helper()
	for _, e := range m.log(m.running, m.c.ID) {
		if e.Entry.Item == id {
			m.t.Errorf("%s of the item is in the log", e.Entry.Act)
		}
	}
}

// TestMaliceChangesAnUpload: what a person signed when they began an upload is
// not completed as anything else.
func TestMaliceChangesAnUpload(t *testing.T) {
	m := newMalice(t)
	in, other := m.openIntake(m.running, m.c), m.openIntake(m.running, m.c)
	data := []byte("of the second book")
	for _, declared := range []evidence.Digest{evidence.Sum(data), {}} {
		for name, value := range map[string]any{
			"name": "shopping.xls", "path": "away", "intake": other.ID, "length": 3, "modified_at": "2001-01-01T00:00:00.000Z", "created_at": "2001-01-01T00:00:00.000Z",
			"created_by": investigator.ID, "sha256": evidence.Sum([]byte("x")).String(), "part_size": 5<<20 + 1, "multipart": "x",
			"lock": map[string]any{"Until": "2001-01-01T00:00:00.000Z", "Hold": false}, "item": m.items[0].ID, "case": newID[evidence.CaseID](t),
			"object": m.items[0].Data, "id": newID[evidence.UploadID](t), "signature": nil,
		} {
			u := m.sends(in, data, declared)
			undo := m.alter("uploads", string(u.ID), map[string]any{name: value})
			if said := m.completes(u, evidence.Sum(data))(); !strings.HasPrefix(said, "tampered: ") {
				t.Errorf("another %s: %q", name, said)
			}
			wantCode(t, m.service().AbortUpload(t.Context(), examiner, u.ID), evidence.Tampered)
			m.unmentioned(u.Item)
			if undo(); m.completes(u, evidence.Sum(data))() != "" {
				t.Errorf("%s put right again, it cannot be completed", name)
			}
		}
	}
	u := m.sends(in, data, evidence.Sum(data))
	changed := map[string]any{"name": "shopping.xls"}
	changed["signature"] = m.signsUpload(m.config.Worker, "begun", u.ID, evidence.Sum(data), changed)
	m.alter("uploads", string(u.ID), changed)
	sees(t, "Change the record of an upload under way", map[string]detector{"whoever brings the file": m.completes(u, evidence.Sum(data)), "an audit": m.audits})
	m.unmentioned(u.Item)
}

// TestMalicePlantsTheItemOfAnUpload: the identifier of an item follows from that
// of its upload. What is planted under it is not what its person signs for.
func TestMalicePlantsTheItemOfAnUpload(t *testing.T) {
	m := newMalice(t)
	in := m.openIntake(m.running, m.c)
	u := m.sends(in, []byte("x"), evidence.Sum([]byte("x")))
	it := m.items[0]
	it.ID, it.Exhibit, it.Version, it.State, it.Intake, it.Seal, it.SealedAt = u.Item, 4, 1, evidence.ItemReceived, in.ID, evidence.ObjectRef{}, evidence.Instant{}
	it.Name, it.ReceivedAt, it.At = "planted.log", evidence.At(time.Now().Add(-2*time.Hour)), it.ReceivedAt
	_, err := m.registry.AddItem(t.Context(), it)
	m.check(err)
	sees(t, "Plant the item that an upload becomes", map[string]detector{
		"whoever brings the file": m.completes(u, evidence.Digest{}), "the worker that finds other bytes": m.quarantines(it), "an audit": m.audits,
	})
	m.unmentioned(it.ID)
}

// TestMaliceCompletesAnUpload: nobody hears that an upload is complete of which
// the log has no receipt.
func TestMaliceCompletesAnUpload(t *testing.T) {
	m := newMalice(t)
	u := m.sends(m.openIntake(m.running, m.c), []byte("x"), evidence.Digest{})
	steps := m.documents("upload_steps", string(u.ID))
	m.alter("upload_steps", steps[len(steps)-1][0].Value.(string), map[string]any{"outcome": "completed"})
	it := m.items[0]
	it.ID, it.Exhibit, it.Version, it.State = u.Item, 4, 1, evidence.ItemReceived
	_, err := m.registry.AddItem(t.Context(), it)
	m.check(err)
	sees(t, "Call an upload complete that is not", map[string]detector{"whoever brings the file": m.completes(u, evidence.Sum([]byte("x")))})
	m.unmentioned(u.Item)
}

// TestMaliceChangesACutOffUpload: where the receipt of an item was cut off the
// worker completes it as its person signed that they brought it, or not at all.
func TestMaliceChangesACutOffUpload(t *testing.T) {
	m := newMalice(t)
	in := m.openIntake(m.running, m.c)
	abandoned := m.sends(in, []byte("0123456789"), evidence.Digest{}) // never completed
	m.config.Registry = &crashing{Registry: m.registry, at: "item recorded"}
	if _, err := upload(t.Context(), m.service(), in, "left.log", []byte("left")); !errors.Is(err, errCrash) {
		t.Fatalf("got %v", err)
	}
	m.config.Registry = m.registry
	pending, _, err := m.running.PendingItems(t.Context(), worker, in.ID, 0, 10)
	m.check(err)
	it, id := pending[0], m.uploadOf(pending[0])
	step := m.lastStep(id)
	renamed := map[string]any{"name": "right.log"}
	both := func(signer evidence.Signer) func() {
		signature := m.signsUpload(signer, "begun", id, it.Digest, renamed)
		brought := m.signsUpload(signer, "brought", id, it.Digest, renamed)
		undo := []func(){m.setItem(it, renamed), m.alter("uploads", string(id), map[string]any{"name": "right.log", "signature": signature}), m.alter("upload_steps", step, map[string]any{"brought": brought})}
		return func() { undo[0](); undo[1](); undo[2]() }
	}
	forge := map[string]func() func(){
		"its digest": func() func() { return m.setItem(it, map[string]any{"sha256": evidence.Sum(nil).String(), "length": 0}) },
		"its time": func() func() {
			return m.setItem(it, map[string]any{"received_at": "2001-01-01T00:00:00.000Z", "at": "2001-01-01T00:00:00.000Z"})
		},
		"its number": func() func() { return m.setItem(it, map[string]any{"exhibit": 1}) },
		"its lock":   func() func() { return m.setItem(it, map[string]any{"locked_until": "2126-01-01T00:00:00.000Z"}) },
		"its place":  func() func() { return m.setItem(it, map[string]any{"data": m.items[0].Data}) },
		"its person": func() func() {
			return m.setItem(it, map[string]any{"received_by": investigator.ID, "custodian": investigator.ID})
		},
		"no signature":     func() func() { return m.alter("upload_steps", step, map[string]any{"brought": nil}) },
		"a made key":       func() func() { return both(madeFor(examiner.ID)) },
		"the worker's key": func() func() { return both(m.config.Worker) },
		"another person's": func() func() { return both(personKey(investigator.ID)) },
		"another's, and theirs": func() func() {
			return m.alter("upload_steps", step, map[string]any{"brought": m.signsUpload(personKey(examiner.ID), "begun", id, it.Digest, nil)})
		},
	}
	for name, attack := range forge {
		undo := attack()
		if _, err := m.running.SealItems(t.Context(), worker, []evidence.Item{it}); err != nil && name != "its number" {
			t.Errorf("%s: %v", name, err)
		}
		if said := m.quarantines(it)(); !strings.HasPrefix(said, "tampered: ") {
			t.Errorf("%s: %q", name, said)
		}
		m.unmentioned(it.ID)
		undo()
	}
	m.abandon(abandoned, it)
	undo := m.setItem(it, renamed)
	sees(t, "Change what an upload brought whose receipt was cut off", map[string]detector{"the worker that finds other bytes": m.quarantines(it)})
	undo()
	if sealed, err := m.running.SealItems(t.Context(), worker, []evidence.Item{it}); err != nil || sealed[0].State != evidence.ItemSealed {
		t.Errorf("put right again: %+v, %v", sealed, err)
	}
}

// abandon plants the item of an upload that was begun and not completed.
func (m *malice) abandon(u evidence.Upload, like evidence.Item) {
	m.t.Helper()
	it := like
	it.ID, it.Exhibit, it.Name, it.Path, it.Length, it.Digest, it.Data.Key = u.Item, 5, u.Name, u.Path, u.Length, evidence.Sum([]byte("0123456789")), string(u.Case)+"/"+string(u.Item)+"/data"
	_, err := m.registry.AddItem(m.t.Context(), it)
	m.check(err)
	m.alter("upload_steps", m.lastStep(u.ID), map[string]any{"stored": map[string]any{"Ref": it.Data, "Length": it.Length}})
	if said := m.quarantines(it)(); !strings.HasPrefix(said, "tampered: ") {
		m.t.Errorf("an upload that was not completed: %q", said)
	}
	m.unmentioned(it.ID)
}

// uploadOf returns the upload that an item came from.
func (m *malice) uploadOf(it evidence.Item) evidence.UploadID {
	m.t.Helper()
	for _, d := range m.documents("uploads", "") {
		if id := evidence.UploadID(d[0].Value.(string)); evidence.Derive[evidence.ItemID](string(id)) == it.ID {
			return id
		}
	}
	m.t.Fatal("no upload brought it")
	return ""
}

func (m *malice) lastStep(id evidence.UploadID) string {
	m.t.Helper()
	steps := m.documents("upload_steps", string(id))
	return steps[len(steps)-1][0].Value.(string)
}

// TestMaliceForgesAHash: the state of a hash is kept in the registry between
// requests. Bytes that are not those of which it is are received as what their
// person said they are, and never sealed.
func TestMaliceForgesAHash(t *testing.T) {
	m := newMalice(t)
	in := m.openIntake(m.running, m.c)
	data := randomBytes(6<<20, 9)
	u := m.sends(in, data, evidence.Digest{})
	var record struct {
		Object    evidence.ObjectRef
		Multipart string
	}
	m.check(json.Unmarshal([]byte(m.body("uploads", string(u.ID))), &record))
	other := randomBytes(1<<20, 8)
	part, err := m.objects.PutPart(t.Context(), record.Object, record.Multipart, 2, other)
	m.check(err)
	m.alter("upload_steps", m.lastStep(u.ID), map[string]any{"part": part})
	sees(t, "Store other bytes than those that were hashed", map[string]detector{
		"whoever brings the file": m.completes(u, evidence.Sum(data)),
		"the worker that reads it back": func() string {
			it, err := m.registry.Item(t.Context(), u.Item)
			m.check(err)
			digest, read, err := m.running.ReadBack(t.Context(), worker, it, nil)
			m.check(err)
			if digest == it.Digest {
				return ""
			}
			it, err = m.running.Quarantine(t.Context(), worker, it, digest, read)
			m.check(err)
			return string(it.State)
		},
	})

	// The hash and the bytes of somebody else's upload.
	mine, theirs := m.sends(in, []byte("mine"), evidence.Digest{}), m.sends(in, []byte("hers"), evidence.Digest{})
	m.setBody("upload_steps", m.lastStep(mine.ID), m.body("upload_steps", m.lastStep(theirs.ID)))
	sees(t, "Put the hash and the bytes of another upload in the place of one's own", map[string]detector{"whoever brings the file": m.completes(mine, evidence.Sum([]byte("mine")))})
	for _, e := range m.log(m.running, m.c.ID) {
		if e.Entry.Item == mine.Item {
			t.Errorf("%s of it is in the log", e.Entry.Act)
		}
	}
}

// TestMaliceChangesAnItem: the worker seals, and a person reads, what the receipt
// says and nothing else.
func TestMaliceChangesAnItem(t *testing.T) {
	m := newMalice(t)
	in := m.openIntake(m.running, m.c)
	it := m.bring(m.running, in, "d.log", []byte("d"))
	undo := m.setItem(it, map[string]any{"name": "e.log"})
	pending, _, err := m.running.PendingItems(t.Context(), worker, in.ID, 0, 10)
	m.check(err)
	sees(t, "Change an item before it is sealed", map[string]detector{
		"the worker that finds other bytes": m.quarantines(pending[0]), "whoever reads it": m.reads(it), "an audit": m.audits,
	})
	analysed := []exhibit.Analysis{{Item: pending[0], Tools: []evidence.Tool{{Name: "file", Version: "1"}}}, {Item: m.items[0], Tools: []evidence.Tool{{Name: "file", Version: "1"}}}}
	m.check(m.running.RecordAnalysis(t.Context(), worker, analysed))
	if acts := m.acts(m.running, m.c.ID); acts[evidence.ActAnalysed] != 1 || acts[evidence.ActQuarantined] != 0 {
		t.Errorf("acts %v", acts)
	}
	if sealed, err := m.running.SealItems(t.Context(), worker, pending); err != nil || sealed[0].State != evidence.ItemReceived {
		t.Errorf("sealed %+v, %v", sealed, err)
	}
	undo()
	if sealed := m.sealAll(m.running, in); sealed[0].State != evidence.ItemSealed || sealed[0].Name != "d.log" {
		t.Errorf("put right again: %+v", sealed)
	}
}

// TestMaliceChangesAnIntake: nothing is received on another authority than the one
// on which its intake was opened.
func TestMaliceChangesAnIntake(t *testing.T) {
	m := newMalice(t)
	in := m.openIntake(m.running, m.c)
	u := m.sends(in, []byte("x"), evidence.Sum([]byte("x")))
	m.bring(m.running, in, "d.log", []byte("d"))
	m.alter("intakes", string(in.ID), map[string]any{"authority": "consent of the owner"})
	sees(t, "Change the authority of an intake", map[string]detector{
		"whoever brings the file": m.completes(u, evidence.Digest{}),
		"the worker that seals": func() string {
			s := m.service()
			_, _, err := s.PendingItems(t.Context(), worker, in.ID, 0, 10)
			return said(err)
		},
		"an audit": m.audits,
	})
	m.unmentioned(u.Item)
	_, err := m.service().OpenIntake(t.Context(), examiner, intake.Request{ID: in.ID, Case: m.c.ID, Source: in.Source, Authority: in.Authority})
	wantCode(t, err, evidence.Conflict)
}
