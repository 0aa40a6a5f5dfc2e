package custody_test

import (
	"context"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"
	"go.mongodb.org/mongo-driver/v2/mongo/writeconcern"

	"github.com/sealcase/sealcase/evidence"
)

const (
	turns   = 31  // of the old log and the young one
	singles = 48  // appends of one entry in a turn
	block   = 256 // entries of a batch
)

// longLog is a log that has grown long, beside a young one.
type longLog struct {
	*lab
	service    *process
	old, young evidence.CaseID
}

func entriesOf(c evidence.CaseID, n int) []evidence.Entry {
	list := make([]evidence.Entry, n)
	for i := range list {
		list[i] = verifiedEntry(c)
	}
	return list
}

// BenchmarkLongLog grows a log to SEALCASE_BENCH_ENTRIES entries, then appends
// to it and to a young one turn by turn, so that what else the machine does
// touches both; pages it; and opens it cold. It is to run once
// (-benchtime=1x); deploy/bench reads the metrics.
func BenchmarkLongLog(b *testing.B) {
	size := 5000
	if text := os.Getenv("SEALCASE_BENCH_ENTRIES"); text != "" {
		var err error
		if size, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		l := &longLog{lab: newLab(b)}
		l.service = l.lab.service()
		l.old, l.young = l.openCase(l.service).ID, l.openCase(l.service).ID
		began := time.Now()
		for n := 0; n < size; n += block {
			l.append(entriesOf(l.old, min(block, size-n))...)
		}
		b.ReportMetric(float64(size)/time.Since(began).Seconds(), "entries/s")
		l.takeTurns(b)
		l.pages(b, int64(size))
		l.cold(b)
	}
}

func (l *longLog) append(list ...evidence.Entry) {
	l.t.Helper()
	_, err := l.service.Append(l.t.Context(), list...)
	l.check(err)
}

// takeTurns appends to both logs, and inserts the same documents into a
// collection of no one's.
func (l *longLog) takeTurns(b *testing.B) {
	l.append(entriesOf(l.young, block)...) // what the first append of a process costs
	raw := l.bareCollection(b, "raw")
	times := map[string][]time.Duration{}
	for turn := range turns {
		logs := []struct {
			name string
			id   evidence.CaseID
		}{{"old", l.old}, {"young", l.young}}
		if turn%2 == 1 {
			slices.Reverse(logs)
		}
		for _, log := range logs {
			list := entriesOf(log.id, block)
			times["batch-"+log.name] = append(times["batch-"+log.name], took(func() { l.append(list...) }))
			for _, e := range entriesOf(log.id, singles) {
				times["append-"+log.name] = append(times["append-"+log.name], took(func() { l.append(e) }))
			}
		}
		docs := l.documents(b, entriesOf(l.old, block))
		times["raw"] = append(times["raw"], took(func() {
			_, err := raw.InsertMany(b.Context(), docs, options.InsertMany().SetOrdered(true))
			l.check(err)
		}))
	}
	for name, list := range times {
		b.ReportMetric(share(list, 0.5), "ms/"+name)
	}
}

// bareCollection returns a collection that is written as the registry writes,
// and has no indexes but the one of "_id".
func (l *lab) bareCollection(b *testing.B, name string) *mongo.Collection {
	client, err := mongo.Connect(options.Client().ApplyURI(l.uri).SetWriteConcern(writeconcern.Majority()))
	l.check(err)
	b.Cleanup(func() { _ = client.Disconnect(context.Background()) })
	return client.Database(l.database).Collection(name)
}

// documents returns what the registry writes for entries.
func (l *longLog) documents(b *testing.B, list []evidence.Entry) []bson.D {
	docs := make([]bson.D, len(list))
	for i, e := range list {
		docs[i] = bson.D{
			{Key: "_id", Value: string(e.Case) + "/" + string(e.ID)}, {Key: "part", Value: string(e.Case) + "/000000000"},
			{Key: "entry", Value: string(e.ID)}, {Key: "n", Value: int64(i)}, {Key: "raw", Value: canonical(b, e)},
		}
	}
	return docs
}

// pages reads the first, the middle, the last and random pages.
func (l *longLog) pages(b *testing.B, size int64) {
	var times []time.Duration
	for range 20 {
		for _, from := range []int64{0, size / 2, size - 100, rand.Int64N(size - 100), rand.Int64N(size - 100)} {
			times = append(times, took(func() {
				list, _, err := l.service.LogPage(b.Context(), worker, l.old, from, 100)
				l.check(err)
				if len(list) != 100 || list[0].Index != from {
					b.Fatalf("the page at %d has %d entries from %d on", from, len(list), list[0].Index)
				}
			}))
		}
	}
	b.ReportMetric(share(times, 0.5), "ms/page-p50")
	b.ReportMetric(share(times, 0.95), "ms/page-p95")
	b.ReportMetric(share(times, 1), "ms/page-max")
}

// cold lets services that have seen nothing yet append to the log and sign its
// head.
func (l *longLog) cold(b *testing.B) {
	var times []time.Duration
	for range 5 {
		s := l.lab.service()
		e := verifiedEntry(l.old)
		times = append(times, took(func() {
			_, err := s.Append(b.Context(), e)
			l.check(err)
			_, err = s.Checkpoint(b.Context(), worker, l.old)
			l.check(err)
		}))
	}
	b.ReportMetric(share(times, 0.5), "ms/cold")
}

func took(do func()) time.Duration {
	since := time.Now()
	do()
	return time.Since(since)
}

// share returns the time below which that share of times lies, in milliseconds.
func share(times []time.Duration, at float64) float64 {
	slices.Sort(times)
	return float64(times[min(len(times)-1, int(at*float64(len(times))))].Microseconds()) / 1000
}
