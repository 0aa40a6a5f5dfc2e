package attest_test

import (
	"crypto/ed25519"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// offline is a log as somebody holds it who has no server: its entries and the
// signed head, and beside each entry a signature of its own to compare with.
type offline struct {
	b       *testing.B
	raw     [][]byte
	each    [][]byte
	note    []byte
	trusted []evidence.PublicKey
	times   map[string][]time.Duration // of the whole log, by way of checking
}

// BenchmarkOffline checks a log of SEALCASE_BENCH_ENTRIES entries (10^5 in
// deploy/bench), turn by turn: the ledger (hashes, root, signed head); the whole
// (decoding and who signed besides); and one Ed25519 signature an entry, on a
// twentieth of the entries and multiplied. It is to run once (-benchtime=1x);
// deploy/bench reads the metrics, which are ms a log, and ratios of the turns.
func BenchmarkOffline(b *testing.B) {
	const turns = 5
	size := 5000
	if text := os.Getenv("SEALCASE_BENCH_ENTRIES"); text != "" {
		var err error
		if size, err = strconv.Atoi(text); err != nil {
			b.Fatal(err)
		}
	}
	for b.Loop() {
		o := newOffline(b, size)
		for range turns {
			o.took("ledger", 1, o.checkLedger)
			o.took("whole", 1, o.checkWhole)
			o.took("each", len(o.raw)/len(o.each), o.checkEach)
		}
		o.report()
	}
}

func newOffline(b *testing.B, size int) *offline {
	o := &offline{b: b, times: map[string][]time.Duration{}}
	var tree ledger.Tree
	for len(o.raw) < size {
		list := make([]*evidence.Entry, min(attest.MaxBatch, size-len(o.raw)))
		for i := range list {
			list[i] = sealedEntry(b)
		}
		signed, err := attest.Sign(b.Context(), worker, list...)
		if err != nil {
			b.Fatal(err)
		}
		for _, raw := range signed {
			tree.Append(ledger.LeafHash(raw))
		}
		o.raw = append(o.raw, signed...)
	}
	log := ledger.NewLocalSigner("agency.example/log/v1", [32]byte{9})
	var err error
	if o.note, err = ledger.SignCheckpoint(b.Context(), ledger.Checkpoint{Origin: "agency.example/case/c", Size: tree.Size(), Root: tree.Root()}, log); err != nil {
		b.Fatal(err)
	}
	for _, s := range []evidence.Signer{worker, log} {
		keys, err := s.PublicKeys(b.Context())
		if err != nil {
			b.Fatal(err)
		}
		o.trusted = append(o.trusted, keys...)
	}
	for _, raw := range o.raw[:max(1, size/20)] {
		s, err := worker.Sign(b.Context(), raw)
		if err != nil {
			b.Fatal(err)
		}
		o.each = append(o.each, s[0].Bytes)
	}
	return o
}

// sealedEntry returns an entry of usual length.
func sealedEntry(b *testing.B) *evidence.Entry {
	e := entry(b, evidence.ActSealed, evidence.ServiceActor("worker"))
	e.Purpose, e.Details = "", map[string]string{"intake": "intake-aaaaaaaaaaaaaaaaaaaaaaaaaa"}
	e.AboutItem(evidence.Item{ID: evidence.Derive[evidence.ItemID](e.Nonce), Exhibit: 1, Name: "mail/inbox/0001.eml", Length: 5, Digest: evidence.Sum([]byte(e.Nonce))})
	return e
}

func (o *offline) checkLedger() error {
	cp, _, err := ledger.OpenCheckpoint(o.note, o.trusted)
	if err != nil {
		return err
	}
	var tree ledger.Tree
	for _, raw := range o.raw {
		tree.Append(ledger.LeafHash(raw))
	}
	if tree.Size() != cp.Size || tree.Root() != cp.Root {
		return evidence.Errorf(evidence.Tampered, "the entries are not those that the checkpoint signs")
	}
	return nil
}

func (o *offline) checkWhole() error {
	signatures := attest.NewAgencyChecker("agency.example", o.trusted)
	for _, raw := range o.raw {
		var e evidence.Entry
		if err := canon.Unmarshal(raw, &e); err != nil {
			return err
		}
		if err := e.Check(); err != nil {
			return err
		}
		if err := signatures.Check(0, e, raw); err != nil {
			return err
		}
	}
	return o.checkLedger()
}

func (o *offline) checkEach() error {
	for i, signature := range o.each {
		if !ed25519.Verify(o.trusted[0].Key, o.raw[i], signature) {
			return evidence.Errorf(evidence.Tampered, "signature %d is not good", i)
		}
	}
	return nil
}

func (o *offline) took(name string, times int, do func() error) {
	since := time.Now()
	if err := do(); err != nil {
		o.b.Fatal(err)
	}
	o.times[name] = append(o.times[name], time.Since(since)*time.Duration(times))
}

// report reports the median of each way, and how many times as fast as one
// signature an entry the others were, turn by turn: median, least and most.
func (o *offline) report() {
	for _, name := range []string{"ledger", "whole"} {
		ratios := make([]float64, len(o.times[name]))
		for i, t := range o.times[name] {
			ratios[i] = float64(o.times["each"][i]) / float64(t)
		}
		slices.Sort(ratios)
		o.b.ReportMetric(ratios[len(ratios)/2], "ratio/"+name)
		o.b.ReportMetric(ratios[0], "ratio/"+name+"-least")
		o.b.ReportMetric(ratios[len(ratios)-1], "ratio/"+name+"-most")
	}
	for name, times := range o.times {
		slices.Sort(times)
		o.b.ReportMetric(float64(times[len(times)/2].Microseconds())/1000, "ms/"+name)
	}
}
