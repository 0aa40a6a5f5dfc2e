package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/sealcase/sealcase/deploy/local/station"
	"github.com/sealcase/sealcase/evidence"
)

// stopLimit is how long taking a station down may take.
const stopLimit = 2 * time.Minute

// bench is one run.
type bench struct {
	options
	report  *report
	station *station.Station
	emil    *station.Shell // examiner: brings in
	paula   *station.Shell // prosecutor: exports
	api     *browser       // the interface as the pages use it, as emil
	rclone  *rclone        // nil: not installed
	long    evidence.CaseID
}

// measure runs the parts that are asked for. What was measured before something
// failed is in the report all the same.
func measure(ctx context.Context, o options, progress io.Writer) (report, error) {
	r := report{Machine: fmt.Sprintf("%s/%s, %d processors, %s", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), time.Now().UTC().Format(time.DateTime))}
	b := &bench{options: o, report: &r}
	if o.dir == "" {
		dir, err := os.MkdirTemp("", "sealcase-bench-")
		if err != nil {
			return r, fmt.Errorf("making a temporary folder: %w", err)
		}
		defer os.RemoveAll(dir)
		b.dir = dir
	}
	if err := b.checkRoom(); err != nil {
		return r, err
	}
	return r, b.run(ctx, progress)
}

func (b *bench) run(ctx context.Context, progress io.Writer) error {
	for _, part := range judgeParts() {
		if !b.wants(part) {
			continue
		}
		fmt.Fprintf(progress, "%s: the whole suite\n", part)
		if err := b.judge(ctx, part); err != nil {
			return fmt.Errorf("%s: %w", part, err)
		}
	}
	if b.wants(indicatorPart) {
		if err := measureIndicators(ctx, b); err != nil {
			return fmt.Errorf("%s: %w", indicatorPart, err)
		}
	}
	if !b.wantsStation() {
		return nil
	}
	return b.runStation(ctx, progress)
}

// runStation measures the parts that need a whole Sealcase.
func (b *bench) runStation(ctx context.Context, progress io.Writer) (err error) {
	b.station, err = station.Up(ctx, station.Config{Dir: filepath.Join(b.dir, "station"), Progress: progress, Private: true})
	if err != nil {
		return err
	}
	defer func() {
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopLimit)
		defer cancel()
		err = errors.Join(err, b.station.Down(stopping))
	}()
	if err := b.signIn(ctx); err != nil {
		return err
	}
	if b.rclone, err = b.findRclone(ctx); err != nil {
		return err
	}
	for _, part := range []struct {
		name string
		do   func(context.Context) error
	}{{"many", b.many}, {"collection", b.collection}, {"log", b.log}, {"ledger", b.ledger}, {"cold", func(ctx context.Context) error { return openCold(ctx, b) }}, {"big", b.big}} {
		if !b.wants(part.name) {
			continue
		}
		if err := part.do(ctx); err != nil {
			return fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return nil
}

func (b *bench) signIn(ctx context.Context) (err error) {
	if b.emil, err = b.station.SignIn(ctx, "emil"); err != nil {
		return err
	}
	if b.paula, err = b.station.SignIn(ctx, "paula"); err != nil {
		return err
	}
	b.api, err = newBrowser(ctx, b.station, "emil")
	return err
}

// checkRoom fails when the disk will not hold what the run writes: sources,
// stored copies, rclone's copies, bundles, and bundles fetched.
func (b *bench) checkRoom() error {
	need := int64(1 << 30)
	if b.wantsStation() {
		need = 3 << 30 // servers, logs, journals of the database
	}
	if b.wants("big") {
		need += 7 * b.size
	}
	if b.wants("many") {
		need += int64(b.files) * 100 << 10
	}
	if b.wants("collection") {
		need += int64(b.files) * 200 << 10
	}
	if b.wants("log") {
		need += int64(b.entries) * 10 << 10
	}
	if b.wants("cold") {
		need += int64(b.longest) * 10 << 10
	}
	if err := os.MkdirAll(b.dir, 0o700); err != nil {
		return fmt.Errorf("making %s: %w", b.dir, err)
	}
	free, known := freeBytes(b.dir)
	if known && free < need {
		return fmt.Errorf("%s has %d MiB free and this run may need %d MiB: choose another folder with -dir, or smaller -size and -files", b.dir, free>>20, need>>20)
	}
	return nil
}

// openCase opens a case of ida with emil and paula, ready to take evidence.
func (b *bench) openCase(ctx context.Context, title string) (evidence.Case, error) {
	ida, err := b.station.SignIn(ctx, "ida")
	if err != nil {
		return evidence.Case{}, err
	}
	var c evidence.Case
	if err := ida.JSON(ctx, &c, "case", "open", title, "--time-zone", "UTC", "--member", "emil", "--member", "paula"); err != nil {
		return c, err
	}
	_, err = ida.Run(ctx, "case", "transition", c.Number, "open", "--reason", "benchmark")
	return c, err
}

// timed returns how long do took.
func timed(do func() error) (time.Duration, error) {
	since := time.Now()
	err := do()
	return time.Since(since), err
}

func (b *bench) file(name string) string { return filepath.Join(b.dir, name) }
