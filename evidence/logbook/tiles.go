package logbook

import (
	"context"
	"encoding/json"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// tileRecord is what the registry keeps of a full tile.
type tileRecord struct {
	Root ledger.Hash `json:"root"`
}

func readTile(body []byte) (ledger.Hash, error) {
	var record tileRecord
	if err := json.Unmarshal(body, &record); err != nil {
		return ledger.Hash{}, evidence.WrapError(evidence.Tampered, err, "a tile of the case's log cannot be read")
	}
	return record.Root, nil
}

// tiles reads the tiles of a log.
type tiles struct{ *Log }

// know has the root of a full tile known, with those of its span. What the
// registry keeps of them is held against the root of the span, which is under the
// head; tiles that it lacks are made again from their entries.
func (l tiles) know(ctx context.Context, tile int64) error {
	l.mu.Lock()
	_, known := l.full.Root(tile)
	known = known || tile < 0 || tile >= l.full.Count()
	l.mu.Unlock()
	if known {
		return nil
	}
	span := tile / ledger.SpanTiles
	bodies, err := l.book.store.Tiles(ctx, l.id, span)
	if err != nil {
		return err
	}
	roots := make([]ledger.Hash, 0, ledger.SpanTiles)
	for _, body := range bodies {
		root, err := readTile(body)
		if err != nil {
			return err
		}
		roots = append(roots, root)
	}
	for next := span*ledger.SpanTiles + int64(len(roots)); len(roots) < ledger.SpanTiles; next++ {
		leaves, err := l.readLeaves(ctx, next)
		if err != nil {
			return err
		}
		root, err := ledger.TileRoot(leaves)
		if err != nil {
			return err
		}
		roots = append(roots, root)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if span >= int64(len(l.full.Spans())) { // the log was read anew meanwhile
		return nil
	}
	return l.full.Take(span, roots)
}

// rootOf returns the root of a full tile; it is a ledger.Tiles.
func (l tiles) rootOf(ctx context.Context, tile int64) (ledger.Hash, error) {
	if err := l.know(ctx, tile); err != nil {
		return ledger.Hash{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	root, ok := l.full.Root(tile)
	if tile < 0 || !ok {
		return ledger.Hash{}, evidence.Errorf(evidence.Incomplete, "tile %d of the case's log is not full", tile)
	}
	return root, nil
}

// Root returns the root that the log had at size, the zero Hash when the log
// is shorter.
func (l *Log) Root(ctx context.Context, size int64) (ledger.Hash, error) {
	l.mu.Lock()
	spans, now := l.full.Spans(), l.tree.Size()
	l.mu.Unlock()
	if size > now {
		return ledger.Hash{}, nil
	}
	var tree ledger.Tree
	for _, root := range spans[:size/ledger.SpanSize] {
		if err := tree.AppendSpan(root); err != nil {
			return ledger.Hash{}, err
		}
	}
	for tile := tree.Size() / ledger.TileSize; tile < size/ledger.TileSize; tile++ {
		root, err := tiles{l}.rootOf(ctx, tile)
		if err != nil {
			return ledger.Hash{}, err
		}
		if err := tree.AppendTile(root); err != nil {
			return ledger.Hash{}, err
		}
	}
	if tree.Size() == size {
		return tree.Root(), nil
	}
	leaves, err := tiles{l}.leavesOf(ctx, size/ledger.TileSize)
	if err != nil {
		return ledger.Hash{}, err
	}
	for _, leaf := range leaves[:size%ledger.TileSize] {
		tree.Append(leaf)
	}
	return tree.Root(), nil
}

// leavesOf returns the leaf hashes of a tile; it is a ledger.Leaves.
func (l tiles) leavesOf(ctx context.Context, tile int64) ([]ledger.Hash, error) {
	l.mu.Lock()
	if tile == l.full.Count() {
		defer l.mu.Unlock()
		return append([]ledger.Hash(nil), l.leaves...), nil
	}
	l.mu.Unlock()
	return l.readLeaves(ctx, tile)
}

// readLeaves returns the leaf hashes of a full tile as the registry has them.
func (l tiles) readLeaves(ctx context.Context, tile int64) ([]ledger.Hash, error) {
	list, err := l.book.store.Entries(ctx, l.id, tile)
	if err != nil {
		return nil, err
	}
	leaves := make([]ledger.Hash, len(list))
	for i, e := range list {
		leaves[i] = ledger.LeafHash(e.Raw)
	}
	if len(leaves) < ledger.TileSize {
		return nil, evidence.Errorf(evidence.Incomplete, "tile %d of the case's log lacks entries", tile)
	}
	return leaves, nil
}

// checkedLeaves returns the hashes of the entries of a tile as they were recorded; none
// behind the end of the log.
func (l tiles) checkedLeaves(ctx context.Context, tile int64) ([]ledger.Hash, error) {
	l.mu.Lock()
	full, last, known := l.full.Count(), l.leaves, l.checked[tile]
	l.mu.Unlock()
	switch {
	case tile > full:
		return nil, nil
	case tile == full:
		return last, nil
	case known != nil:
		return known, nil
	}
	leaves, err := l.readLeaves(ctx, tile)
	if err != nil {
		return nil, err
	}
	root, err := ledger.TileRoot(leaves)
	if err != nil {
		return nil, err
	}
	want, err := l.rootOf(ctx, tile)
	if err != nil {
		return nil, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if root != want {
		return nil, evidence.Errorf(evidence.Tampered, "the entries %d to %d of the case's log are not those that were recorded; tell the supervisor",
			tile*ledger.TileSize, (tile+1)*ledger.TileSize-1)
	}
	if l.checked == nil || len(l.checked) >= maxTilesChecked {
		l.checked = map[int64][]ledger.Hash{}
	}
	l.checked[tile] = leaves
	return leaves, nil
}
