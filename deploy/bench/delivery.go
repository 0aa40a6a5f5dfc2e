package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows"
)

// lookEvery is how often a run looks whether something has come about.
const lookEvery = 250 * time.Millisecond

// addArguments are those of `sealcase evidence add`, without waiting for seals.
func addArguments(number, path string) []string {
	return []string{"--json", "evidence", "add", "--each", path, "--case", number, "--source", "benchmark", "--authority", "benchmark", "--no-wait"}
}

// intakeOf returns the first intake of a case that received anything.
func (b *bench) intakeOf(ctx context.Context, c evidence.CaseID) (evidence.IntakeID, error) {
	var page api.LogPage
	for from := int64(0); ; from += 256 {
		if _, err := b.api.get(ctx, "/cases/"+string(c)+"/log", pageAt(from, 256), &page); err != nil {
			return "", err
		}
		for _, e := range page.Items {
			if e.Entry.Act == evidence.ActReceived {
				return evidence.IntakeID(e.Entry.Details["intake"]), nil
			}
		}
		if from+256 >= page.Size {
			return "", fmt.Errorf("the log of %s has no intake", c)
		}
	}
}

// settled is how long sealing and analysing took after everything was received.
type settled struct{ sealed, analysed time.Duration }

// settle waits until all of an intake is sealed and analysed.
func (b *bench) settle(ctx context.Context, c evidence.CaseID, items int) (settled, error) {
	var s settled
	intake, err := b.intakeOf(ctx, c)
	if err != nil {
		return s, err
	}
	since := time.Now()
	for {
		var view api.IntakeView
		if _, err := b.api.get(ctx, "/intakes/"+string(intake), nil, &view); err != nil {
			return s, err
		}
		if view.Progress.Quarantined > 0 {
			return s, fmt.Errorf("%d items of the benchmark are quarantined", view.Progress.Quarantined)
		}
		if s.sealed == 0 && view.Progress.Sealed >= items {
			s.sealed = time.Since(since)
		}
		if view.Progress.Analysed >= items {
			s.analysed = time.Since(since)
			return s, nil
		}
		if view.Progress.State == workflows.IntakeDone {
			return s, fmt.Errorf("the intake ended with %d of %d items sealed and %d analysed; the worker's log says why", view.Progress.Sealed, items, view.Progress.Analysed)
		}
		if err := pause(ctx); err != nil {
			return s, err
		}
	}
}

func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(lookEvery):
		return nil
	}
}

// exported is a bundle that was made, fetched and verified.
type exported struct {
	made, fetched, verified time.Duration
	length                  int64
	fetchPeak, verifyPeak   float64 // MiB, of the command line and of sealcase-verify
	file                    string
}

// export has a bundle of a case made, fetches it and verifies it offline.
func (b *bench) export(ctx context.Context, number, name string) (exported, error) {
	e := exported{file: b.file(name + ".zip")}
	var made evidence.Disclosure
	var err error
	e.made, err = timed(func() error {
		return b.paula.JSON(ctx, &made, "bundle", "export", "--case", number, "--recipient", "benchmark", "--purpose", "benchmark")
	})
	if err != nil {
		return e, err
	}
	e.length = made.Length
	b.station.Note("%-10s exported %s: %d MiB in %s", "bench", number, e.length>>20, e.made.Round(time.Second))
	fetch := b.paula.Command(ctx, "bundle", "download", string(made.ID), "--output", e.file, "--force")
	if e.fetched, err = timed(func() error { e.fetchPeak, err = runWatched(fetch); return err }); err != nil {
		return e, err
	}
	keys := b.file("agency.vkey")
	if _, err := b.paula.Run(ctx, "keys", "--output", keys, "--force"); err != nil {
		return e, err
	}
	verify := exec.CommandContext(ctx, b.station.Program("sealcase-verify"), e.file, "-key", keys, "-proof", e.file+".proof.json")
	e.verified, err = timed(func() error { e.verifyPeak, err = runWatched(verify); return err })
	return e, err
}

// forget removes files that are no longer needed, for the room that they take.
func forget(paths ...string) error {
	for _, p := range paths {
		if err := os.RemoveAll(p); err != nil {
			return fmt.Errorf("removing %s: %w", p, err)
		}
	}
	return nil
}
