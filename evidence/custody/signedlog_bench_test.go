package custody_test

import (
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/vault"
)

// alone is how many entries are signed with a request each in one turn.
const alone = 32

// signedLog appends to the log of one case, with the keys in Vault.
type signedLog struct {
	*lab
	b       *testing.B
	service *process
	signer  evidence.Signer
	id      evidence.CaseID
	others  *mongo.Collection // what stands for a log where each entry is signed alone
	raw     *mongo.Collection
	times   map[string][]time.Duration // of one entry, by way of appending
}

// BenchmarkSignedLog appends, turn by turn so that what else the machine does
// touches all of them: a batch with one signature for its entries and a signed
// checkpoint behind it; entries of which each is signed by a request of its
// own, one after the other and inserted together; and the documents of the
// batch by a bare insertMany. SEALCASE_BENCH_TURNS says how often. It is to run
// once (-benchtime=1x); deploy/bench reads the metrics, which are µs an entry,
// and ratios of the turns.
func BenchmarkSignedLog(b *testing.B) {
	turns := 5
	if text := os.Getenv("SEALCASE_BENCH_TURNS"); text != "" {
		var err error
		if turns, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		l := newSignedLog(b)
		l.turn() // what the first of everything costs
		clear(l.times)
		for range turns {
			l.turn()
		}
		l.report()
	}
}

func newSignedLog(b *testing.B) *signedLog {
	l := &signedLog{lab: newLab(b), b: b, times: map[string][]time.Duration{}}
	keys := newVault(b)
	l.config.Log, l.config.SealKey = keys.Signer(vault.KeyLog), keys.Signer(vault.KeySeal)
	l.signer = keys.Signer(vault.KeyWorker)
	l.config.Worker = l.signer
	l.service = l.lab.service()
	l.id = l.openCase(l.service).ID
	l.others, l.raw = l.bareCollection(b, "alone"), l.bareCollection(b, "raw")
	return l
}

func (l *signedLog) turn() {
	var recorded []evidence.LogEntry
	batch := entriesOf(l.id, block)
	l.took("batch", block, func() (err error) {
		if recorded, err = l.service.Append(l.b.Context(), batch...); err == nil {
			_, err = l.service.Checkpoint(l.b.Context(), worker, l.id)
		}
		return err
	})
	l.mirrored(l.service) // no act waits for that, and what is measured next shall not either
	same := documentsOf(recorded)
	l.took("raw", block, func() error {
		_, err := l.raw.InsertMany(l.b.Context(), same, options.InsertMany().SetOrdered(true))
		return err
	})
	l.took("alone", alone, func() error { return l.signedAlone(false) })
	l.took("gathered", alone, func() error { return l.signedAlone(true) })
}

// signedAlone signs each entry by a request of its own, and inserts it at once,
// as whoever waits for that one needs it, or together with the others.
func (l *signedLog) signedAlone(together bool) error {
	var docs []bson.D
	for i, e := range entriesOf(l.id, alone) {
		raw, err := attest.Sign(l.b.Context(), l.signer, &e)
		if err != nil {
			return err
		}
		docs = append(docs, documentsOf([]evidence.LogEntry{{Index: int64(i), Raw: raw[0], Entry: e}})...)
		if together {
			continue
		}
		if _, err := l.others.InsertOne(l.b.Context(), docs[i]); err != nil {
			return err
		}
	}
	if !together {
		return nil
	}
	_, err := l.others.InsertMany(l.b.Context(), docs, options.InsertMany().SetOrdered(true))
	return err
}

// documentsOf returns what the registry writes for entries.
func documentsOf(list []evidence.LogEntry) []bson.D {
	docs := make([]bson.D, len(list))
	for i, e := range list {
		docs[i] = bson.D{
			{Key: "_id", Value: string(e.Entry.Case) + "/" + string(e.Entry.ID)}, {Key: "part", Value: string(e.Entry.Case) + "/000000000"},
			{Key: "entry", Value: string(e.Entry.ID)}, {Key: "n", Value: e.Index}, {Key: "raw", Value: e.Raw},
		}
	}
	return docs
}

func (l *signedLog) took(name string, entries int, do func() error) {
	since := time.Now()
	l.check(do())
	l.times[name] = append(l.times[name], time.Since(since)/time.Duration(entries))
}

// report reports the median of each way, and how many times as fast as the
// others the batch was, turn by turn: median, least and most.
func (l *signedLog) report() {
	for name, times := range l.times {
		l.b.ReportMetric(1000*share(slices.Clone(times), 0.5), "µs/"+name)
	}
	for _, other := range []string{"raw", "alone", "gathered"} {
		ratios := make([]float64, len(l.times[other]))
		for i, t := range l.times[other] {
			ratios[i] = float64(t) / float64(l.times["batch"][i])
		}
		slices.Sort(ratios)
		l.b.ReportMetric(ratios[len(ratios)/2], "ratio/"+other)
		l.b.ReportMetric(ratios[0], "ratio/"+other+"-least")
		l.b.ReportMetric(ratios[len(ratios)-1], "ratio/"+other+"-most")
	}
}
