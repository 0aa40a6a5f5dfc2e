package custody_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/minio/minio-go/v7"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/mirror"
)

// readsTheMirror is somebody who reads what is mirrored of the case's log, with
// the agency's keys, and says what is odd about it.
func (m *malice) readsTheMirror() string {
	var all []string
	trust := mirror.Trust{Origin: ledger.CaseOrigin(origin, m.c.ID), By: attest.NewTrust(origin, m.agencyKeys())}
	log := m.mirror.Log(m.c.ID, func(o mirror.Oddity) { all = append(all, o.Key+": "+o.What) })
	for _, err := range log.Read(m.t.Context(), trust, func(mirror.Head) error { return nil }) {
		if err != nil {
			all = append(all, said(err))
		}
	}
	return strings.Join(all, "; ")
}

// mirrorAgain writes over the mirror what the database now says.
func (m *malice) mirrorAgain() {
	m.t.Helper()
	var raw [][]byte
	for range m.documents("entries", string(m.c.ID)) {
		raw = append(raw, m.entry(int64(len(raw))).Raw)
	}
	m.check(m.mirror.AddEntries(m.t.Context(), m.c.ID, 0, raw))
	note, err := m.registry.Checkpoint(m.t.Context(), m.c.ID, int64(len(raw)))
	m.check(err)
	m.check(m.mirror.AddCheckpoint(m.t.Context(), m.c.ID, int64(len(raw)), note))
}

// lengthen copies the last entry of the log behind it, so that the rewritten log
// is longer than the one that was mirrored.
func (m *malice) lengthen() {
	m.t.Helper()
	list := m.documents("entries", string(m.c.ID))
	last := m.entry(int64(len(list) - 1))
	id := evidence.DeriveEntryID("malice", string(last.Entry.ID))
	_, err := m.db.Collection("entries").InsertOne(m.t.Context(), bson.D{
		{Key: "_id", Value: fmt.Sprintf("%s/%012d", m.c.ID, len(list))}, {Key: "part", Value: string(m.c.ID) + "/000000000"},
		{Key: "entry", Value: string(id)}, {Key: "n", Value: int64(len(list))},
		{Key: "raw", Value: []byte(strings.ReplaceAll(string(last.Raw), string(last.Entry.ID), string(id)))},
	})
	m.check(err)
}

// TestMaliceMirrorsAgain: the stolen key signs a longer log than the mirrored
// one, and the mirror is given that too. Nobody can take away what it had.
func TestMaliceMirrorsAgain(t *testing.T) {
	m := newMalice(t)
	m.rewrite(3, func(e *evidence.Entry) { e.Actor.Name = "Somebody else" })
	m.lengthen()
	m.resign()
	m.mirrorAgain()
	detectors := m.theProcesses()
	detectors["a reading of the mirror"] = m.readsTheMirror
	sees(t, "Rebuild the tree, sign it with the stolen log key, and mirror that", detectors)
}

// TestMaliceHidesTheMirror: a delete marker takes nothing away.
func TestMaliceHidesTheMirror(t *testing.T) {
	m := newMalice(t)
	bucket, prefix := m.objects.Buckets().Ledger, "logs/"+string(m.c.ID)+"/"
	hidden := 0
	for o := range m.s3.ListObjectsIter(t.Context(), bucket, minio.ListObjectsOptions{Prefix: prefix, Recursive: true}) {
		m.check(o.Err)
		m.check(m.s3.RemoveObject(t.Context(), bucket, o.Key, minio.RemoveObjectOptions{}))
		hidden++
	}
	if hidden == 0 {
		t.Fatal("nothing was mirrored")
	}
	m.forget("entries", m.documents("entries", string(m.c.ID))[10:])
	m.forget("checkpoints", m.documents("checkpoints", string(m.c.ID)))
	sees(t, "Roll a log back and hide the mirror behind delete markers", map[string]detector{
		"a new process": m.looksAfresh, "a reading of the mirror": m.readsTheMirror, "an audit": m.audits,
	})
}

func TestMalicePutsObjectsIntoTheMirror(t *testing.T) {
	m := newMalice(t)
	m.putThere(m.objects.Buckets().Ledger, "logs/"+string(m.c.ID)+"/manifest.json", "x")
	m.putThere(m.objects.Buckets().Ledger, "anchors/000000000001-rumour-0123456789abcdef.json", "x")
	sees(t, "Put objects into the mirror", map[string]detector{"an audit": m.audits})
}
