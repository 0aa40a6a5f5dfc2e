package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

// apiMemory is the target for the API's resident memory, in MiB.
const apiMemory = 200

// big brings one large file in: undisturbed and beside rclone, then with the
// command line and the API killed on the way; and exports it.
func (b *bench) big(ctx context.Context) error {
	source := b.file("large.bin")
	if err := writeLarge(source, b.size); err != nil {
		return err
	}
	c, err := b.openCase(ctx, "Benchmark: one large file")
	if err != nil {
		return err
	}
	if err := b.straight(ctx, source); err != nil {
		return err
	}
	if err := b.disturbed(ctx, c, source); err != nil {
		return err
	}
	if err := forget(source); err != nil {
		return err
	}
	return b.exportFigures(ctx, "big", c.Number)
}

// straight measures an undisturbed upload and a download of the same bytes,
// rclone doing the same before and after.
func (b *bench) straight(ctx context.Context, source string) error {
	c, err := b.openCase(ctx, "Benchmark: one large file, undisturbed")
	if err != nil {
		return err
	}
	target := b.file("fetched.bin")
	upBefore, downBefore, err := b.copyLarge(ctx, source, target)
	if err != nil {
		return err
	}
	memory := watchMemory(b.station.API.PID)
	add := b.emil.Command(ctx, addArguments(c.Number, source)...)
	var addPeak float64
	up, err := timed(func() error { addPeak, err = runWatched(add); return err })
	if err != nil {
		return err
	}
	b.station.Note("%-10s received undisturbed in %s", "big", up.Round(time.Second))
	settled, err := b.settle(ctx, c.ID, 1)
	if err != nil {
		return err
	}
	get := b.emil.Command(ctx, "evidence", "get", c.Number+"/E-00001", "--purpose", "benchmark", "--output", target, "--force")
	down, err := timed(func() error { _, err := runWatched(get); return err })
	if err != nil {
		return err
	}
	peak := memory.end()
	if err := forget(target); err != nil {
		return err
	}
	upAfter, downAfter, err := b.copyLarge(ctx, source, target)
	if err != nil {
		return err
	}
	size := fmt.Sprintf("%d MiB ", b.size>>20)
	b.report.add(b.besideRclone(size+"received: hashed, locked, on record", up, (upBefore+upAfter)/2))
	b.report.add(b.besideRclone(size+"sealed: read back as well", up+settled.sealed, (upBefore+upAfter)/2))
	b.report.add(b.besideRclone(size+"downloaded, hashed again", down, (downBefore+downAfter)/2))
	b.report.add(Figure{Part: "big", What: "analysed after it was received", Value: settled.analysed.Seconds(), Unit: "s"})
	b.report.add(Figure{Part: "big", What: "peak memory of the API, upload and download", Value: peak, Unit: "MiB", Below: apiMemory})
	b.report.add(Figure{Part: "big", What: "peak memory of the command line, upload", Value: addPeak, Unit: "MiB"})
	return nil
}

func (b *bench) besideRclone(what string, took, beside time.Duration) Figure {
	f := Figure{Part: "big", What: what, Value: took.Seconds(), Unit: "s"}
	if beside > 0 {
		f.Beside = &Beside{"rclone copyto, mean of before and after", beside.Seconds()}
	}
	return f
}

// copyLarge returns how long rclone takes to copy the file to the store and
// back, 0 without it.
func (b *bench) copyLarge(ctx context.Context, source, target string) (up, down time.Duration, err error) {
	if b.rclone == nil {
		return 0, 0, nil
	}
	up, err = timed(func() error { return b.rclone.run(ctx, "copyto", source, b.rclone.at("large")) })
	if err != nil {
		return 0, 0, err
	}
	down, err = timed(func() error { return b.rclone.run(ctx, "copyto", b.rclone.at("large"), target) })
	if err != nil {
		return 0, 0, err
	}
	b.station.Note("%-10s rclone up %s, down %s", "big", up.Round(time.Second), down.Round(time.Second))
	return up, down, errors.Join(forget(target), b.rclone.fresh(ctx))
}

// disturbed brings the file in while, first, the command line is killed, and
// then the API; the same command goes on both times.
func (b *bench) disturbed(ctx context.Context, c evidence.Case, source string) error {
	memory, workerMemory := watchMemory(b.station.API.PID), watchMemory(b.station.Worker.PID)
	// The journal is named by the path as given: the same command is the same
	// delivery.
	first := b.emil.Command(ctx, addArguments(c.Number, source)...)
	since := time.Now()
	if err := killAt(ctx, first, b.size/3); err != nil {
		return err
	}
	second := b.emil.Command(ctx, addArguments(c.Number, source)...)
	if err := b.crossing(ctx, second, 2*b.size/3); err != nil {
		return err
	}
	took := time.Since(since)
	peak := memory.end()
	b.station.Note("%-10s received, killed twice on the way, in %s", "big", took.Round(time.Second))
	settled, err := b.settle(ctx, c.ID, 1)
	if err != nil {
		return err
	}
	if err := b.checkDigest(ctx, c, source); err != nil {
		return err
	}
	b.report.add(Figure{Part: "big", What: "received with the command line killed at a third and the API at two", Value: took.Seconds(), Unit: "s"})
	b.report.add(Figure{Part: "big", What: "peak memory of the API, upload resumed twice", Value: peak, Unit: "MiB", Below: apiMemory})
	b.report.add(Figure{Part: "big", What: "read back and sealed", Value: settled.sealed.Seconds(), Unit: "s"})
	b.report.add(Figure{Part: "big", What: "peak memory of the worker, sealing and analysing", Value: workerMemory.end(), Unit: "MiB"})
	return nil
}

// killAt starts a command and kills it when it has read that many bytes.
func killAt(ctx context.Context, cmd *exec.Cmd, at int64) error {
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting %s: %w", filepath.Base(cmd.Path), err)
	}
	err := reading(ctx, cmd.Process.Pid, at)
	killed := cmd.Process.Kill()
	_ = cmd.Wait() // it was killed
	return errors.Join(err, killed)
}

// reading waits until a process has read that many bytes.
func reading(ctx context.Context, pid int, at int64) error {
	for {
		read, err := bytesRead(pid)
		if err != nil {
			return fmt.Errorf("it ended, or this is not Linux, before it was to be killed: %w", err)
		}
		if read >= at {
			return nil
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

// crossing runs a command to its end, and kills the API and starts it again
// when the command has read that many bytes.
func (b *bench) crossing(ctx context.Context, cmd *exec.Cmd, at int64) error {
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting %s: %w", filepath.Base(cmd.Path), err)
	}
	err := reading(ctx, cmd.Process.Pid, at)
	if err == nil {
		err = b.station.API.Restart(ctx)
	}
	if failed := cmd.Wait(); failed != nil {
		return errors.Join(err, fmt.Errorf("%s: %w\n%.4000s", filepath.Base(cmd.Path), failed, said.String()))
	}
	return err
}

// checkDigest compares what is on record with the file.
func (b *bench) checkDigest(ctx context.Context, c evidence.Case, source string) error {
	file, err := os.Open(source)
	if err != nil {
		return fmt.Errorf("reading the large file again: %w", err)
	}
	defer file.Close()
	want, err := digestOf(file)
	if err != nil {
		return err
	}
	got, err := b.onlyItem(ctx, c.ID)
	if err != nil {
		return err
	}
	if got.Digest != want || got.Length != b.size || got.State != evidence.ItemSealed {
		return fmt.Errorf("the item is %s with %d bytes and the SHA-256 %s; the file has %d and %s", got.State, got.Length, got.Digest, b.size, want)
	}
	return nil
}
