package logbook

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

// signLimit is how long signing one checkpoint in the background may take.
const signLimit = 30 * time.Second

// SignSoon has the head of the log signed within the checkpoint delay.
func (l *Log) SignSoon() {
	l.book.mu.Lock()
	defer l.book.mu.Unlock()
	l.book.due[l] = struct{}{}
}

// signInBackground signs what is due until the Book is closed.
func (b *Book) signInBackground() {
	defer close(b.signStopped)
	ticker := time.NewTicker(b.config.CheckpointDelay)
	defer ticker.Stop()
	failing := false
	for {
		select {
		case <-b.stopping:
			return
		case <-ticker.C:
		}
		ctx, cancel := context.WithTimeout(context.Background(), signLimit)
		err := b.signDue(ctx)
		cancel()
		if failing != (err != nil) { // once, not at every tick
			failing = err != nil
			b.logger.WarnContext(ctx, "signing checkpoints", slog.Bool("failing", failing), slog.Any("error", err))
		}
	}
}

// signDue signs the heads that are due; those that fail stay due.
func (b *Book) signDue(ctx context.Context) error {
	b.mu.Lock()
	due := b.due
	b.due = map[*Log]struct{}{}
	b.mu.Unlock()
	var errs []error
	for l := range due {
		if _, err := l.Checkpoint(ctx); err != nil {
			l.SignSoon()
			errs = append(errs, err)
			if evidence.CodeOf(err).Retryable() {
				for l := range due { // the others would fail in the same way
					l.SignSoon()
				}
				break
			}
		}
	}
	return errors.Join(errs...)
}
