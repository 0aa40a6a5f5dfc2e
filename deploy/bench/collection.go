package main

import (
	"context"
	"fmt"
	"time"
)

// collectionMemory is what the API and the command line may take at most while a
// collection comes in, in MiB; collectionShare is what the time of bringing it in
// may be of rclone's at most.
const (
	collectionMemory = 200
	collectionShare  = 0.333
)

// collection brings folders of small files in, each as one exhibit: as many as
// "many" has, and five times as many for the memory that it takes.
func (b *bench) collection(ctx context.Context) error {
	if err := b.oneCollection(ctx, b.files, true); err != nil {
		return err
	}
	return b.oneCollection(ctx, 5*b.files, false)
}

func (b *bench) oneCollection(ctx context.Context, files int, compared bool) error {
	folder := b.file("collection")
	total, err := writeMany(folder, files)
	if err != nil {
		return err
	}
	c, err := b.openCase(ctx, fmt.Sprintf("Benchmark: a folder of %d files", files))
	if err != nil {
		return err
	}
	var beside time.Duration
	if compared {
		if beside, err = b.copyMany(ctx, folder, "--transfers", "16"); err != nil {
			return err
		}
	}
	api, worker := watchMemory(b.station.API.PID), watchMemory(b.station.Worker.PID)
	add := b.emil.Command(ctx, "--json", "evidence", "add", folder, "--case", c.Number, "--source", "benchmark", "--authority", "benchmark", "--no-wait")
	var peak float64
	received, err := timed(func() error { peak, err = runWatched(add); return err })
	if err != nil {
		return err
	}
	later, err := b.settle(ctx, c.ID, 1)
	if err != nil {
		return err
	}
	if compared {
		again, err := b.copyMany(ctx, folder, "--transfers", "16")
		if err != nil {
			return err
		}
		beside = (beside + again) / 2
	}
	b.station.Note("%-10s %d files, %d MiB, received in %s", "collection", files, total>>20, received.Round(time.Millisecond))
	b.collectionFigures(files, received, later, beside)
	what := fmt.Sprintf("peak memory of the %%s, %d files", files)
	b.report.add(Figure{Part: "collection", What: fmt.Sprintf(what, "command line"), Value: peak, Unit: "MiB", Below: collectionMemory})
	b.report.add(Figure{Part: "collection", What: fmt.Sprintf(what, "API"), Value: api.end(), Unit: "MiB", Below: collectionMemory})
	b.report.add(Figure{Part: "collection", What: fmt.Sprintf(what, "worker"), Value: worker.end(), Unit: "MiB"})
	return forget(folder)
}

func (b *bench) collectionFigures(files int, received time.Duration, later settled, beside time.Duration) {
	for _, f := range []struct {
		what   string
		took   time.Duration
		factor float64
	}{
		{"received: hashed, locked, on record", received, collectionShare},
		{"sealed: read back and checked as well", received + later.sealed, 0},
	} {
		figure := Figure{Part: "collection", What: fmt.Sprintf("%d files as one exhibit %s", files, f.what), Value: f.took.Seconds(), Unit: "s"}
		if beside > 0 {
			figure.Beside, figure.Factor = &Beside{"rclone copy --transfers 16, mean of before and after", beside.Seconds()}, f.factor
		}
		b.report.add(figure)
	}
}
