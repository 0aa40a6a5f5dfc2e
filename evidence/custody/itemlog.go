package custody

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// entriesOfItem returns the entries about an item, each of which is in the log
// where the registry says that it is: entries that are not are Tampered. That none
// is kept back is not shown by it; the whole log is what shows that.
func (s *Service) entriesOfItem(ctx context.Context, it evidence.Item) ([]evidence.LogEntry, error) {
	entries, err := s.registry.EntriesOfItem(ctx, it.ID)
	if err != nil || len(entries) == 0 {
		return entries, err
	}
	l := s.log(it.Case)
	if entries[len(entries)-1].Index >= l.size() { // by another process, just now
		if _, err := l.refresh(ctx, 0); err != nil {
			return nil, err
		}
	}
	for _, e := range entries {
		leaf, err := l.leafAt(ctx, e.Index)
		if err != nil {
			return nil, err
		}
		if e.Entry.Case != it.Case || e.Entry.Item != it.ID || leaf != ledger.LeafHash(e.Raw) {
			return nil, evidence.Errorf(evidence.Tampered, "the entry %d about this item is not the one that was recorded; tell the supervisor", e.Index)
		}
	}
	return entries, nil
}

// maxTilesChecked is of how many full tiles a log remembers the leaves. Items are
// looked at in the order in which they came, and so are their entries.
const maxTilesChecked = 8

// leafAt returns the hash of the entry at index as it was recorded, the zero Hash
// where the log is shorter. The leaves of a full tile are held against its root.
func (l *caseLog) leafAt(ctx context.Context, index int64) (ledger.Hash, error) {
	tile, at := index/ledger.TileSize, index%ledger.TileSize
	l.mu.Lock()
	full, last, known := int64(len(l.roots)), l.leaves, l.checked[tile]
	l.mu.Unlock()
	switch {
	case index < 0 || tile > full || tile == full && at >= int64(len(last)):
		return ledger.Hash{}, nil
	case tile == full:
		return last[at], nil
	case known != nil:
		return known[at], nil
	}
	leaves, err := l.tileLeaves(ctx, tile)
	if err != nil {
		return ledger.Hash{}, err
	}
	root, err := ledger.TileRoot(leaves)
	if err != nil {
		return ledger.Hash{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if root != l.roots[tile] {
		return ledger.Hash{}, evidence.Errorf(evidence.Tampered, "the entries %d to %d of the case's log are not those that were recorded; tell the supervisor",
			tile*ledger.TileSize, (tile+1)*ledger.TileSize-1)
	}
	if l.checked == nil || len(l.checked) >= maxTilesChecked {
		l.checked = map[int64][]ledger.Hash{}
	}
	l.checked[tile] = leaves
	return leaves[at], nil
}
