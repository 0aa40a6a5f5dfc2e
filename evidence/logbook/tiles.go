package logbook

import (
	"context"
	"encoding/json"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// tileRoots are the roots of the full tiles of a log, in spans of 256. Of a span
// that is full the root is known; those of its tiles may not have been read yet.
type tileRoots struct {
	spans []ledger.Hash           // roots of the full spans
	of    map[int64][]ledger.Hash // by span: roots of its tiles: all, or those that are full so far
}

// count returns how many full tiles there are.
func (t *tileRoots) count() int64 {
	last := int64(len(t.spans))
	return last*ledger.SpanTiles + int64(len(t.of[last]))
}

// add takes in the root of the next tile.
func (t *tileRoots) add(root ledger.Hash) {
	if t.of == nil {
		t.of = map[int64][]ledger.Hash{}
	}
	last := int64(len(t.spans))
	t.of[last] = append(t.of[last], root)
	if full, err := ledger.SpanRoot(t.of[last]); err == nil {
		t.spans = append(t.spans, full)
	}
}

// root returns the root of a full tile; ok is false where it was not read yet.
func (t *tileRoots) root(tile int64) (root ledger.Hash, ok bool) {
	list := t.of[tile/ledger.SpanTiles]
	if at := tile % ledger.SpanTiles; at < int64(len(list)) {
		return list[at], true
	}
	return ledger.Hash{}, false
}

// take takes in the roots of the tiles of a full span, or fails with Tampered when
// they are not those of the span.
func (t *tileRoots) take(span int64, roots []ledger.Hash) error {
	if root, err := ledger.SpanRoot(roots); err != nil || root != t.spans[span] {
		return evidence.WrapError(evidence.Tampered, err, "the tiles of the entries %d to %d of the case's log are not those that were recorded; tell the supervisor",
			span*ledger.SpanSize, (span+1)*ledger.SpanSize-1)
	}
	if t.of == nil {
		t.of = map[int64][]ledger.Hash{}
	}
	t.of[span] = roots
	return nil
}

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

// knowTile has the root of a full tile known, with those of its span. What the
// registry keeps of them is held against the root of the span, which is under the
// head; tiles that it lacks are made again from their entries.
func (l *Log) knowTile(ctx context.Context, tile int64) error {
	l.mu.Lock()
	_, known := l.full.root(tile)
	known = known || tile < 0 || tile >= l.full.count()
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
	if span >= int64(len(l.full.spans)) { // the log was read anew meanwhile
		return nil
	}
	return l.full.take(span, roots)
}

// tileRoot returns the root of a full tile; it is a ledger.Tiles.
func (l *Log) tileRoot(ctx context.Context, tile int64) (ledger.Hash, error) {
	if err := l.knowTile(ctx, tile); err != nil {
		return ledger.Hash{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	root, ok := l.full.root(tile)
	if tile < 0 || !ok {
		return ledger.Hash{}, evidence.Errorf(evidence.Incomplete, "tile %d of the case's log is not full", tile)
	}
	return root, nil
}

// Root returns the root that the log had at size, the zero Hash when the log
// is shorter.
func (l *Log) Root(ctx context.Context, size int64) (ledger.Hash, error) {
	l.mu.Lock()
	spans, now := l.full.spans, l.tree.Size()
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
		root, err := l.tileRoot(ctx, tile)
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
	leaves, err := l.tileLeaves(ctx, size/ledger.TileSize)
	if err != nil {
		return ledger.Hash{}, err
	}
	for _, leaf := range leaves[:size%ledger.TileSize] {
		tree.Append(leaf)
	}
	return tree.Root(), nil
}

// tileLeaves returns the leaf hashes of a tile; it is a ledger.Leaves.
func (l *Log) tileLeaves(ctx context.Context, tile int64) ([]ledger.Hash, error) {
	l.mu.Lock()
	if tile == l.full.count() {
		defer l.mu.Unlock()
		return append([]ledger.Hash(nil), l.leaves...), nil
	}
	l.mu.Unlock()
	return l.readLeaves(ctx, tile)
}

// readLeaves returns the leaf hashes of a full tile as the registry has them.
func (l *Log) readLeaves(ctx context.Context, tile int64) ([]ledger.Hash, error) {
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
