package logbook

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

// Config is what a Book is made of.
type Config struct {
	Store           LogStore
	Mirror          Mirror           // the second record of logs; nil for none
	Heads           evidence.Signer  // signs checkpoints and snapshots
	Machine         evidence.Signer  // signs acts of the machine; nil in a process that must not, such as the API
	Keys            Keys             // whose keys count, and how logs are told of them
	Origin          string           // names this installation in checkpoints, such as "agency.example"
	Logs            int              // how many logs a process remembers, but for those that have work to do; 1024 when 0
	CheckpointDelay time.Duration    // how long entries are gathered before their checkpoint is signed; 1 s when 0
	Clock           func() time.Time // time.Now when nil
	Logger          *slog.Logger     // slog.Default() when nil
}

func (c *Config) setDefaults() {
	if c.Logs == 0 {
		c.Logs = 1024
	}
	if c.CheckpointDelay == 0 {
		c.CheckpointDelay = time.Second
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
}

// Book keeps the logs of one process. It is safe for concurrent use.
type Book struct {
	store  LogStore
	config Config
	logger *slog.Logger

	mu        sync.Mutex // guards what follows
	logs      map[evidence.CaseID]*Log
	due       map[*Log]struct{} // whose heads are to be signed
	mirroring mirroring

	stopping      chan struct{}
	signStopped   chan struct{}
	mirrorStopped chan struct{}
}

// New returns a Book, or an Invalid error when the configuration lacks something.
// It performs no input or output. The caller closes the Book.
func New(c Config) (*Book, error) {
	c.setDefaults()
	switch {
	case c.Store == nil, c.Heads == nil, c.Keys == nil:
		return nil, evidence.Errorf(evidence.Invalid, "logs need a store, a signer of heads and the keys that count")
	case c.Origin == "":
		return nil, evidence.Errorf(evidence.Invalid, "logs need an origin, which names the installation in their checkpoints")
	}
	b := &Book{
		store: c.Store, config: c, logger: c.Logger,
		logs: map[evidence.CaseID]*Log{}, due: map[*Log]struct{}{},
		mirroring: mirroring{logs: map[*Log]evidence.Instant{}, wake: make(chan struct{}, 1)},
		stopping:  make(chan struct{}), signStopped: make(chan struct{}), mirrorStopped: make(chan struct{}),
	}
	go b.signInBackground()
	go b.mirrorInBackground()
	return b, nil
}

// Close signs the checkpoints that are due, mirrors them, and stops what runs in
// the background. The Book must not be used afterwards.
func (b *Book) Close(ctx context.Context) error {
	close(b.stopping)
	for _, stopped := range []chan struct{}{b.signStopped, b.mirrorStopped} {
		select {
		case <-stopped:
		case <-ctx.Done():
			return fmt.Errorf("closing the logs: %w", ctx.Err())
		}
	}
	if err := errors.Join(b.signDue(ctx), b.mirrorDue(ctx)); err != nil {
		return fmt.Errorf("closing the logs: %w", err)
	}
	return nil
}

// Log returns the log of a case, which need not have been read yet.
func (b *Book) Log(c evidence.CaseID) *Log {
	b.mu.Lock()
	defer b.mu.Unlock()
	l, ok := b.logs[c]
	if !ok {
		if len(b.logs) >= b.config.Logs {
			b.forgetLogs()
		}
		l = newLog(b, c)
		b.logs[c] = l
	}
	return l
}

// Remembered returns how many logs this process remembers.
func (b *Book) Remembered() int {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.logs)
}

// forgetLogs forgets the half of the logs that were used longest ago, but those
// that have work to do. It needs mu. Whoever holds a log that is forgotten goes on
// with it; another is read anew, as by another process.
func (b *Book) forgetLogs() {
	idle := make([]*Log, 0, len(b.logs))
	for _, l := range b.logs {
		if _, due := b.due[l]; !due && l.idle() {
			idle = append(idle, l)
		}
	}
	slices.SortFunc(idle, func(a, b *Log) int { return a.usedAt().Compare(b.usedAt()) })
	for _, l := range idle[:min(len(idle), (b.config.Logs+1)/2)] {
		delete(b.logs, l.id)
	}
}

func (b *Book) now() evidence.Instant { return evidence.At(b.config.Clock()) }
