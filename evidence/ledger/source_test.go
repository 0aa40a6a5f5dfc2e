package ledger_test

import (
	"context"
	"testing"

	"github.com/sealcase/sealcase/evidence/ledger"
)

// tiled keeps a log in tiles, as custody does, and counts what is read.
type tiled struct {
	all       []ledger.Hash
	roots     []ledger.Hash
	leafReads int
	tileReads map[int64]int
}

func newTiled(t testing.TB, leaves []ledger.Hash) *tiled {
	s := &tiled{all: leaves, tileReads: map[int64]int{}}
	for i := 0; i+ledger.TileSize <= len(leaves); i += ledger.TileSize {
		root, err := ledger.TileRoot(leaves[i : i+ledger.TileSize])
		if err != nil {
			t.Fatal(err)
		}
		s.roots = append(s.roots, root)
	}
	return s
}

func (s *tiled) leaves(_ context.Context, tile int64) ([]ledger.Hash, error) {
	s.leafReads++
	from := tile * ledger.TileSize
	return s.all[from:min(from+ledger.TileSize, int64(len(s.all)))], nil
}

func (s *tiled) tiles(_ context.Context, tile int64) (ledger.Hash, error) {
	s.tileReads[tile]++
	return s.roots[tile], nil
}
