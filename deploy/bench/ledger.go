package main

import (
	"context"
	"fmt"
)

// What custody that signs everything may cost.
const (
	fasterThanAlone   = 10   // times as many entries a second as with a request to Vault each
	fasterThanEach    = 20   // times as fast offline as checking a signature an entry
	shareOfRawInserts = 0.35 // of what a bare insertMany of the same documents does
)

// ledger compares the log as it is kept, with one signature a batch and one a
// head, with a signature an entry: when it is written, and when it is checked.
func (b *bench) ledger(ctx context.Context) error {
	if err := b.signing(ctx); err != nil {
		return err
	}
	return b.checking(ctx)
}

// signing runs the benchmark of package custody on the station's servers.
func (b *bench) signing(ctx context.Context) error {
	m, err := b.goBenchmark(ctx, "./evidence/custody", "BenchmarkSignedLog", fmt.Sprintf("SEALCASE_BENCH_TURNS=%d", b.turns))
	if err != nil {
		return err
	}
	const what = "appended, one signature a batch of 256 and one a head"
	for _, beside := range []struct {
		name, what string
		least      float64
	}{
		{"alone", "a request to Vault and an insert each", fasterThanAlone},
		{"gathered", "a request to Vault each, inserted together", 0},
		{"raw", "insertMany of the same documents", shareOfRawInserts},
	} {
		b.report.add(Figure{Part: "ledger", What: what, Value: perSecond(m["µs/batch"]), Unit: "entries/s",
			Beside: &Beside{beside.what, perSecond(m["µs/"+beside.name])}, Least: beside.least, Turns: turnsOf(m, beside.name)})
	}
	return nil
}

// checking runs the benchmark of package attest, which needs no servers.
func (b *bench) checking(ctx context.Context) error {
	m, err := b.goBenchmark(ctx, "./evidence/attest", "BenchmarkOffline", fmt.Sprintf("SEALCASE_BENCH_ENTRIES=%d", b.entries))
	if err != nil {
		return err
	}
	for _, way := range []struct {
		name, what string
		least      float64
	}{
		{"ledger", "hashes, root and signed head", fasterThanEach},
		{"whole", "and decoding, and who signed each entry", 0},
	} {
		b.report.add(Figure{Part: "ledger", What: fmt.Sprintf("checked offline, %d entries: %s", b.entries, way.what),
			Value: perSecond(1000 * m["ms/"+way.name] / float64(b.entries)), Unit: "entries/s",
			Beside: &Beside{"an Ed25519 signature each", perSecond(1000 * m["ms/each"] / float64(b.entries))},
			Least:  way.least, Turns: turnsOf(m, way.name)})
	}
	return nil
}

// turnsOf returns the ratios that a benchmark took turn by turn.
func turnsOf(metrics map[string]float64, name string) *Turns {
	return &Turns{Median: metrics["ratio/"+name], Least: metrics["ratio/"+name+"-least"], Most: metrics["ratio/"+name+"-most"]}
}

// perSecond returns how many entries a second take so many microseconds each.
func perSecond(micros float64) float64 {
	if micros == 0 {
		return 0
	}
	return 1e6 / micros
}
