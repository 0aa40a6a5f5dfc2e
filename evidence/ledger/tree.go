package ledger

import (
	"math/bits"

	"github.com/sealcase/sealcase/evidence"
)

const (
	// TileSize is the number of leaves of a full tile.
	TileSize = 1 << tileLevel
	// SpanTiles is the number of tiles of a full span, SpanSize that of its leaves.
	SpanTiles = 1 << tileLevel
	SpanSize  = SpanTiles * TileSize
	// tileLevel is the level of a tile's root above its leaves, and that of a span's
	// above its tiles.
	tileLevel = 8
)

// Tree is the right edge of a Merkle tree: all that is needed to append leaves
// and to say its root, whatever its size. The zero Tree is the empty tree. A
// Tree may be copied; it is not safe for concurrent use.
type Tree struct {
	size int64
	// perfect[l] is the root of the perfect subtree of 2^l leaves that belongs
	// to bit l of size, and means nothing where that bit is 0.
	perfect [63]Hash
}

// Append appends a leaf.
func (t *Tree) Append(leaf Hash) { t.append(0, leaf) }

// AppendTile appends a full tile by its root. It fails with Invalid when the
// tree does not end at the border of a tile.
func (t *Tree) AppendTile(root Hash) error {
	if t.size%TileSize != 0 {
		return evidence.Errorf(evidence.Invalid, "a tile cannot be appended after %d leaves, which is not a multiple of %d", t.size, TileSize)
	}
	t.append(tileLevel, root)
	return nil
}

// AppendSpan appends a full span by its root. It fails with Invalid when the tree
// does not end at the border of a span.
func (t *Tree) AppendSpan(root Hash) error {
	if t.size%SpanSize != 0 {
		return evidence.Errorf(evidence.Invalid, "a span cannot be appended after %d leaves, which is not a multiple of %d", t.size, SpanSize)
	}
	t.append(2*tileLevel, root)
	return nil
}

// append appends a perfect subtree of 2^level leaves; size is a multiple of
// that. Equal neighbours merge, as a carry does in binary addition.
func (t *Tree) append(level int, root Hash) {
	l := level
	for ; t.size>>l&1 == 1; l++ {
		root = node(t.perfect[l], root)
	}
	t.perfect[l] = root
	t.size += 1 << level
}

// Size returns the number of leaves.
func (t *Tree) Size() int64 { return t.size }

// Root returns the root of the tree as it stands.
func (t *Tree) Root() Hash {
	if t.size == 0 {
		return EmptyRoot()
	}
	rest := uint64(t.size)
	root := t.perfect[bits.TrailingZeros64(rest)]
	for rest &= rest - 1; rest != 0; rest &= rest - 1 {
		root = node(t.perfect[bits.TrailingZeros64(rest)], root)
	}
	return root
}

// TileRoot returns the root of a full tile. It fails with Invalid on any other
// number of leaves than TileSize.
func TileRoot(leaves []Hash) (Hash, error) {
	if len(leaves) != TileSize {
		return Hash{}, evidence.Errorf(evidence.Invalid, "a full tile has %d leaves, this has %d", TileSize, len(leaves))
	}
	return rootOf(leaves), nil
}

// SpanRoot returns the root of a full span by the roots of its tiles. It fails with
// Invalid on any other number of tiles than SpanTiles.
func SpanRoot(tiles []Hash) (Hash, error) {
	if len(tiles) != SpanTiles {
		return Hash{}, evidence.Errorf(evidence.Invalid, "a full span has %d tiles, this has %d", SpanTiles, len(tiles))
	}
	return rootOf(tiles), nil // a tree over tiles is the upper part of that over their leaves
}

// rootOf returns the root over leaves.
func rootOf(leaves []Hash) Hash {
	var t Tree
	for _, l := range leaves {
		t.Append(l)
	}
	return t.Root()
}
