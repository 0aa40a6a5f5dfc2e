package custody_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/exhibit"
)

// TestUploadsAtTheSameTime brings files in through two services at once: the
// exhibit numbers have no gap.
func TestUploadsAtTheSameTime(t *testing.T) {
	l := newLab(t)
	services := []*process{l.service(), l.service()}
	c := l.openCase(services[0])
	in := l.openIntake(services[0], c)
	group, ctx := errgroup.WithContext(t.Context())
	group.SetLimit(8)
	const files = 300 // more than a tile
	for i := range files {
		group.Go(func() error {
			_, err := upload(ctx, services[i%2], in, evidence.FileName(fmt.Sprint(i)), fmt.Append(nil, i))
			return err
		})
	}
	l.check(group.Wait())
	s := l.service()
	seen := 0
	for cursor, pages := "", 0; pages == 0 || cursor != ""; pages++ {
		page, err := s.Items(t.Context(), examiner, c.ID, cursor, 100)
		l.check(err)
		for _, it := range page.Items {
			if seen++; it.Exhibit != seen {
				t.Fatalf("exhibit %d after %d", it.Exhibit, seen-1)
			}
		}
		if page.Total != files {
			t.Errorf("total %d", page.Total)
		}
		cursor = page.Next
	}
	if seen != files {
		t.Errorf("%d items, want %d", seen, files)
	}
	var pending, next = 0, 0
	for {
		items, to, err := s.PendingItems(t.Context(), worker, in.ID, next, 120)
		l.check(err)
		if len(items) == 0 {
			break
		}
		pending, next = pending+len(items), to
		_, err = s.SealItems(t.Context(), worker, items)
		l.check(err)
	}
	sum, err := services[1].Summary(t.Context(), examiner, c.ID)
	l.check(err)
	if pending != files || sum.Sealed != files || sum.Items != files || sum.Received != 0 || next != files+1 {
		t.Errorf("pending %d, next %d, summary %+v", pending, next, sum)
	}
	l.checkLog(services[0], c.ID)
}

// TestEndOnRecordAndNotInTheRegistry: a worker is killed between the entry that
// says that items are sealed, or quarantined, and their next versions. They wait no
// more, and the next worker that looks adds the versions.
func TestEndOnRecordAndNotInTheRegistry(t *testing.T) {
	for at, end := range map[string]func(s *process, it evidence.Item) error{
		"items sealed": func(s *process, it evidence.Item) error {
			if _, _, err := s.ReadBack(t.Context(), worker, it, nil); err != nil {
				return err
			}
			_, err := s.SealItems(t.Context(), worker, []evidence.Item{it})
			return err
		},
		"item quarantined": func(s *process, it evidence.Item) error {
			_, err := s.Quarantine(t.Context(), worker, it, evidence.Sum([]byte("other")), 5)
			return err
		},
	} {
		t.Run(at, func(t *testing.T) {
			l := newLab(t)
			s := l.service()
			c := l.openCase(s)
			in := l.openIntake(s, c)
			it := l.bring(s, in, "a", []byte("a"))
			l.config.Registry = &crashing{Registry: l.registry, at: at}
			if err := end(l.service(), it); !errors.Is(err, errCrash) {
				t.Fatalf("got %v", err)
			}
			l.config.Registry = l.registry
			if row := l.exhibit(c, 1); row.State != evidence.ItemReceived {
				t.Fatalf("the registry has %+v", row)
			}
			next := l.service()
			pending, _, err := next.PendingItems(t.Context(), worker, in.ID, 0, 10)
			if err != nil || len(pending) > 0 {
				t.Errorf("%+v wait, %v", pending, err)
			}
			said, err := next.Item(t.Context(), examiner, it.ID)
			l.check(err)
			if row := l.exhibit(c, 1); row.State == evidence.ItemReceived || row != said {
				t.Errorf("the registry has %+v, the log says %+v", row, said)
			}
			if found, _ := l.audit(next); len(found) > 0 {
				t.Errorf("an audit found %+v", found)
			}
		})
	}
}

func TestAnalysis(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	l.bring(s, in, "a", []byte("a"))
	l.bring(s, in, "b", []byte("b"))
	items := l.sealAll(s, in)
	var found []evidence.Finding
	for i := range 600 {
		found = append(found, evidence.Finding{Item: items[0].ID, Analyzer: "text/1", Index: i, Kind: "email", Value: fmt.Sprintf("%d@example.org", i), Raw: "\x00"})
	}
	tools := []evidence.Tool{{Name: "text", Version: "1"}, {Name: "type", Version: "2"}}
	batch := []exhibit.Analysis{
		{Item: items[0], Tools: tools, MediaType: "text/plain", Findings: found},
		{Item: items[1], Tools: tools[:1], Failure: "the file ends early"},
	}
	for range 2 { // a retried activity
		l.check(s.RecordAnalysis(t.Context(), worker, batch))
	}
	more := exhibit.Analysis{Item: items[0], Tools: []evidence.Tool{{Name: "text", Version: "2"}}, Findings: found[:10]}
	l.check(s.RecordAnalysis(t.Context(), worker, []exhibit.Analysis{more}))
	var got []evidence.Finding
	for cursor, pages := "", 0; pages == 0 || cursor != ""; pages++ {
		page, err := s.Findings(t.Context(), examiner, items[0].ID, "", cursor, 100)
		l.check(err)
		got = append(got, page.Items...)
		if page.Total != 610 {
			t.Errorf("total %d", page.Total)
		}
		cursor = page.Next
	}
	if diff := cmp.Diff(append(found, found[:10]...), got); diff != "" {
		t.Errorf("findings (-want +got):\n%s", diff)
	}
	for by, want := range map[string]int{"text": 256, "type": 0, "tex": 0} {
		page, err := s.Findings(t.Context(), examiner, items[0].ID, by, "300", 256)
		if err != nil || len(page.Items) != want || want > 0 && page.Next != "556" || want == 0 && page.Next != "" {
			t.Errorf("by %s: %d findings, next %q, %v", by, len(page.Items), page.Next, err)
		}
	}
	it, err := s.Item(t.Context(), examiner, items[0].ID)
	if err != nil || it.MediaType != "text/plain" || it.Version != 3 || it.State != evidence.ItemSealed {
		t.Errorf("%+v, %v", it, err)
	}
	if n := l.acts(s, c.ID)[evidence.ActAnalysed]; n != 3 {
		t.Errorf("%d entries, want 3", n)
	}
	l.check(s.RecordAnalysis(t.Context(), worker, nil))
	wantCode(t, s.RecordAnalysis(t.Context(), examiner, batch), evidence.Forbidden)
}

func TestExtendLocks(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	for i := range 3 {
		l.bring(s, in, "x", fmt.Append(nil, i))
	}
	items := l.sealAll(s, in)
	later := evidence.At(time.Now().Add(2 * time.Hour).Truncate(time.Second))
	for range 2 {
		l.check(s.ExtendLocks(t.Context(), worker, items[:2], later))
	}
	l.check(s.ExtendLocks(t.Context(), worker, items, evidence.At(time.Now()))) // all are locked for longer
	for i, it := range items {
		got, err := l.service().Item(t.Context(), examiner, it.ID)
		l.check(err)
		stored, err := l.objects.Stat(t.Context(), it.Data)
		l.check(err)
		want := it.Locked
		if i < 2 {
			want = later
		}
		if got.Locked != want || stored.Lock.Until.Time().Before(want.Time()) || !stored.Lock.Hold {
			t.Errorf("item %d is locked until %s, stored %+v, want %s", i, got.Locked, stored.Lock, want)
		}
	}
	if n := l.acts(s, c.ID)[evidence.ActExtended]; n != 1 {
		t.Errorf("%d entries, want 1", n)
	}
	v, err := s.VerifyItem(t.Context(), worker, items[0].ID, nil)
	if err != nil || !v.OK || !v.SealOK {
		t.Errorf("%+v, %v", v, err)
	}
}

// TestOneLossKeepsNoLockFromGrowing: an item that storage has lost is for
// VerifyItem to report, and not the end of the others' locks.
func TestOneLossKeepsNoLockFromGrowing(t *testing.T) {
	l := newLab(t)
	s := l.service()
	in := l.openIntake(s, l.openCase(s))
	for i := range 3 {
		l.bring(s, in, "x", fmt.Append(nil, i))
	}
	items := l.sealAll(s, in)
	l.rewriteItem(items[0], items[0].Data.Version, "00000000-0000-0000-0000-000000000000")
	later := evidence.At(time.Now().Add(2 * time.Hour).Truncate(time.Second))
	l.check(s.ExtendLocks(t.Context(), worker, items, later))
	for i, it := range items {
		got, err := l.service().Item(t.Context(), examiner, it.ID)
		l.check(err)
		if extended := got.Locked == later; extended != (i > 0) {
			t.Errorf("item %d is locked until %s", i, got.Locked)
		}
		stored, err := l.objects.Stat(t.Context(), it.Seal)
		l.check(err)
		if stored.Lock.Until.Time().Before(later.Time()) {
			t.Errorf("the seal of item %d is locked until %s", i, stored.Lock.Until)
		}
	}
}

func TestReadingIsOnRecord(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	it := l.bring(s, in, "x", []byte("0123456789"))
	for _, tc := range []struct {
		offset, length int64
		want           string
		act            evidence.Act
	}{
		{0, -1, "0123456789", evidence.ActDownloaded},
		{0, 10, "0123456789", evidence.ActDownloaded},
		{0, 64 << 10, "0123456789", evidence.ActDownloaded},
		{3, 4, "3456", evidence.ActViewed},
		{3, -1, "3456789", evidence.ActViewed},
		{10, -1, "", evidence.ActViewed},
	} {
		t.Run(fmt.Sprintf("%d+%d", tc.offset, tc.length), func(t *testing.T) {
			r, _, err := openEvidence(t.Context(), s, examiner, it.ID, "to examine it", tc.offset, tc.length)
			if got := readAll(t, r, err); string(got) != tc.want {
				t.Errorf("read %q, want %q", got, tc.want)
			}
			log := l.log(s, c.ID)
			last := log[len(log)-1].Entry
			if last.Act != tc.act || last.Purpose != "to examine it" || last.Actor.ID != examiner.ID || last.Actor.From != examiner.From {
				t.Errorf("the log ends with %+v", last)
			}
		})
	}
	size := len(l.log(s, c.ID))
	_, _, err := openEvidence(t.Context(), s, examiner, it.ID, " ", 0, -1)
	wantCode(t, err, evidence.Invalid)
	_, _, err = openEvidence(t.Context(), s, examiner, it.ID, "x", 11, -1)
	wantCode(t, err, evidence.Invalid)
	if got := len(l.log(s, c.ID)); got != size {
		t.Errorf("reads that were refused left %d entries", got-size)
	}
}
