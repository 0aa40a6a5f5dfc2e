package main

import (
	"context"
	"fmt"
	"time"
)

// many brings a folder of small files in as one intake.
func (b *bench) many(ctx context.Context) error {
	folder := b.file("many")
	total, err := writeMany(folder, b.files)
	if err != nil {
		return err
	}
	c, err := b.openCase(ctx, "Benchmark: many small files")
	if err != nil {
		return err
	}
	b.long = c.ID
	beside, err := b.copyMany(ctx, folder)
	if err != nil {
		return err
	}
	b.station.Note("%-10s %d files, %d MiB; rclone %s", "many", b.files, total>>20, beside.Round(time.Second))
	memory, workerMemory := watchMemory(b.station.API.PID), watchMemory(b.station.Worker.PID)
	add := b.emil.Command(ctx, addArguments(c.Number, folder)...)
	var addPeak float64
	received, err := timed(func() error { addPeak, err = runWatched(add); return err })
	if err != nil {
		return err
	}
	b.station.Note("%-10s received in %s", "many", received.Round(time.Second))
	later, err := b.settle(ctx, c.ID, b.files)
	if err != nil {
		return err
	}
	b.station.Note("%-10s sealed after %s more, analysed after %s", "many", later.sealed.Round(time.Second), later.analysed.Round(time.Second))
	again, err := b.copyMany(ctx, folder)
	if err != nil {
		return err
	}
	b.manyFigures(received, later, (beside+again)/2)
	b.report.add(Figure{Part: "many", What: "peak memory of the API, intake", Value: memory.end(), Unit: "MiB", Below: apiMemory})
	b.report.add(Figure{Part: "many", What: "peak memory of the worker, intake", Value: workerMemory.end(), Unit: "MiB"})
	b.report.add(Figure{Part: "many", What: "peak memory of the command line, intake", Value: addPeak, Unit: "MiB"})
	if err := b.itemPages(ctx, "many", c.ID); err != nil {
		return err
	}
	if err := b.logPages(ctx, "many", c.ID); err != nil {
		return err
	}
	if err := b.exportFigures(ctx, "many", c.Number); err != nil {
		return err
	}
	return forget(folder)
}

// copyMany returns how long rclone takes for the same folder, 0 without it.
func (b *bench) copyMany(ctx context.Context, folder string, flags ...string) (time.Duration, error) {
	if b.rclone == nil {
		return 0, nil
	}
	took, err := timed(func() error {
		return b.rclone.run(ctx, append([]string{"copy", folder, b.rclone.at("many")}, flags...)...)
	})
	if err != nil {
		return 0, err
	}
	return took, b.rclone.fresh(ctx)
}

func (b *bench) manyFigures(received time.Duration, later settled, beside time.Duration) {
	for _, f := range []struct {
		what string
		took time.Duration
	}{
		{"received: hashed, locked, on record", received},
		{"sealed: read back as well", received + later.sealed},
		{"analysed", received + later.analysed},
	} {
		figure := Figure{Part: "many", What: fmt.Sprintf("%d files %s", b.files, f.what), Value: f.took.Seconds(), Unit: "s"}
		if beside > 0 {
			figure.Beside = &Beside{"rclone copy, mean of before and after", beside.Seconds()}
		}
		b.report.add(figure)
	}
}

// exportFigures exports, fetches and verifies a case.
func (b *bench) exportFigures(ctx context.Context, part, number string) error {
	memory, workerMemory := watchMemory(b.station.API.PID), watchMemory(b.station.Worker.PID)
	e, err := b.export(ctx, number, part)
	if err != nil {
		return err
	}
	api, worker := memory.end(), workerMemory.end()
	size := fmt.Sprintf("bundle of %d MiB ", e.length>>20)
	b.report.add(Figure{Part: part, What: size + "written", Value: e.made.Seconds(), Unit: "s"})
	b.report.add(Figure{Part: part, What: size + "fetched", Value: e.fetched.Seconds(), Unit: "s"})
	b.report.add(Figure{Part: part, What: size + "verified offline", Value: e.verified.Seconds(), Unit: "s"})
	b.report.add(Figure{Part: part, What: "peak memory of the API, export and download", Value: api, Unit: "MiB", Below: apiMemory})
	b.report.add(Figure{Part: part, What: "peak memory of the worker, export", Value: worker, Unit: "MiB"})
	b.report.add(Figure{Part: part, What: "peak memory of the command line, download", Value: e.fetchPeak, Unit: "MiB"})
	b.report.add(Figure{Part: part, What: "peak memory of sealcase-verify", Value: e.verifyPeak, Unit: "MiB"})
	b.report.note("Memory: %s.", memory.how())
	return forget(e.file, e.file+".proof.json")
}
