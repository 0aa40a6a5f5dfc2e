package custody_test

import (
	"context"
	"crypto/rand"
	"fmt"
	"os"
	"runtime"
	"strconv"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/rooms"
	"github.com/sealcase/sealcase/evidence/state"
)

const (
	coldTurns = 5   // new processes
	shown     = 256 // exhibits that have records: those of the pages that are looked at
	pageRows  = 100
)

// BenchmarkColdCase has the log of a case grow to SEALCASE_BENCH_ENTRIES entries,
// three for each exhibit, and processes that have seen nothing yet open the case:
// until who may read is decided, and until the first pages are there; beside it, the
// same where no snapshot is found. It is to run once (-benchtime=1x); deploy/bench
// reads the metrics.
func BenchmarkColdCase(b *testing.B) {
	size := 5000
	if text := os.Getenv("SEALCASE_BENCH_ENTRIES"); text != "" {
		var err error
		if size, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		l := &coldCase{lab: newLab(b)}
		l.grow(b, size)
		times := map[string][]time.Duration{}
		for range coldTurns {
			l.open(b, "", l.config, times)
		}
		without := l.config
		without.Registry = unkept{l.registry}
		l.open(b, "whole-", without, times)
		for name, list := range times {
			b.ReportMetric(share(list, 0.5), "ms/"+name)
		}
		b.ReportMetric(l.live, "MiB/live")
		b.ReportMetric(l.allocated, "MiB/allocated")
	}
}

// coldCase is a case with a long log.
type coldCase struct {
	*lab
	id              evidence.CaseID
	live, allocated float64 // MiB, of one that opened it
}

// unkept is a registry that finds no snapshot.
type unkept struct{ rooms.Registry }

// LastSnapshot implements logbook.LogStore.
func (unkept) LastSnapshot(context.Context, evidence.CaseID, int64) ([]byte, error) { return nil, nil }

// grow puts entries on record through the log engine, signed in batches, under
// heads as they come. Of most exhibits there are no bytes, and no records.
func (l *coldCase) grow(b *testing.B, size int) {
	s := l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	l.id = c.ID
	began := time.Now()
	for exhibit := 1; 3*exhibit <= size; {
		var batch []evidence.Entry
		for ; len(batch) < 3*block && 3*exhibit <= size; exhibit++ {
			batch = append(batch, l.exhibit(in, exhibit)...)
		}
		_, err := s.Append(b.Context(), batch...)
		l.check(err)
	}
	b.ReportMetric(float64(size)/time.Since(began).Seconds(), "entries/s")
	_, err := s.Checkpoint(b.Context(), worker, l.id)
	l.check(err)
	for s.MirrorStatus().Waiting > 0 && b.Context().Err() == nil {
		time.Sleep(10 * time.Millisecond)
	}
}

// exhibit returns the entries that an exhibit is received, sealed and analysed, and
// records the first ones.
func (l *coldCase) exhibit(in evidence.Intake, n int) []evidence.Entry {
	length, data := int64(4096), []byte(strconv.Itoa(n))
	it := evidence.Item{ID: newID[evidence.ItemID](l.t), Case: l.id, Exhibit: n, Intake: in.ID, Name: evidence.FileName(fmt.Sprintf("file-%d", n)), Length: length, Digest: evidence.Sum(data)}
	until := evidence.At(time.Now().Add(time.Hour))
	bucket := l.objects.Buckets().Evidence
	var list []evidence.Entry
	for _, p := range []act.Payload{
		act.Received{Intake: in.ID, Bucket: bucket, Object: "data/" + string(it.ID), Version: "1", Locked: until, ReceivedBy: examiner.ID},
		act.Sealed{Intake: in.ID, Locked: until, Bucket: bucket, Object: "seal/" + string(it.ID), Version: "1", Digest: evidence.Sum(data)},
		act.Analysed{Run: string(it.ID), MediaType: "text/plain"},
	} {
		e, err := act.New(l.id, p, evidence.At(time.Now()), worker, rand.Reader, func(e *evidence.Entry) {
			e.AboutItem(it)
			e.Authority = in.Authority
		})
		l.check(err)
		list = append(list, e)
	}
	if n > shown {
		return list
	}
	var now evidence.Item
	for _, e := range list {
		now, _ = state.Item(now, e)
		_, err := l.registry.AddItem(l.t.Context(), now)
		l.check(err)
	}
	return list
}

// open opens the case as somebody does in a process that just started.
func (l *coldCase) open(b *testing.B, name string, c rooms.Config, times map[string][]time.Duration) {
	before := memory()
	s, err := newProcess(c)
	l.check(err)
	defer func() { l.check(s.Close(context.WithoutCancel(b.Context()))) }()
	note := func(what string, do func()) {
		d := took(do)
		times[name+what] = append(times[name+what], d)
	}
	began := time.Now()
	note("access", func() {
		got, err := s.Case(b.Context(), examiner, l.id)
		l.check(err)
		if got.ID != l.id {
			b.Fatalf("opened %s", got.ID)
		}
	})
	note("log-page", func() {
		list, _, err := s.LogPage(b.Context(), examiner, l.id, 0, pageRows)
		l.check(err)
		if len(list) != pageRows {
			b.Fatalf("%d entries", len(list))
		}
	})
	for _, what := range []string{"items-page", "items-again"} {
		note(what, func() {
			page, err := s.Items(b.Context(), examiner, l.id, "", pageRows)
			l.check(err)
			if len(page.Items) != pageRows {
				b.Fatalf("%d items", len(page.Items))
			}
		})
	}
	times[name+"open"] = append(times[name+"open"], time.Since(began))
	if name == "" {
		after := memory()
		l.live = max(l.live, float64(int64(after.HeapAlloc)-int64(before.HeapAlloc))/(1<<20))
		l.allocated = max(l.allocated, float64(after.TotalAlloc-before.TotalAlloc)/(1<<20))
	}
	runtime.KeepAlive(s)
}

// memory returns how much memory is in use, garbage apart.
func memory() (m runtime.MemStats) {
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m
}
