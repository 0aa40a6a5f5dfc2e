package custody

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// watchEvery is how often a watcher looks for entries of other processes.
const watchEvery = 1500 * time.Millisecond

// LogPage returns at most limit (up to evidence.MaxPage) entries of a case's log from index
// from on, and the size of the log.
func (s *Service) LogPage(ctx context.Context, actor evidence.Actor, c evidence.CaseID, from int64, limit int) ([]evidence.LogEntry, int64, error) {
	if err := s.allow(ctx, actor, c, act.SeeCase, "case"); err != nil {
		return nil, 0, err
	}
	if from < 0 {
		return nil, 0, evidence.Errorf(evidence.Invalid, "the log is counted from 0")
	}
	h, err := s.log(c).refresh(ctx, 0)
	if err != nil {
		return nil, 0, err
	}
	list, err := s.readLog(ctx, c, from, min(h.size, from+int64(evidence.PageLimit(limit))))
	return list, h.size, err
}

// readLog returns the entries from index from up to, not including, index to,
// of what this process knows of the log. What the registry gives is compared
// with that: entries that were changed since are Tampered, and never shown.
func (s *Service) readLog(ctx context.Context, c evidence.CaseID, from, to int64) ([]evidence.LogEntry, error) {
	var list []evidence.LogEntry
	for tile := from / ledger.TileSize; tile*ledger.TileSize < to; tile++ {
		entries, err := s.registry.Entries(ctx, c, tile)
		if err != nil {
			return nil, err
		}
		if err := s.log(c).compare(tile, entries); err != nil {
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

// compare holds the entries of a tile, as the registry gives them, against the
// hashes that are known.
func (l *caseLog) compare(tile int64, entries []evidence.LogEntry) error {
	leaves := make([]ledger.Hash, len(entries))
	for i, e := range entries {
		leaves[i] = ledger.LeafHash(e.Raw)
		if e.Index != tile*ledger.TileSize+int64(i) {
			return evidence.Errorf(evidence.Incomplete, "the case's log lacks entries before %d", e.Index)
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	same := true
	switch known := int64(len(l.roots)); {
	case tile < known:
		root, err := ledger.TileRoot(leaves)
		if err != nil {
			return evidence.WrapError(evidence.Incomplete, err, "tile %d of the case's log lacks entries", tile)
		}
		same = root == l.roots[tile]
	case tile == known:
		n := min(len(leaves), len(l.leaves))
		same = slices.Equal(leaves[:n], l.leaves[:n])
	}
	if !same {
		return evidence.Errorf(evidence.Tampered, "the entries %d to %d of the case's log are not those that were recorded; tell the supervisor",
			tile*ledger.TileSize, tile*ledger.TileSize+int64(len(entries))-1)
	}
	return nil
}

// Watch yields the entries of a case's log after index after (-1: from the
// first), then each new one as it comes, until ctx ends. Entries of other
// processes show within about two seconds.
func (s *Service) Watch(ctx context.Context, actor evidence.Actor, c evidence.CaseID, after int64) (iter.Seq2[evidence.LogEntry, error], error) {
	if err := s.allow(ctx, actor, c, act.SeeCase, "case"); err != nil {
		return nil, err
	}
	return func(yield func(evidence.LogEntry, error) bool) {
		next := max(after+1, 0)
		for ctx.Err() == nil {
			h, err := s.log(c).refresh(ctx, watchEvery)
			if err != nil && ctx.Err() == nil {
				yield(evidence.LogEntry{}, err)
				return
			}
			for next < h.size {
				list, err := s.readLog(ctx, c, next, min(h.size, (next/ledger.TileSize+1)*ledger.TileSize))
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
			await(ctx, h.grown)
		}
	}, nil
}

// await returns when the log grew, when it is time to look, or when ctx ends.
func await(ctx context.Context, grown <-chan struct{}) {
	timer := time.NewTimer(watchEvery)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-grown:
	case <-timer.C:
	}
}
