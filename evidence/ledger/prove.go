package ledger

import (
	"context"
	"fmt"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"

	"github.com/sealcase/sealcase/evidence"
)

// Leaves returns the leaf hashes of a tile, counted from 0. The last tile of a
// log may be partial; more leaves than the proof is about do no harm.
type Leaves func(ctx context.Context, tile int64) ([]Hash, error)

// Tiles returns the root of a full tile.
type Tiles func(ctx context.Context, tile int64) (Hash, error)

// ProveInclusion returns the RFC 6962 audit path that shows the leaf at index
// in the tree of size leaves. It asks for the leaves of two tiles at most, and
// for the root of every other full tile once. It fails with Invalid unless
// 0 <= index < size, with Incomplete when a tile lacks leaves, and with what
// leaves and tiles fail with.
func ProveInclusion(ctx context.Context, index, size int64, leaves Leaves, tiles Tiles) ([]Hash, error) {
	if index < 0 || index >= size {
		return nil, evidence.Errorf(evidence.Invalid, "there is no entry %d in a log of %d", index, size)
	}
	n, err := proof.Inclusion(uint64(index), uint64(size))
	if err != nil {
		return nil, evidence.WrapError(evidence.Invalid, err, "entry %d of %d cannot be proved", index, size)
	}
	return prove(ctx, n, size, leaves, tiles)
}

// ProveConsistency returns the RFC 6962 proof that the tree of to leaves
// continues the tree of from leaves. The proof is empty when from is 0 or to.
// It fails with Invalid unless 0 <= from <= to, and else as ProveInclusion.
func ProveConsistency(ctx context.Context, from, to int64, leaves Leaves, tiles Tiles) ([]Hash, error) {
	if from < 0 || from > to {
		return nil, evidence.Errorf(evidence.Invalid, "a log of %d cannot continue one of %d", to, from)
	}
	n, err := proof.Consistency(uint64(from), uint64(to))
	if err != nil {
		return nil, evidence.WrapError(evidence.Invalid, err, "logs of %d and %d cannot be proved consistent", from, to)
	}
	return prove(ctx, n, to, leaves, tiles)
}

func prove(ctx context.Context, n proof.Nodes, size int64, leaves Leaves, tiles Tiles) ([]Hash, error) {
	r := reader{size: size, leaves: leaves, tiles: tiles, read: map[int64][]Hash{}}
	raw := make([][]byte, 0, len(n.IDs))
	for _, id := range n.IDs {
		h, err := r.node(ctx, id)
		if err != nil {
			return nil, err
		}
		raw = append(raw, h[:])
	}
	raw, err := n.Rehash(raw, rfc6962.DefaultHasher.HashChildren)
	if err != nil {
		return nil, fmt.Errorf("computing a proof: %w", err)
	}
	hashes := make([]Hash, len(raw))
	for i, h := range raw {
		hashes[i] = Hash(h)
	}
	return hashes, nil
}

// reader computes the perfect subtrees of a log of size leaves from its tiles.
type reader struct {
	size   int64
	leaves Leaves
	tiles  Tiles
	read   map[int64][]Hash // the tiles whose leaves were read
}

func (r *reader) node(ctx context.Context, id compact.NodeID) (Hash, error) {
	first, end := id.Coverage()
	if id.Level < tileLevel {
		tile := int64(first) / TileSize
		leaves, err := r.tile(ctx, tile)
		if err != nil {
			return Hash{}, err
		}
		base := uint64(tile) * TileSize
		return rootOf(leaves[first-base : end-base]), nil
	}
	var t Tree
	for tile := int64(first) / TileSize; tile < int64(end)/TileSize; tile++ {
		root, err := r.tiles(ctx, tile)
		if err != nil {
			return Hash{}, fmt.Errorf("reading the root of tile %d: %w", tile, err)
		}
		if err := t.AppendTile(root); err != nil {
			return Hash{}, err
		}
	}
	return t.Root(), nil
}

func (r *reader) tile(ctx context.Context, tile int64) ([]Hash, error) {
	if leaves, ok := r.read[tile]; ok {
		return leaves, nil
	}
	leaves, err := r.leaves(ctx, tile)
	if err != nil {
		return nil, fmt.Errorf("reading the leaves of tile %d: %w", tile, err)
	}
	if need := min(TileSize, r.size-tile*TileSize); int64(len(leaves)) < need || len(leaves) > TileSize {
		return nil, evidence.Errorf(evidence.Incomplete, "tile %d of the log has %d leaves where %d belong", tile, len(leaves), need)
	}
	r.read[tile] = leaves
	return leaves, nil
}
