package custody_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/minio/minio-go/v7"
	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
)

func canonical(t testing.TB, e evidence.Entry) []byte {
	t.Helper()
	raw, err := canon.Marshal(e)
	if err != nil {
		t.Fatal(err)
	}
	return raw
}

// admins reaches the registry around the adapter, as its administrator can.
func (l *lab) admins() *mongo.Database {
	l.t.Helper()
	client, err := mongo.Connect(options.Client().ApplyURI(l.uri))
	l.check(err)
	l.t.Cleanup(func() { _ = client.Disconnect(l.t.Context()) })
	return client.Database(l.database)
}

func (l *lab) deleteEntry(c evidence.CaseID, index int64) {
	l.t.Helper()
	_, err := l.admins().Collection("entries").DeleteOne(l.t.Context(), bson.D{{Key: "_id", Value: fmt.Sprintf("%s/%012d", c, index)}})
	l.check(err)
}

// rewriteItem changes the newest version of an item in the registry.
func (l *lab) rewriteItem(it evidence.Item, old, replacement string) {
	l.t.Helper()
	l.rewrite("items", fmt.Sprintf("%s/%08d/%04d", it.Case, it.Exhibit, it.Version), old, replacement)
}

// replaced returns body with another text in it, which must be there.
func replaced(t testing.TB, body, old, replacement string) string {
	t.Helper()
	changed := strings.ReplaceAll(body, old, replacement)
	if changed == body {
		t.Fatalf("%q is not in %s", old, body)
	}
	return changed
}

// overwrite puts other bytes under the key of an item and returns their version.
func (l *lab) overwrite(it evidence.Item, data []byte) string {
	l.t.Helper()
	info, err := l.admin().PutObject(l.t.Context(), it.Data.Bucket, it.Data.Key, bytes.NewReader(data), int64(len(data)), minio.PutObjectOptions{})
	l.check(err)
	return info.VersionID
}

func TestVerifyItem(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	data := []byte("the bytes that were seized")
	for _, tc := range []struct {
		name   string
		tamper func(it, other evidence.Item)
		differ string // part of what differs; "" when nothing does
		sealOK bool
	}{
		{"as it was sealed", func(_, _ evidence.Item) {}, "", true},
		{"a newer version under the same key", func(it, _ evidence.Item) { l.overwrite(it, []byte("other")) }, "", true},
		{"the registry points at other bytes", func(it, _ evidence.Item) {
			l.rewriteItem(it, it.Data.Version, l.overwrite(it, []byte("The bytes that were seized")))
		}, "the registry says something else of the item", true},
		{"the registry points at fewer bytes", func(it, _ evidence.Item) {
			l.rewriteItem(it, it.Data.Version, l.overwrite(it, data[:7]))
		}, "the registry says something else of the item", true},
		{"the registry has another digest and its bytes", func(it, _ evidence.Item) {
			other := []byte("The bytes that were seized")
			l.rewriteItem(it, it.Data.Version, l.overwrite(it, other))
			it.Data.Version = ""
			l.rewriteItem(it, it.Digest.String(), evidence.Sum(other).String())
		}, "the registry says something else of the item", true},
		{"the registry points at nothing", func(it, _ evidence.Item) {
			l.rewriteItem(it, it.Data.Version, "00000000-0000-0000-0000-000000000000")
		}, "the registry says something else of the item", true},
		{"the legal hold lifted", func(it, _ evidence.Item) {
			off := minio.LegalHoldDisabled
			l.check(l.admin().PutObjectLegalHold(t.Context(), it.Data.Bucket, it.Data.Key, minio.PutObjectLegalHoldOptions{VersionID: it.Data.Version, Status: &off}))
		}, "the legal hold of the stored bytes was lifted", true},
		{"a longer lock in the registry than in storage", func(it, _ evidence.Item) {
			l.rewriteItem(it, it.Locked.String(), evidence.At(it.Locked.Time().AddDate(70, 0, 0)).String())
		}, "the registry says something else of the item", true},
		{"the seal of another item", func(it, other evidence.Item) {
			l.rewriteItem(it, it.Seal.Version, other.Seal.Version)
			l.rewriteItem(it, it.Seal.Key, other.Seal.Key)
		}, "the registry says something else of the item", true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			l := l.with(t)
			it, other := l.bring(s, in, "a", data), l.bring(s, in, "b", data)
			l.sealAll(s, in)
			it, err := s.Item(t.Context(), investigator, it.ID)
			l.check(err)
			other, err = s.Item(t.Context(), investigator, other.ID)
			l.check(err)
			tc.tamper(it, other)
			v, err := s.VerifyItem(t.Context(), examiner, it.ID, nil)
			l.check(err)
			good := tc.differ == "" && tc.sealOK
			if v.OK != good || v.SealOK != tc.sealOK || !strings.Contains(strings.Join(v.Differs, "\n"), tc.differ) || good != (len(v.Differs) == 0) {
				t.Errorf("verification %+v", v)
			}
			log, err := s.ItemLog(t.Context(), investigator, it.ID)
			l.check(err)
			last := log[len(log)-1].Entry
			if last.Act != evidence.ActVerified || last.ID != v.Entry || (last.Details["outcome"] == "equal") != good {
				t.Errorf("the log ends with %+v", last)
			}
		})
	}
}

// lost returns an item as it is where storage does not have its bytes.
func lost(it evidence.Item) evidence.Item {
	it.Data.Version = "00000000-0000-0000-0000-000000000000"
	return it
}

func TestQuarantine(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	it := l.bring(s, in, "a", []byte("good"))
	kept := l.bring(s, in, "b", []byte("kept"))
	damaged := it // as storage has it that gives other bytes
	damaged.Data.Version = l.overwrite(it, []byte("evil"))
	digest, read, err := s.ReadBack(t.Context(), worker, damaged, nil)
	l.check(err)
	if digest != evidence.Sum([]byte("evil")) || read != 4 {
		t.Fatalf("read back %s, %d bytes", digest, read)
	}
	for range 2 { // a retried activity
		q, err := s.Quarantine(t.Context(), worker, it, digest, read)
		l.check(err)
		if q.State != evidence.ItemQuarantined || q.Observed != digest {
			t.Errorf("item %+v", q)
		}
	}
	if n := l.acts(s, c.ID)[evidence.ActQuarantined]; n != 1 {
		t.Errorf("%d entries, want 1", n)
	}
	_, err = s.SealItems(t.Context(), worker, []evidence.Item{it})
	wantCode(t, err, evidence.Conflict)
	_, err = s.SealItems(t.Context(), worker, []evidence.Item{kept})
	l.check(err)
	counts, err := s.IntakeStatus(t.Context(), examiner, in.ID)
	l.check(err)
	if counts.Sealed != 1 || counts.Quarantined != 1 || counts.Received != 0 {
		t.Errorf("counts %+v", counts)
	}
	gone, _, err := s.ReadBack(t.Context(), worker, lost(it), nil)
	if err != nil || !gone.IsZero() {
		t.Errorf("bytes that are gone: %s, %v", gone, err)
	}
}
