package logbook

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/state"
)

// Log is the log of one case. Other processes append to the same log; what is
// known here is always a true beginning of it, and is caught up when that matters.
type Log struct {
	edge

	book *Book
	turn chan struct{} // held by whoever reads or writes the store to bring the log on

	mirrored   int64        // entries that are mirrored without a gap, as far as is known; mu guards it
	unmirrored []signedHead // heads that wait to be mirrored, by size; mu guards it

	examining sync.Mutex // guards what follows
	checker   *attest.Checker
	by        *attest.Trust // by which the next entry is believed
	byOf      believed

	queue queue
}

func newLog(b *Book, c evidence.CaseID) *Log {
	l := &Log{book: b, turn: make(chan struct{}, 1), edge: edge{id: c, grown: make(chan struct{}), said: &state.Case{}}}
	l.queue = queue{wake: make(chan struct{}, 1), stopping: b.stopping, commit: writer{l}.commit}
	return l
}

// ID returns the case whose log it is.
func (l *Log) ID() evidence.CaseID { return l.id }

// idle reports whether nothing waits to be appended, signed or mirrored.
func (l *Log) idle() bool {
	busy := l.queue.busy()
	l.mu.Lock()
	defer l.mu.Unlock()
	return !busy && len(l.unmirrored) == 0 && l.id != evidence.RegisterID() && l.broken == nil
}

// take waits for the turn to work with the registry.
func (l *Log) take(ctx context.Context) error {
	select {
	case l.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return evidence.WrapError(evidence.Unavailable, ctx.Err(), "waiting for the case's log took longer than the request may")
	}
}

func (l *Log) release() { <-l.turn }

// Head is a state of a log at one moment.
type Head struct {
	Size   int64
	Root   ledger.Hash
	Signed int64           // size of the newest checkpoint known
	Note   []byte          // that checkpoint; nil for none
	Said   *state.Case     // never changed; of fewer entries than Size where some could not be checked
	Grown  <-chan struct{} // closed when entries come
	unsure error           // why Said is of fewer
}

// Whole returns nil when the head says what all its entries say, and why not
// otherwise: something may have happened that is not known here.
func (h Head) Whole() error {
	switch code := evidence.CodeOf(h.unsure); {
	case h.Said.Size >= h.Size:
		return nil
	case code != "" && !code.Retryable():
		return h.unsure
	case code == evidence.Sealed:
		return evidence.WrapError(code, h.unsure, "Vault is sealed, and the last entries of the case's log cannot be checked; nothing was recorded: try again when it is unsealed")
	default:
		return evidence.WrapError(evidence.Unavailable, h.unsure, "the last entries of the case's log cannot be checked now; nothing was recorded: try again")
	}
}

// Head brings the log up to date unless that happened less than age ago,
// and returns its head.
func (l *Log) Head(ctx context.Context, age time.Duration) (Head, error) {
	if h, ok := l.recent(age); ok {
		return h, nil
	}
	if err := l.take(ctx); err != nil {
		return Head{}, err
	}
	defer l.release()
	if h, ok := l.recent(age); ok { // another did it while this one waited
		return h, nil
	}
	if _, err := l.catchUp(ctx); err != nil {
		return Head{}, err
	}
	// What cannot be examined now is read all the same: no head is signed over it,
	// and it says nothing of the case.
	unsure := l.Check(ctx, l.size())
	l.mu.Lock()
	defer l.mu.Unlock()
	l.unsure = unsure
	if l.broken != nil {
		return Head{}, l.broken
	}
	return l.head(), nil
}

// keepTiles records full tiles that end before size. They can be made again
// from the entries, so a failure only costs whoever reads the log next.
func (l *Log) keepTiles(ctx context.Context, full []tileRecord) {
	first := l.size()/ledger.TileSize - int64(len(full))
	for i, record := range full {
		body, err := json.Marshal(record)
		if err == nil {
			err = l.book.store.AddTile(ctx, l.id, first+int64(i), body)
		}
		if err != nil {
			l.book.logger.WarnContext(ctx, "keeping a tile of a log", slog.String("case", string(l.id)), slog.Any("error", err))
			return
		}
	}
}

// AccessAge is how old what a process knows of a log may be when it decides who
// may read: within that time whoever loses access loses it in every process.
const AccessAge = 500 * time.Millisecond
