package ledger_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// interesting are sizes and indexes around the borders of tiles and subtrees,
// and all small ones.
func interesting(most int) []int {
	var out []int
	for i := range most + 1 {
		near := (i+2)%ledger.TileSize <= 4 || (i+1)&i == 0 || (i-1)&i == 0
		if i <= 20 || near || i%97 == 0 || i == most {
			out = append(out, i)
		}
	}
	return out
}

// TestProveInclusionIsNaive proves, for every size, the entries around every
// border, and for the interesting sizes every entry.
func TestProveInclusionIsNaive(t *testing.T) {
	n := newNaive(mostLeaves)
	s := newTiled(t, n.leaves)
	all := map[int]bool{}
	for _, size := range interesting(mostLeaves) {
		all[size] = true
	}
	for size := 1; size <= mostLeaves; size++ {
		step := 1
		if !all[size] {
			step = 41
		}
		for index := size % step; index < size; index += step {
			path, err := ledger.ProveInclusion(t.Context(), int64(index), int64(size), s.leaves, s.tiles)
			if err != nil {
				t.Fatal(err)
			}
			if want := n.path(index, 0, size); !equal(path, want) {
				t.Fatalf("entry %d of %d differs:\n%s", index, size, cmp.Diff(want, path))
			}
			if index%16 != 0 {
				continue // the paths are equal; verifying a part of them is enough
			}
			if err := ledger.VerifyInclusion(n.leaves[index], int64(index), int64(size), path, n.root(0, size)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func TestProveConsistencyIsNaive(t *testing.T) {
	n := newNaive(mostLeaves)
	s := newTiled(t, n.leaves)
	for to := range mostLeaves + 1 {
		for _, from := range interesting(to) {
			path, err := ledger.ProveConsistency(t.Context(), int64(from), int64(to), s.leaves, s.tiles)
			if err != nil {
				t.Fatal(err)
			}
			if want := n.proof(from, to); !equal(path, want) {
				t.Fatalf("%d to %d differs:\n%s", from, to, cmp.Diff(want, path))
			}
			if to%8 != 0 && to > 40 {
				continue
			}
			if err := ledger.VerifyConsistency(int64(from), int64(to), path, n.root(0, from), n.root(0, to)); err != nil {
				t.Fatal(err)
			}
		}
	}
}

func equal(a, b []ledger.Hash) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

// TestProveReadsLittle holds a proof to what its documentation says of its
// cost.
func TestProveReadsLittle(t *testing.T) {
	n := newNaive(mostLeaves)
	for _, index := range []int64{0, 255, 256, 700, 1024, mostLeaves - 1} {
		s := newTiled(t, n.leaves)
		if _, err := ledger.ProveInclusion(t.Context(), index, mostLeaves, s.leaves, s.tiles); err != nil {
			t.Fatal(err)
		}
		if s.leafReads > 2 {
			t.Errorf("entry %d: the leaves of %d tiles were read", index, s.leafReads)
		}
		for tile, reads := range s.tileReads {
			if reads > 1 || tile == index/ledger.TileSize {
				t.Errorf("entry %d: the root of tile %d was read %d times", index, tile, reads)
			}
		}
	}
}

// TestProveWhileTheLogGrows proves an older size when tiles already hold more.
func TestProveWhileTheLogGrows(t *testing.T) {
	n := newNaive(mostLeaves)
	s := newTiled(t, n.leaves)
	path, err := ledger.ProveInclusion(t.Context(), 3, 300, s.leaves, s.tiles)
	if err != nil || !equal(path, n.path(3, 0, 300)) {
		t.Errorf("got %v, %v", path, err)
	}
}

func TestProveRefuses(t *testing.T) {
	n := newNaive(mostLeaves)
	s := newTiled(t, n.leaves)
	broken := errors.New("the registry does not answer")
	fewer := func(_ context.Context, tile int64) ([]ledger.Hash, error) { return n.leaves[:10], nil }
	more := func(_ context.Context, tile int64) ([]ledger.Hash, error) { return n.leaves[:ledger.TileSize+1], nil }
	noLeaves := func(context.Context, int64) ([]ledger.Hash, error) { return nil, broken }
	noTiles := func(context.Context, int64) (ledger.Hash, error) { return ledger.Hash{}, broken }
	inclusion := func(index, size int64, leaves ledger.Leaves, tiles ledger.Tiles) error {
		_, err := ledger.ProveInclusion(t.Context(), index, size, leaves, tiles)
		return err
	}
	consistency := func(from, to int64, leaves ledger.Leaves, tiles ledger.Tiles) error {
		_, err := ledger.ProveConsistency(t.Context(), from, to, leaves, tiles)
		return err
	}
	for name, tc := range map[string]struct {
		err  error
		code evidence.Code
	}{
		"negative index":    {inclusion(-1, 10, s.leaves, s.tiles), evidence.Invalid},
		"index at the size": {inclusion(10, 10, s.leaves, s.tiles), evidence.Invalid},
		"empty log":         {inclusion(0, 0, s.leaves, s.tiles), evidence.Invalid},
		"negative size":     {inclusion(0, -1, s.leaves, s.tiles), evidence.Invalid},
		"backwards":         {consistency(11, 10, s.leaves, s.tiles), evidence.Invalid},
		"negative from":     {consistency(-1, 10, s.leaves, s.tiles), evidence.Invalid},
		"leaves missing":    {inclusion(0, 600, fewer, s.tiles), evidence.Incomplete},
		"too many leaves":   {inclusion(0, 600, more, s.tiles), evidence.Incomplete},
		"leaves fail":       {inclusion(0, 600, noLeaves, s.tiles), evidence.Internal},
		"tiles fail":        {consistency(300, 600, s.leaves, noTiles), evidence.Internal},
	} {
		t.Run(name, func(t *testing.T) {
			if evidence.CodeOf(tc.err) != tc.code {
				t.Errorf("got %v, want an error that is %q", tc.err, tc.code)
			}
			if tc.code == evidence.Internal && !errors.Is(tc.err, broken) {
				t.Errorf("got %v, want the cause in its chain", tc.err)
			}
		})
	}
}

// BenchmarkProveInclusion is one proof at 10^6 entries from tiles in memory.
func BenchmarkProveInclusion(b *testing.B) {
	s, _ := million(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ledger.ProveInclusion(b.Context(), 333_333, 1_000_000, s.leaves, s.tiles); err != nil {
			b.Fatal(err)
		}
	}
}

// million returns a log of 10^6 leaves and its root.
func million(b *testing.B) (*tiled, ledger.Hash) {
	leaves := make([]ledger.Hash, 1_000_000)
	var tree ledger.Tree
	for i := range leaves {
		leaves[i] = ledger.Hash{byte(i), byte(i >> 8), byte(i >> 16)}
		tree.Append(leaves[i])
	}
	return newTiled(b, leaves), tree.Root()
}
