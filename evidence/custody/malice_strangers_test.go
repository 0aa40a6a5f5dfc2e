package custody_test

import (
	"bytes"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/intake"
)

// putThere puts an object where the administrator likes, locked and held as ours
// are.
func (m *malice) putThere(bucket, key, body string) evidence.ObjectRef {
	m.t.Helper()
	info, err := m.s3.PutObject(m.t.Context(), bucket, key, bytes.NewReader([]byte(body)), int64(len(body)), minio.PutObjectOptions{
		Mode: minio.Compliance, RetainUntilDate: time.Now().Add(time.Hour), LegalHold: minio.LegalHoldEnabled,
	})
	m.check(err)
	return evidence.ObjectRef{Bucket: bucket, Key: key, Version: info.VersionID}
}

// vouches puts an entry into the database, in the log of a case that nobody opened,
// which names an object.
func (m *malice) vouches(it evidence.ItemID, ref evidence.ObjectRef) {
	m.t.Helper()
	e := m.entry(3).Entry
	e.ID, e.Case, e.Act, e.Item = newID[evidence.EntryID](m.t), newID[evidence.CaseID](m.t), evidence.ActReceived, it
	e.Details = map[string]string{"bucket": ref.Bucket, "object": ref.Key, "object_version": ref.Version}
	raw, err := canon.Marshal(e)
	m.check(err)
	_, err = m.registry.AddEntries(m.t.Context(), e.Case, []evidence.LogEntry{{Entry: e, Raw: raw}})
	m.check(err)
}

func TestMalicePutsObjectsIntoACase(t *testing.T) {
	m := newMalice(t)
	b := m.objects.Buckets()
	it := newID[evidence.ItemID](t)
	m.vouches(it, m.putThere(b.Evidence, string(m.c.ID)+"/"+string(it)+"/data", "exculpatory"))
	m.putThere(b.Bundles, "cases/"+string(m.c.ID)+"/"+string(newID[evidence.DisclosureID](t))+"/bundle.zip", "PK")
	sees(t, "Put objects into the folders of a case", map[string]detector{
		"whoever reads the exhibits": m.reads(m.items[0]), "an audit at once": m.audits, "an audit an hour later": m.auditsLater,
	})
}

// TestMalicePutsAVersionBelow: what is put under the key of an item before its
// bytes come is not the newest version, and so covers nothing.
func TestMalicePutsAVersionBelow(t *testing.T) {
	m := newMalice(t)
	in := m.openIntake(m.running, m.c)
	data := []byte("what was seized")
	u, err := m.running.CreateUpload(t.Context(), examiner, intake.UploadRequest{Intake: in.ID, Name: "d.log", Length: int64(len(data)), Declared: evidence.Sum(data)})
	m.check(err)
	m.putThere(m.objects.Buckets().Evidence, string(m.c.ID)+"/"+string(u.Item)+"/data", "what was not")
	_, err = m.running.WriteUpload(t.Context(), examiner, u.ID, 0, bytes.NewReader(data))
	m.check(err)
	it, err := m.running.CompleteUpload(t.Context(), examiner, u.ID, evidence.Digest{})
	m.check(err)
	m.sealAll(m.running, in)
	sees(t, "Put another version below an item", map[string]detector{
		"whoever reads it": m.reads(it), "a verification": m.verifies(it.ID), "an audit": m.auditsLater,
	})
}

func TestMalicePutsObjectsOutsideOfCases(t *testing.T) {
	m := newMalice(t)
	b := m.objects.Buckets()
	m.putThere(b.Evidence, "case-that-nobody-opened/data", "x")
	m.putThere(b.Evidence, string(evidence.RegisterID())+"/data", "x")
	m.putThere(b.Evidence, "loose", "x")
	m.putThere(b.Bundles, "bundle.zip", "x")
	m.putThere(b.Bundles, "cases/loose.zip", "x")
	m.putThere(b.Ledger, "logs/loose", "x")
	m.putThere(b.Ledger, "manifests/x.json", "x")
	sees(t, "Put objects into the buckets that belong to no case", map[string]detector{"an audit at once": m.audits, "an audit an hour later": m.auditsLater})
}

// TestUploadUnderWay: the bytes of an upload that is not completed are in storage
// before their receipt is on record; the audit gives it its time.
func TestUploadUnderWay(t *testing.T) {
	m := newMalice(t)
	in := m.openIntake(m.running, m.c)
	u, err := m.running.CreateUpload(t.Context(), examiner, intake.UploadRequest{Intake: in.ID, Name: "d.log", Length: 1, Declared: evidence.Sum([]byte("x"))})
	m.check(err)
	_, err = m.running.WriteUpload(t.Context(), examiner, u.ID, 0, bytes.NewReader([]byte("x")))
	m.check(err)
	if said := m.audits(); said != "" {
		t.Errorf("at once: %q", said)
	}
	if said := m.auditsLater(); !saysIt(said, "object: …"+string(u.Item)+"/data…it was cut off before it was on record") {
		t.Errorf("later: %q", said)
	}
	_, err = m.running.CompleteUpload(t.Context(), examiner, u.ID, evidence.Digest{})
	m.check(err)
	if said := m.auditsLater(); said != "" {
		t.Errorf("when it is complete: %q", said)
	}
}
