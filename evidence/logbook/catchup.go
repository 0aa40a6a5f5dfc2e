package logbook

import (
	"bytes"
	"context"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// catchUp reads what others appended and returns it. The caller has the turn.
func (l *Log) catchUp(ctx context.Context) ([]evidence.LogEntry, error) {
	l.mu.Lock()
	loaded, broken := l.loaded, l.broken
	l.mu.Unlock()
	if broken != nil {
		return nil, broken
	}
	if !loaded {
		return nil, l.load(ctx)
	}
	began := time.Now()
	found, more, err := l.stepOn(ctx)
	if more {
		var rest []evidence.LogEntry
		rest, err = l.readOn(ctx)
		found = append(found, rest...)
	}
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	l.caught = began
	l.mu.Unlock()
	return found, nil
}

// steps is how many entries are looked for one by one before whole tiles are
// read. On the embedded default an entry takes a millisecond, a tile twenty or
// more; and whoever takes that long to catch up finds the next index taken
// again while another process appends.
const steps = 12

// stepOn reads the next few entries one by one; more says that there may be
// others.
func (l *Log) stepOn(ctx context.Context) (found []evidence.LogEntry, more bool, err error) {
	for range steps {
		e, ok, err := l.book.store.EntryAt(ctx, l.id, l.size())
		if err != nil || !ok {
			return found, false, err
		}
		full, err := l.apply([]evidence.LogEntry{e})
		l.keepTiles(ctx, full)
		if err != nil {
			return found, false, err
		}
		found = append(found, e)
	}
	return found, true, nil
}

// readOn reads entries from the end of what is known to the end of the log.
func (l *Log) readOn(ctx context.Context) (found []evidence.LogEntry, err error) {
	for {
		size := l.size()
		list, err := l.book.store.Entries(ctx, l.id, size/ledger.TileSize)
		if err != nil {
			return found, err
		}
		whole := len(list) == ledger.TileSize
		for len(list) > 0 && list[0].Index < size {
			list = list[1:]
		}
		full, err := l.apply(list)
		l.keepTiles(ctx, full)
		if found = append(found, list...); len(found) > maxFresh {
			found = nil // whoever looks for theirs among so many asks for it by its identifier
		}
		if err != nil || !whole {
			return found, err
		}
	}
}

// load reads the log for the first time: what is kept of its full tiles, for the
// spans under its newest good snapshot by their roots only, then the entries after
// those. It holds the newest checkpoint against them: a log that was rolled back or
// rewritten since it was signed is not used. What the entries under that checkpoint
// say begins with the newest good snapshot.
func (l *Log) load(ctx context.Context) error {
	began := time.Now()
	kept, err := snapshots{l}.skip(ctx)
	if err != nil {
		return err
	}
	if kept == nil {
		l.reset()
		if err := l.readTiles(ctx); err != nil {
			return err
		}
	}
	note, err := l.Newest(ctx)
	if err != nil {
		return err
	}
	if note != nil {
		if _, err := l.readOn(ctx); err != nil { // entries are there before a head that covers them
			return err
		}
		if err := l.hold(ctx, note); err != nil {
			return err
		}
		if err := (snapshots{l}).resume(ctx, kept); err != nil {
			return err
		}
	}
	if err := (logMirror{l}).compareNewest(ctx); err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.loaded, l.caught = true, began
	return nil
}

// readTiles takes in what is kept of the full tiles behind what is known, then the
// entries after those.
func (l *Log) readTiles(ctx context.Context) error {
	for span := l.size() / ledger.SpanSize; ; span++ {
		bodies, err := l.book.store.Tiles(ctx, l.id, span)
		if err != nil {
			return err
		}
		if err := l.addTiles(bodies); err != nil {
			return err
		}
		if len(bodies) < ledger.SpanTiles {
			break
		}
	}
	_, err := l.readOn(ctx)
	return err
}

// Newest looks for the newest signed head, from the last tile
// backwards.
func (l *Log) Newest(ctx context.Context) ([]byte, error) {
	for tile := l.size()/ledger.TileSize + 1; tile >= 0; tile-- {
		note, err := l.book.store.LastCheckpoint(ctx, l.id, tile)
		if err != nil || note != nil {
			return note, err
		}
	}
	return nil, nil
}

// hold compares the registry's newest signed head with the entries.
func (l *Log) hold(ctx context.Context, note []byte) error {
	err := l.holdAgainst(ctx, note, "the case's log is not the one that was signed at %d entries: it was rolled back or rewritten; nothing is added to it")
	if err != nil {
		return err
	}
	cp, err := ledger.ParseCheckpoint(note)
	if err != nil {
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.signed, l.note, l.vouched = cp.Size, bytes.Clone(note), false // see vouch
	return nil
}

// holdAgainst has the log not be used when its entries are not those of a head,
// for a reason that names the head's size.
func (l *Log) holdAgainst(ctx context.Context, note []byte, reason string) error {
	cp, err := ledger.ParseCheckpoint(note)
	if err != nil {
		return err
	}
	root, err := l.Root(ctx, cp.Size)
	if err != nil {
		return err
	}
	if root != cp.Root {
		return l.refuse(evidence.Errorf(evidence.Tampered, reason, cp.Size))
	}
	return nil
}
