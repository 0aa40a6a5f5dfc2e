package main

import (
	"context"
	"fmt"
	"time"
)

// readyLimit is the target for a process that opens a case of 10^6 entries first.
const readyLimit = 2 * time.Second

// openCold runs the benchmark of package custody on the station's servers: processes
// that have seen nothing yet open a case with a long log.
func openCold(ctx context.Context, b *bench) error {
	m, err := b.goBenchmark(ctx, "./evidence/custody", "BenchmarkColdCase", fmt.Sprintf("SEALCASE_BENCH_ENTRIES=%d", b.longest))
	if err != nil {
		return err
	}
	of := fmt.Sprintf(" of %d entries", b.longest)
	const whole = "without a snapshot"
	for _, f := range []struct {
		name, what string
		below      time.Duration
	}{
		{"access", "a cold process decides who may read a case" + of, readyLimit},
		{"log-page", "then, its first page of the log", 0},
		{"items-page", "then, its first page of exhibits", 0},
		{"items-again", "then, that page again", 0},
		{"open", "all of these, case" + of, readyLimit},
	} {
		b.report.add(Figure{Part: "cold", What: f.what, Value: m["ms/"+f.name], Unit: "ms", Beside: &Beside{whole, m["ms/whole-"+f.name]}, Below: milliseconds(f.below)})
	}
	b.report.add(Figure{Part: "cold", What: "memory that the process keeps of it", Value: m["MiB/live"], Unit: "MiB"})
	b.report.add(Figure{Part: "cold", What: "memory allocated on the way", Value: m["MiB/allocated"], Unit: "MiB"})
	b.report.add(Figure{Part: "cold", What: "growing to it, in batches", Value: m["entries/s"], Unit: "entries/s"})
	return nil
}
