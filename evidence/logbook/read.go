package logbook

import (
	"context"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/internal/parallel"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// WatchEvery is how often a watcher looks for entries of other processes.
const WatchEvery = 1500 * time.Millisecond

// Entries returns the entries from index from up to, not including, index to,
// of what this process knows of the log. What the registry gives is compared
// with that: entries that were changed since are Tampered, and never shown.
func (l *Log) Entries(ctx context.Context, from, to int64) ([]evidence.LogEntry, error) {
	var list []evidence.LogEntry
	for tile := from / ledger.TileSize; tile*ledger.TileSize < to; tile++ {
		entries, err := l.book.store.Entries(ctx, l.id, tile)
		if err != nil {
			return nil, err
		}
		if err := (tiles{l}).know(ctx, tile); err != nil {
			return nil, err
		}
		if err := l.compare(tile, entries); err != nil {
			return nil, err
		}
		for _, e := range entries {
			if e.Index >= from && e.Index < to {
				list = append(list, e)
			}
		}
	}
	if int64(len(list)) < to-from {
		return nil, evidence.Errorf(evidence.Incomplete, "the case's log lacks entries between %d and %d", from, to)
	}
	return list, nil
}

// Watch yields the entries of the log after index after (-1: from the first), then
// each new one as it comes, until ctx ends. Entries of other processes show within
// about two seconds.
func (l *Log) Watch(ctx context.Context, after int64) iter.Seq2[evidence.LogEntry, error] {
	return func(yield func(evidence.LogEntry, error) bool) {
		next := max(after+1, 0)
		for ctx.Err() == nil {
			h, err := l.Head(ctx, WatchEvery)
			if err != nil && ctx.Err() == nil {
				yield(evidence.LogEntry{}, err)
				return
			}
			for next < h.Size {
				list, err := l.Entries(ctx, next, min(h.Size, (next/ledger.TileSize+1)*ledger.TileSize))
				if err != nil {
					yield(evidence.LogEntry{}, err)
					return
				}
				for _, e := range list {
					if !yield(e, nil) {
						return
					}
					next++
				}
			}
			await(ctx, h.Grown)
		}
	}
}

// await returns when the log grew, when it is time to look, or when ctx ends.
func await(ctx context.Context, grown <-chan struct{}) {
	timer := time.NewTimer(WatchEvery)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-grown:
	case <-timer.C:
	}
}

// maxTilesChecked is of how many full tiles a log remembers the leaves. Items are
// looked at in the order in which they came, and so are their entries.
const maxTilesChecked = 8

// leafAt returns the hash of the entry at index as it was recorded, the zero Hash
// where the log is shorter. The leaves of a full tile are held against its root.
func (l *Log) leafAt(ctx context.Context, index int64) (ledger.Hash, error) {
	if index < 0 {
		return ledger.Hash{}, nil
	}
	leaves, err := tiles{l}.checkedLeaves(ctx, index/ledger.TileSize)
	if at := index % ledger.TileSize; err == nil && at < int64(len(leaves)) {
		return leaves[at], nil
	}
	return ledger.Hash{}, err
}

// Has reports whether the log has an entry where it says that it stands, after
// catching up where that is behind what is known here.
func (l *Log) Has(ctx context.Context, e evidence.LogEntry) (bool, error) {
	if e.Index >= l.size() { // by another process, just now
		if _, err := l.Head(ctx, 0); err != nil {
			return false, err
		}
	}
	leaf, err := l.leafAt(ctx, e.Index)
	return leaf == ledger.LeafHash(e.Raw), err
}

// Recorded returns those of entries that the log has where they say that they
// stand, as far as it is known here. It reads each tile once.
func (l *Log) Recorded(ctx context.Context, list []evidence.LogEntry) ([]evidence.LogEntry, error) {
	byTile := map[int64][]evidence.LogEntry{}
	for _, e := range list {
		if e.Index >= 0 {
			byTile[e.Index/ledger.TileSize] = append(byTile[e.Index/ledger.TileSize], e)
		}
	}
	at := slices.Sorted(maps.Keys(byTile))
	err := parallel.Each(ctx, len(at), func(ctx context.Context, i int) error {
		leaves, err := tiles{l}.checkedLeaves(ctx, at[i])
		if evidence.CodeOf(err).Retryable() {
			return err
		}
		these := byTile[at[i]] // each goroutine has a tile of its own
		for n, e := range these {
			if place := e.Index % ledger.TileSize; err != nil || place >= int64(len(leaves)) || leaves[place] != ledger.LeafHash(e.Raw) {
				these[n].Index = -1
			}
		}
		return nil
	})
	var there []evidence.LogEntry
	for _, tile := range at {
		there = append(there, slices.DeleteFunc(byTile[tile], func(e evidence.LogEntry) bool { return e.Index < 0 })...)
	}
	return there, err
}

// ProveInclusion proves that the entry at index is under the log's head of size.
func (l *Log) ProveInclusion(ctx context.Context, index, size int64) ([]ledger.Hash, error) {
	return ledger.ProveInclusion(ctx, index, size, tiles{l}.leavesOf, tiles{l}.rootOf)
}

// ProveConsistency proves that the log's head of size continues that of old.
func (l *Log) ProveConsistency(ctx context.Context, old, size int64) ([]ledger.Hash, error) {
	return ledger.ProveConsistency(ctx, old, size, tiles{l}.leavesOf, tiles{l}.rootOf)
}
