package ledger_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// changes calls try with every way to change a proof a little: each hash
// flipped, dropped and doubled, neighbours swapped, one more at the end.
func changes(path []ledger.Hash, try func(what string, changed []ledger.Hash)) {
	clone := func() []ledger.Hash { return append([]ledger.Hash{}, path...) }
	for i := range path {
		c := clone()
		c[i][i%len(c[i])] ^= 1 << (i % 8)
		try("flipped", c)
		try("dropped", append(clone()[:i], path[i+1:]...))
		try("doubled", append(clone()[:i+1], path[i:]...))
		if i > 0 {
			c = clone()
			c[i-1], c[i] = c[i], c[i-1]
			try("swapped", c)
		}
	}
	try("longer", append(clone(), ledger.Hash{}))
}

func TestVerifyInclusionRefuses(t *testing.T) {
	n := newNaive(mostLeaves)
	for _, at := range [][2]int{{0, 1}, {0, 2}, {1, 2}, {6, 7}, {255, 256}, {256, 257}, {300, 700}, {1023, 1024}, {1099, 1100}} {
		index, size := int64(at[0]), int64(at[1])
		path, root, leaf := n.path(at[0], 0, at[1]), n.root(0, at[1]), n.leaves[at[0]]
		refused := func(what string, err error) {
			t.Helper()
			if evidence.CodeOf(err) != evidence.Tampered {
				t.Errorf("entry %d of %d, %s: got %v, want an error that is %q", index, size, what, err, evidence.Tampered)
			}
		}
		if err := ledger.VerifyInclusion(leaf, index, size, path, root); err != nil {
			t.Fatal(err)
		}
		changes(path, func(what string, c []ledger.Hash) {
			refused(what, ledger.VerifyInclusion(leaf, index, size, c, root))
		})
		refused("another leaf", ledger.VerifyInclusion(n.leaves[(at[0]+1)%len(n.leaves)], index, size, path, root))
		refused("another root", ledger.VerifyInclusion(leaf, index, size, path, n.root(0, at[1]-1)))
		refused("next index", ledger.VerifyInclusion(leaf, index+1, size, path, root))
		refused("index before", ledger.VerifyInclusion(leaf, index-1, size, path, root))
		refused("far index", ledger.VerifyInclusion(leaf, math.MaxInt64, size, path, root))
		refused("no size", ledger.VerifyInclusion(leaf, index, 0, path, root))
		refused("negative size", ledger.VerifyInclusion(leaf, index, -size, path, root))
		refused("largest size", ledger.VerifyInclusion(leaf, index, math.MaxInt64, path, root))
	}
}

func TestVerifyConsistencyRefuses(t *testing.T) {
	n := newNaive(mostLeaves)
	for _, at := range [][2]int{{1, 2}, {2, 3}, {3, 7}, {4, 8}, {255, 256}, {256, 257}, {257, 600}, {512, 1024}, {1000, 1100}} {
		from, to := int64(at[0]), int64(at[1])
		path, older, newer := n.proof(at[0], at[1]), n.root(0, at[0]), n.root(0, at[1])
		refused := func(what string, err error) {
			t.Helper()
			if evidence.CodeOf(err) != evidence.Tampered {
				t.Errorf("%d to %d, %s: got %v, want an error that is %q", from, to, what, err, evidence.Tampered)
			}
		}
		if err := ledger.VerifyConsistency(from, to, path, older, newer); err != nil {
			t.Fatal(err)
		}
		changes(path, func(what string, c []ledger.Hash) {
			refused(what, ledger.VerifyConsistency(from, to, c, older, newer))
		})
		refused("another old root", ledger.VerifyConsistency(from, to, path, n.root(1, at[1]), newer))
		refused("another new root", ledger.VerifyConsistency(from, to, path, older, n.root(1, at[1])))
		refused("roots swapped", ledger.VerifyConsistency(from, to, path, newer, older))
		refused("backwards", ledger.VerifyConsistency(to, from, path, newer, older))
		refused("negative", ledger.VerifyConsistency(-from, to, path, older, newer))
		refused("nothing", ledger.VerifyConsistency(from, to, nil, older, newer))
		refused("same size, other root", ledger.VerifyConsistency(to, to, nil, older, newer))
	}
}

func TestVerifyConsistencyWithTheEmptyLog(t *testing.T) {
	root := newNaive(3).root(0, 3)
	for name, tc := range map[string]struct {
		from, to     int64
		path         []ledger.Hash
		older, newer ledger.Hash
		ok           bool
	}{
		"empty to empty":            {0, 0, nil, ledger.EmptyRoot(), ledger.EmptyRoot(), true},
		"empty to some":             {0, 3, nil, ledger.EmptyRoot(), root, true},
		"some to the same":          {3, 3, nil, root, root, true},
		"empty with another root":   {0, 3, nil, ledger.Hash{}, root, false},
		"both empty, another root":  {0, 0, nil, root, root, false},
		"empty to some, with hash":  {0, 3, []ledger.Hash{root}, ledger.EmptyRoot(), root, false},
		"same size, with hash":      {3, 3, []ledger.Hash{root}, root, root, false},
		"some to empty":             {3, 0, nil, root, ledger.EmptyRoot(), false},
		"empty to empty, zero root": {0, 0, nil, ledger.EmptyRoot(), ledger.Hash{}, false},
	} {
		t.Run(name, func(t *testing.T) {
			err := ledger.VerifyConsistency(tc.from, tc.to, tc.path, tc.older, tc.newer)
			if want := map[bool]evidence.Code{true: "", false: evidence.Tampered}[tc.ok]; evidence.CodeOf(err) != want {
				t.Errorf("got %v, want %q", err, want)
			}
		})
	}
}

// TestForkShows: two logs that share a beginning and then differ are each
// consistent with it, and never with each other.
func TestForkShows(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		size := 2 + random.IntN(mostLeaves-2)
		fork := random.IntN(size)
		honest, other := newNaive(size), newNaive(size)
		other.leaves[fork] = ledger.LeafHash([]byte("another act"))
		later := fork + 1 + random.IntN(size-fork)
		path := other.proof(later, size)
		err := ledger.VerifyConsistency(int64(later), int64(size), path, honest.root(0, later), other.root(0, size))
		if evidence.CodeOf(err) != evidence.Tampered {
			t.Fatalf("entry %d of %d was changed after a checkpoint at %d, and that did not show: %v", fork, size, later, err)
		}
		earlier := random.IntN(fork + 1)
		path = other.proof(earlier, size)
		if err := ledger.VerifyConsistency(int64(earlier), int64(size), path, honest.root(0, earlier), other.root(0, size)); err != nil {
			t.Fatalf("a log that differs from entry %d on does not continue the one of %d: %v", fork, earlier, err)
		}
	}
}

func BenchmarkVerifyInclusion(b *testing.B) {
	s, root := million(b)
	path, err := ledger.ProveInclusion(b.Context(), 333_333, 1_000_000, s.leaves, s.tiles)
	if err != nil {
		b.Fatal(err)
	}
	if len(path) != 20 {
		b.Fatalf("the path has %d hashes", len(path))
	}
	for b.Loop() {
		if err := ledger.VerifyInclusion(s.all[333_333], 333_333, 1_000_000, path, root); err != nil {
			b.Fatal(err)
		}
	}
}
