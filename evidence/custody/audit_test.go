package custody_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/lifecycle"
	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/audit"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/state"
)

// auditor returns an auditor as the worker of a process has it, but that grants
// no time to what is on its way: nothing is.
func (l *lab) auditor(s *process) *audit.Auditor { return audit.New(l.auditConfig(s)) }

func (l *lab) auditConfig(s *process) audit.Config {
	return audit.Config{
		Registry: l.registry, Objects: l.objects, Mirror: l.mirror, Origin: origin, Retention: time.Hour, Settle: time.Millisecond,
		Grace: time.Nanosecond, RegisterGrace: time.Nanosecond,
		Keys: s.Keys, People: l.people.PersonKeys, Witnesses: s.CheckWitnesses,
		Publish: publishing(s),
		CatchUp: func(ctx context.Context, c evidence.CaseID) error { return s.CatchUp(ctx, worker, c) },
		Gone:    func(ctx context.Context, gone []evidence.AlarmID) error { return s.RecordGone(ctx, worker, gone) },
	}
}

// publishing has the register take what changed, as its schedule does.
func publishing(s *process) func(context.Context) error {
	return func(ctx context.Context) error {
		_, err := s.PublishHeads(ctx, worker)
		return err
	}
}

// audit runs an audit and returns what it found, and how far it came.
func (l *lab) audit(s *process) (found []evidence.Alarm, p audit.Progress) {
	l.t.Helper()
	p, err := l.auditor(s).Run(l.t.Context(), audit.Progress{}, func(_ context.Context, list []evidence.Alarm) error {
		found = append(found, list...)
		return nil
	}, nil)
	l.check(err)
	return found, p
}

func TestAuditFindsNothing(t *testing.T) {
	l := newLab(t)
	s := l.service()
	l.full(s)
	l.full(s)
	if found, _ := l.audit(s); len(found) != 0 {
		t.Errorf("found %+v while nothing was registered", found)
	}
	_, err := s.PublishHeads(t.Context(), worker)
	l.check(err)
	for range 2 {
		found, p := l.audit(s)
		if len(found) != 0 || p.Cases != 2 || p.Entries < 40 || p.Objects < 20 {
			t.Errorf("found %+v\nprogress %+v", found, p)
		}
	}
}

// TestAuditFinds lets an administrator of the database and of the object store do
// one thing each, and has a new process look.
func TestAuditFinds(t *testing.T) {
	for _, tc := range []struct {
		name   string
		tamper func(l *lab, s *process, c evidence.Case)
		kind   evidence.AlarmKind
		says   string
	}{
		{"an entry edited", func(l *lab, _ *process, c evidence.Case) {
			l.set("entries", fmt.Sprintf("%s/%012d", c.ID, 3), func(d map[string]any) { d["raw"] = edited(d["raw"]) })
		}, evidence.AlarmEntry, "is not the one that was mirrored"},
		{"an entry deleted", func(l *lab, _ *process, c evidence.Case) { l.deleteEntry(c.ID, 5) }, evidence.AlarmLog, "the entries 5 to 5 are mirrored and not in the registry"},
		{"the last entries and all heads deleted", func(l *lab, s *process, c evidence.Case) {
			n := int64(len(l.log(s, c.ID)))
			for i := n - 4; i < n; i++ {
				l.deleteEntry(c.ID, i)
			}
			l.drop("checkpoints", string(c.ID))
		}, evidence.AlarmLog, "are mirrored and not in the registry"},
		{"the case deleted", func(l *lab, _ *process, c evidence.Case) {
			for _, collection := range []string{"cases", "case_numbers", "members", "items", "entries", "checkpoints", "disclosures"} {
				l.drop(collection, string(c.ID))
			}
		}, evidence.AlarmCase, "is mirrored and not in the registry"},
		{"another title", func(l *lab, _ *process, c evidence.Case) {
			l.rewriteBody("cases", string(c.ID)+"/000002", "Payroll", "Closed")
		}, evidence.AlarmRecord, "version 2 of the case than the log: title"},
		{"a member made up", func(l *lab, _ *process, c evidence.Case) {
			l.check(l.registry.AddRecords(l.t.Context(), placeOf(evidence.Member{Case: c.ID, Person: "p-mallory", Name: "Mallory", Version: 1})))
		}, evidence.AlarmRecord, "the registry has version 1 of the member p-mallory, and the log does not say so"},
		{"a member left out", func(l *lab, _ *process, c evidence.Case) { l.drop("members", string(c.ID)+"/p-examiner") }, evidence.AlarmRecord, "the registry has lost version 1 of the member p-examiner"},
		{"an item's state", func(l *lab, _ *process, c evidence.Case) {
			l.rewriteItem(l.exhibit(c, 2), `"quarantined"`, `"sealed"`)
		}, evidence.AlarmRecord, "the state of E-00002"},
		{"an item deleted", func(l *lab, _ *process, c evidence.Case) { l.drop("items", string(c.ID)+"/00000003") }, evidence.AlarmRecord, "exhibit 3 was received"},
		{"a disclosure's recipient", func(l *lab, _ *process, c evidence.Case) {
			list, err := l.registry.Disclosures(l.t.Context(), c.ID)
			l.check(err)
			for _, d := range list {
				l.rewriteBody("disclosures", fmt.Sprintf("%s/%04d", d.ID, d.Version), d.Recipient, "Somebody else")
			}
		}, evidence.AlarmRecord, "the recipient of the bundle"},
		{"a bundle's last version again", func(l *lab, _ *process, c evidence.Case) {
			list, err := l.registry.Disclosures(l.t.Context(), c.ID)
			l.check(err)
			d := list[0]
			d.Version++
			added, err := l.registry.AddDisclosure(l.t.Context(), d)
			if l.check(err); !added {
				l.t.Fatal("the version is there already")
			}
		}, evidence.AlarmRecord, `which does not follow`},
		{"an intake deleted", func(l *lab, _ *process, _ evidence.Case) { l.drop("intakes", "") }, evidence.AlarmRecord, "has lost the intake"},
		{"bytes covered", func(l *lab, _ *process, c evidence.Case) { l.overwrite(l.exhibit(c, 1), []byte("other")) }, evidence.AlarmObject, "another version was put over the bytes of E-00001"},
		{"bytes hidden", func(l *lab, _ *process, c evidence.Case) {
			it := l.exhibit(c, 1)
			l.check(l.admin().RemoveObject(l.t.Context(), it.Data.Bucket, it.Data.Key, minio.RemoveObjectOptions{}))
		}, evidence.AlarmObject, "a delete marker hides the bytes of E-00001"},
		{"a hold lifted", func(l *lab, _ *process, c evidence.Case) { l.liftHold(l.exhibit(c, 1).Seal) }, evidence.AlarmLock, "the legal hold of the seal of E-00001"},
		{"a bucket that lets things go", func(l *lab, _ *process, _ evidence.Case) {
			rules := lifecycle.NewConfiguration()
			rules.Rules = []lifecycle.Rule{{ID: "tidy", Status: "Enabled", Expiration: lifecycle.Expiration{Days: 1}, RuleFilter: lifecycle.Filter{Prefix: "cases/"}}}
			l.check(l.admin().SetBucketLifecycle(l.t.Context(), l.objects.Buckets().Evidence, rules))
		}, evidence.AlarmBucket, `rule "tidy"`},
		{"the mirror covered", func(l *lab, _ *process, c evidence.Case) {
			key := fmt.Sprintf("logs/%s/entries/%012d-%012d.jsonl", c.ID, 0, 9)
			_, err := l.admin().PutObject(l.t.Context(), l.objects.Buckets().Ledger, key, bytes.NewReader([]byte("{}\n")), 3, minio.PutObjectOptions{})
			l.check(err)
		}, evidence.AlarmObject, "does not hold the entries that its name says"},
		{"another log signed with the stolen key", func(l *lab, s *process, c evidence.Case) {
			list := l.log(s, c.ID)
			var tree ledger.Tree
			for range list {
				tree.Append(ledger.LeafHash([]byte("forged")))
			}
			note, err := ledger.SignCheckpoint(l.t.Context(), ledger.Checkpoint{Origin: ledger.CaseOrigin(origin, c.ID), Size: tree.Size(), Root: tree.Root()}, l.config.Log)
			l.check(err)
			l.drop("checkpoints", string(c.ID))
			l.check(l.registry.AddCheckpoint(l.t.Context(), c.ID, tree.Size(), note))
		}, evidence.AlarmLog, "another log"},
		{"a key that Vault does not have", func(l *lab, _ *process, _ evidence.Case) {
			l.people.set(prosecutor.ID, ledger.NewLocalSigner(origin+"/person/p-prosecutor/v1", [32]byte{77}))
		}, evidence.AlarmKey, "which Vault does not have"},
		{"an alarm deleted", func(l *lab, _ *process, _ evidence.Case) { l.drop("alarms", "") }, evidence.AlarmRecord, "was deleted from the registry"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := newLab(t)
			s := l.service()
			c := l.full(s)
			tc.tamper(l, s, c)
			after := l.service()
			found, _ := l.audit(after)
			var told strings.Builder
			ok := false
			for _, a := range found {
				fmt.Fprintf(&told, "%s: %s\n", a.Kind, a.What)
				ok = ok || a.Kind == tc.kind && strings.Contains(a.What, tc.says)
			}
			if !ok {
				t.Errorf("nothing of %q that says %q in\n%s", tc.kind, tc.says, told.String())
			}
			again, _ := l.audit(after)
			if diff := cmp.Diff(ids(found), ids(again)); diff != "" {
				t.Errorf("a second audit finds other alarms (-first +second):\n%s", diff)
			}
		})
	}
}

// placeOf returns the record of a member that nobody made one.
func placeOf(m evidence.Member) []state.Record {
	said := state.Case{Members: []evidence.Member{m}}
	return said.Records()
}

func ids(list []evidence.Alarm) (all []evidence.AlarmID) {
	for _, a := range list {
		all = append(all, a.ID)
	}
	return all
}

// edited returns an entry with another letter in somebody's name.
func edited(raw any) any {
	b := raw.(bson.Binary)
	b.Data = bytes.Replace(b.Data, []byte("Name of"), []byte("Nome of"), 1)
	return b
}

// exhibit returns an item by its number.
func (l *lab) exhibit(c evidence.Case, n int) evidence.Item {
	l.t.Helper()
	tile, err := l.registry.ItemTile(l.t.Context(), c.ID, 0)
	l.check(err)
	return tile[n-1]
}

// drop deletes the documents whose key begins so, or that belong to that case.
func (l *lab) drop(collection, key string) {
	l.t.Helper()
	filter := bson.D{{Key: "$or", Value: bson.A{
		bson.D{{Key: "_id", Value: bson.D{{Key: "$regex", Value: "^" + key}}}}, bson.D{{Key: "case", Value: key}},
	}}}
	done, err := l.admins().Collection(collection).DeleteMany(l.t.Context(), filter)
	l.check(err)
	if done.DeletedCount == 0 {
		l.t.Fatalf("nothing in %s begins with %s", collection, key)
	}
}

// set changes a document of the database.
func (l *lab) set(collection, id string, change func(map[string]any)) {
	l.t.Helper()
	var doc map[string]any
	at := l.admins().Collection(collection)
	l.check(at.FindOne(l.t.Context(), bson.D{{Key: "_id", Value: id}}).Decode(&doc))
	change(doc)
	_, err := at.ReplaceOne(l.t.Context(), bson.D{{Key: "_id", Value: id}}, doc)
	l.check(err)
}

// rewriteBody changes the body of a record.
func (l *lab) rewriteBody(collection, id, old, replacement string) {
	l.t.Helper()
	l.set(collection, id, func(d map[string]any) {
		body := d["body"].(string)
		if !strings.Contains(body, old) {
			l.t.Fatalf("%q is not in %s", old, body)
		}
		d["body"] = strings.ReplaceAll(body, old, replacement)
	})
}

func (l *lab) liftHold(ref evidence.ObjectRef) {
	l.t.Helper()
	off := minio.LegalHoldDisabled
	l.check(l.admin().PutObjectLegalHold(l.t.Context(), ref.Bucket, ref.Key, minio.PutObjectLegalHoldOptions{VersionID: ref.Version, Status: &off}))
}

// TestAuditGoesOn: what cannot be read is an alarm, and hides nothing else.
func TestAuditGoesOn(t *testing.T) {
	for _, tc := range []struct {
		name   string
		tamper func(m *malice)
		says   string
	}{
		{"an alarm", func(m *malice) {
			_, err := m.db.Collection("alarms").InsertOne(t.Context(), bson.D{{Key: "_id", Value: "x/1"}, {Key: "alarm", Value: "x"}, {Key: "version", Value: int64(1)}, {Key: "body", Value: "{"}})
			m.check(err)
		}, "record of an alarm, x/1, cannot be read"},
		{"the case", func(m *malice) { m.garble("cases") }, "record of version 1 of the case cannot be read"},
		{"a member", func(m *malice) { m.garble("members") }, "record of version 1 of the member p-examiner cannot be read"},
		{"an intake", func(m *malice) { m.garble("intakes") }, "record of the intake intake-"},
		{"an object of the mirror that is too long", func(m *malice) { m.putLong() }, "it is longer than any head"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			m := newMalice(t)
			tc.tamper(m)
			m.liftHold(m.items[0].Data)
			found, p := m.audit(m.service())
			said := alarms(found)
			if !strings.Contains(said, tc.says) || !strings.Contains(said, "the legal hold of the bytes of E-00001 was lifted") || p.Cases != 1 {
				t.Errorf("found %q in %d cases", said, p.Cases)
			}
		})
	}
}

// garble makes the records of a collection unreadable.
func (m *malice) garble(collection string) {
	m.t.Helper()
	for _, d := range m.documents(collection, "") {
		m.set(collection, d[0].Value.(string), func(doc map[string]any) { doc["body"] = "{" })
	}
}

// putLong puts an object among the mirrored heads of the case that is longer than
// anything that is read.
func (m *malice) putLong() {
	m.t.Helper()
	const length = 64<<20 + 1
	_, err := m.s3.PutObject(m.t.Context(), m.objects.Buckets().Ledger, "logs/"+string(m.c.ID)+"/checkpoints/999999999999.note",
		bytes.NewReader(make([]byte, length)), length, minio.PutObjectOptions{})
	m.check(err)
}

// TestMirrorIsHeld: heads that nobody of ours signed do not hide the one that
// shows that the database was rolled back.
func TestMirrorIsHeld(t *testing.T) {
	m := newMalice(t)
	dump := m.dump()
	m.grow(5)
	m.restore(dump)
	want := m.looksAfresh()
	if !saysIt(want, "tampered: the case's log is not the one that was mirrored at … entries") {
		t.Fatalf("at first: %q", want)
	}
	m.putLong()
	for i := range 20 {
		m.check(m.mirror.AddCheckpoint(t.Context(), m.c.ID, 999999999998-int64(i), []byte("nothing that anybody signed\n")))
	}
	if got := m.looksAfresh(); got != want {
		t.Errorf("behind what was put there: %q, want %q", got, want)
	}
}

// TestClockHidesNothing: entries by a clock that is behind are one alarm, however
// many, and hide no other.
func TestClockHidesNothing(t *testing.T) {
	m := newMalice(t)
	var list []evidence.Entry
	for i := range 240 {
		e, err := m.running.Now(m.c.ID, evidence.ActVerified)
		m.check(err)
		if i%2 == 0 {
			e.At = evidence.At(e.At.Time().Add(time.Hour))
		}
		list = append(list, e)
	}
	_, err := m.running.Append(t.Context(), list...)
	m.check(err)
	_, err = m.running.Checkpoint(t.Context(), worker, m.c.ID)
	m.check(err)
	m.mirrored(m.running)
	m.liftHold(m.items[0].Data)
	found, _ := m.audit(m.service())
	kinds := map[evidence.AlarmKind]int{}
	for _, a := range found {
		kinds[a.Kind]++
	}
	if diff := cmp.Diff(map[evidence.AlarmKind]int{evidence.AlarmClock: 1, evidence.AlarmLock: 1}, kinds); diff != "" {
		t.Errorf("alarms (-want +got):\n%s%s", diff, alarms(found))
	}
}

// TestNamesOfSegments: segments that somebody names do not keep entries out of
// the mirror.
func TestNamesOfSegments(t *testing.T) {
	m := newMalice(t)
	n := int64(len(m.log(m.running, m.c.ID)))
	for _, name := range []string{"000000000000-000000999999", fmt.Sprintf("%012d-%012d", n-1, n+4000)} {
		_, err := m.s3.PutObject(t.Context(), m.objects.Buckets().Ledger, "logs/"+string(m.c.ID)+"/entries/"+name+".jsonl",
			bytes.NewReader([]byte("{}\n")), 3, minio.PutObjectOptions{})
		m.check(err)
	}
	m.grow(5)
	if said := m.readsTheMirror(); strings.Contains(said, string(evidence.Incomplete)+":") || !strings.Contains(said, "does not hold the entries") {
		t.Errorf("the mirror: %q", said)
	}
}
