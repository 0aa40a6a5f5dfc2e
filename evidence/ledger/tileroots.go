package ledger

import "github.com/sealcase/sealcase/evidence"

// TileRoots are the roots of the full tiles of a log, in spans of SpanTiles. Of a span
// that is full the root is known; those of its tiles may be taken in later. The zero
// TileRoots are those of the empty log. They are not safe for concurrent use.
type TileRoots struct {
	spans []Hash           // roots of the full spans
	of    map[int64][]Hash // by span: roots of its tiles: all, or those that are full so far
}

// Count returns how many full tiles there are.
func (t *TileRoots) Count() int64 {
	last := int64(len(t.spans))
	return last*SpanTiles + int64(len(t.of[last]))
}

// Spans returns the roots of the full spans. They must not be changed.
func (t *TileRoots) Spans() []Hash { return t.spans[:len(t.spans):len(t.spans)] }

// Add takes in the root of the next tile.
func (t *TileRoots) Add(root Hash) {
	last := int64(len(t.spans))
	t.set(last, append(t.of[last], root))
	if full, err := SpanRoot(t.of[last]); err == nil {
		t.spans = append(t.spans, full)
	}
}

// AddSpan takes in the root of the next full span, where no tile is behind the last one.
func (t *TileRoots) AddSpan(root Hash) { t.spans = append(t.spans, root) }

// Root returns the root of a full tile; ok is false where it is not known.
func (t *TileRoots) Root(tile int64) (root Hash, ok bool) {
	if tile < 0 {
		return Hash{}, false
	}
	list := t.of[tile/SpanTiles]
	if at := tile % SpanTiles; at < int64(len(list)) {
		return list[at], true
	}
	return Hash{}, false
}

// Take takes in the roots of the tiles of a full span. It fails with Tampered when they
// are not those of the span.
func (t *TileRoots) Take(span int64, roots []Hash) error {
	if root, err := SpanRoot(roots); err != nil || root != t.spans[span] {
		return evidence.WrapError(evidence.Tampered, err, "the tiles of the entries %d to %d of the case's log are not those that were recorded; tell the supervisor",
			span*SpanSize, (span+1)*SpanSize-1)
	}
	t.set(span, roots)
	return nil
}

func (t *TileRoots) set(span int64, roots []Hash) {
	if t.of == nil {
		t.of = map[int64][]Hash{}
	}
	t.of[span] = roots
}
