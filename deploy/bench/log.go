package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/exhibit"
	"github.com/sealcase/sealcase/evidence/object"
	"github.com/sealcase/sealcase/evidence/registry"
	"github.com/sealcase/sealcase/evidence/rooms"
	"github.com/sealcase/sealcase/evidence/vault"
)

// log looks at a long log: appends by a benchmark of package custody, then pages
// of one through the API.
func (b *bench) log(ctx context.Context) error {
	if err := b.appends(ctx); err != nil {
		return err
	}
	if b.long == "" {
		if err := b.seed(ctx); err != nil {
			return err
		}
	}
	if err := b.grow(ctx, b.long); err != nil {
		return err
	}
	if err := b.station.API.Restart(ctx); err != nil { // so that the first look is a cold one
		return err
	}
	memory := watchMemory(b.station.API.PID)
	if err := b.logPages(ctx, "log", b.long); err != nil {
		return err
	}
	if err := b.itemPages(ctx, "log", b.long); err != nil {
		return err
	}
	b.report.add(Figure{Part: "log", What: "peak memory of the API, pages", Value: memory.end(), Unit: "MiB", Below: apiMemory})
	return nil
}

// seed opens a case with a few hundred small items, whose log is then grown.
func (b *bench) seed(ctx context.Context) error {
	const items = 256
	folder := b.file("seed")
	if _, err := writeMany(folder, items); err != nil {
		return err
	}
	c, err := b.openCase(ctx, "Benchmark: a long log")
	if err != nil {
		return err
	}
	if _, err := b.emil.Run(ctx, addArguments(c.Number, folder)...); err != nil {
		return err
	}
	b.long = c.ID
	_, err = b.settle(ctx, c.ID, items)
	return errors.Join(err, forget(folder))
}

// grow brings the log of a case to its length, by analyses of tools that do not
// exist, put on record as the worker does it.
func (b *bench) grow(ctx context.Context, c evidence.CaseID) error {
	s, closing, err := b.custody(ctx)
	if err != nil {
		return err
	}
	err = b.analyse(ctx, s, c)
	return errors.Join(err, closing())
}

func (b *bench) analyse(ctx context.Context, s *rooms.Rooms, c evidence.CaseID) error {
	worker := evidence.ServiceActor("worker")
	for round := 1; ; round++ {
		cursor := ""
		for more := true; more; more = cursor != "" {
			var page api.LogPage
			if _, err := b.api.get(ctx, "/cases/"+string(c)+"/log", pageAt(0, 1), &page); err != nil {
				return err
			}
			if page.Size >= int64(b.entries) {
				return nil
			}
			list, err := s.Exhibits.Items(ctx, worker, c, cursor, 256)
			if err != nil {
				return fmt.Errorf("growing the log: %w", err)
			}
			batch := make([]exhibit.Analysis, len(list.Items))
			for i, it := range list.Items {
				batch[i] = exhibit.Analysis{Item: it, Tools: []evidence.Tool{{Name: "benchmark", Version: fmt.Sprint(round)}}}
			}
			if err := s.Analyses.RecordAnalysis(ctx, worker, batch); err != nil {
				return fmt.Errorf("growing the log: %w", err)
			}
			cursor = list.Next
		}
		b.station.Note("%-10s round %d", "growing", round)
	}
}

// custody returns a Service on the station's engines, as its worker has one.
func (b *bench) custody(ctx context.Context) (s *rooms.Rooms, closing func() error, err error) {
	var credentials struct{ Vault vault.AppRole }
	raw, err := os.ReadFile(filepath.Join(b.station.Dir, "credentials", "worker.json"))
	if err != nil {
		return nil, nil, fmt.Errorf("signing the benchmark in: %w", err)
	}
	if err := json.Unmarshal(raw, &credentials); err != nil {
		return nil, nil, fmt.Errorf("signing the benchmark in: %w", err)
	}
	engines, origin := b.station.Servers, "sealcase.example"
	keys, err := vault.New(vault.Config{Address: engines.VaultAddr, Origin: origin, Service: credentials.Vault, As: vault.ServiceWorker})
	if err != nil {
		return nil, nil, err
	}
	objects, err := object.Open(ctx, object.Config{
		Endpoint: engines.S3.Endpoint, AccessKey: engines.S3.AccessKey, SecretKey: engines.S3.SecretKey, TLS: engines.S3.TLS, Prefix: "sealcase",
	})
	if err != nil {
		return nil, nil, err
	}
	records, err := registry.Open(ctx, registry.Config{URI: engines.MongoURI, Database: "sealcase"})
	if err != nil {
		return nil, nil, err
	}
	all, err := rooms.Open(rooms.Config{
		Registry: records, Objects: objects, Log: keys.Signer(vault.KeyLog), SealKey: keys.Signer(vault.KeySeal), Origin: origin,
		Worker: keys.Signer(vault.KeyWorker), Directory: keys,
		Logger: slog.New(slog.DiscardHandler),
	})
	if err != nil {
		return nil, nil, errors.Join(err, records.Close(ctx))
	}
	return all, func() error {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		return errors.Join(all.Close(ctx), records.Close(ctx), keys.Close(ctx))
	}, nil
}

// appends runs the benchmark of package custody on the station's servers.
func (b *bench) appends(ctx context.Context) error {
	m, err := b.goBenchmark(ctx, "./evidence/custody", "BenchmarkLongLog", fmt.Sprintf("SEALCASE_BENCH_ENTRIES=%d", b.entries))
	if err != nil {
		return err
	}
	at := fmt.Sprintf(" at %d entries", b.entries)
	const young = "in a young log, turn by turn"
	b.report.add(Figure{Part: "log", What: "one append" + at, Value: m["ms/append-old"], Unit: "ms",
		Beside: &Beside{young, m["ms/append-young"]}, Factor: noSlower})
	b.report.add(Figure{Part: "log", What: "256 appends in one batch" + at, Value: m["ms/batch-old"], Unit: "ms",
		Beside: &Beside{young, m["ms/batch-young"]}, Factor: noSlower})
	b.report.add(Figure{Part: "log", What: "256 appends in one batch" + at, Value: m["ms/batch-old"], Unit: "ms",
		Beside: &Beside{"insertMany of the same documents", m["ms/raw"]}})
	b.report.add(Figure{Part: "log", What: "growing to it, in batches", Value: m["entries/s"], Unit: "entries/s"})
	for _, p := range []string{"p50", "p95", "max"} {
		b.report.add(Figure{Part: "log", What: "page" + at + ", through the service, " + p, Value: m["ms/page-"+p], Unit: "ms", Below: milliseconds(pageLimit)})
	}
	b.report.add(Figure{Part: "log", What: "a cold process finds the head, appends and signs" + at, Value: m["ms/cold"], Unit: "ms"})
	return nil
}

// noSlower is how much slower an append may seem at the end than at the start:
// medians of turns on a shared machine differ by so much by themselves.
const noSlower = 1.15

// environ returns the addresses of the servers for a test of ours.
func (b *bench) environ(more ...string) []string {
	var env []string
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "SEALCASE_") {
			env = append(env, v)
		}
	}
	return append(append(env, b.station.Servers.Environ()...), more...)
}
