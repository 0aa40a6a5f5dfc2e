package ledger_test

import (
	"encoding/hex"
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/transparency-dev/merkle/compact"
	"github.com/transparency-dev/merkle/rfc6962"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// mostLeaves crosses four borders of tiles.
const mostLeaves = 4*ledger.TileSize + 76

// vectorLeaves are the leaves of the test vectors of Certificate Transparency
// (RFC 6962): their roots, from the empty tree on, are vectorRoots.
func vectorLeaves() []string {
	return []string{"", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"}
}

func vectorRoots() []string {
	return []string{
		"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
		"6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
		"fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
		"aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
		"d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
		"4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
		"76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
		"ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
		"5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
	}
}

func TestTreeOfTheTestVectors(t *testing.T) {
	var tree ledger.Tree
	for size, want := range vectorRoots() {
		if tree.Size() != int64(size) || tree.Root().String() != want {
			t.Errorf("tree of %d leaves: got size %d and root %s, want %s", size, tree.Size(), tree.Root(), want)
		}
		if size == len(vectorLeaves()) {
			break
		}
		leaf, err := hex.DecodeString(vectorLeaves()[size])
		if err != nil {
			t.Fatal(err)
		}
		tree.Append(ledger.LeafHash(leaf))
	}
	if ledger.EmptyRoot().String() != vectorRoots()[0] {
		t.Errorf("the empty tree has the root %s", ledger.EmptyRoot())
	}
}

func TestTreeIsNaive(t *testing.T) {
	n := newNaive(mostLeaves)
	var tree ledger.Tree
	for size := range mostLeaves + 1 {
		if got, want := tree.Root(), n.root(0, size); got != want || tree.Size() != int64(size) {
			t.Fatalf("tree of %d leaves: got %d leaves and root %s, want root %s", size, tree.Size(), got, want)
		}
		if size < mostLeaves {
			tree.Append(n.leaves[size])
		}
	}
}

// TestTreeOfTilesAndLeaves appends at random whole tiles, where one fits, and
// single leaves.
func TestTreeOfTilesAndLeaves(t *testing.T) {
	n := newNaive(mostLeaves)
	s := newTiled(t, n.leaves)
	for seed := range uint64(50) {
		random := rand.New(rand.NewPCG(seed, 0))
		var tree ledger.Tree
		for tree.Size() < mostLeaves {
			tile := tree.Size() / ledger.TileSize
			if tree.Size()%ledger.TileSize == 0 && int(tile) < len(s.roots) && random.IntN(2) == 0 {
				if err := tree.AppendTile(s.roots[tile]); err != nil {
					t.Fatal(err)
				}
				continue
			}
			before := tree
			if err := tree.AppendTile(s.roots[0]); tree.Size()%ledger.TileSize != 0 && evidence.CodeOf(err) != evidence.Invalid {
				t.Fatalf("a tile was appended after %d leaves (%v)", tree.Size(), err)
			}
			tree = before // a Tree is a value
			tree.Append(n.leaves[tree.Size()])
			if random.IntN(100) == 0 && tree.Root() != n.root(0, int(tree.Size())) {
				t.Fatalf("seed %d: wrong root at %d leaves", seed, tree.Size())
			}
		}
		if tree.Root() != n.root(0, mostLeaves) {
			t.Fatalf("seed %d: wrong root", seed)
		}
	}
}

// TestTreeIsACompactRange compares with the reference implementation at sizes
// that a naive tree does not reach.
func TestTreeIsACompactRange(t *testing.T) {
	var tree ledger.Tree
	factory := compact.RangeFactory{Hash: rfc6962.DefaultHasher.HashChildren}
	reference := factory.NewEmptyRange(0)
	for tile := range 3000 {
		root := ledger.LeafHash([]byte{byte(tile), byte(tile >> 8)})
		if err := tree.AppendTile(root); err != nil {
			t.Fatal(err)
		}
		begin := uint64(tile) * ledger.TileSize
		one, err := factory.NewRange(begin, begin+ledger.TileSize, [][]byte{root[:]})
		if err != nil {
			t.Fatal(err)
		}
		if err := reference.AppendRange(one, nil); err != nil {
			t.Fatal(err)
		}
		want, err := reference.GetRootHash(nil)
		if err != nil {
			t.Fatal(err)
		}
		if got := tree.Root(); got != ledger.Hash(want) {
			t.Fatalf("after %d tiles: got root %s, want %x", tile+1, got, want)
		}
	}
}

func TestTileRoot(t *testing.T) {
	n := newNaive(2 * ledger.TileSize)
	root, err := ledger.TileRoot(n.leaves[ledger.TileSize:])
	if want := n.root(ledger.TileSize, 2*ledger.TileSize); err != nil || root != want {
		t.Errorf("got %s, %v, want %s", root, err, want)
	}
	for _, count := range []int{0, 1, ledger.TileSize - 1, ledger.TileSize + 1, 2 * ledger.TileSize} {
		if _, err := ledger.TileRoot(n.leaves[:count]); evidence.CodeOf(err) != evidence.Invalid {
			t.Errorf("%d leaves: got %v, want an error that is %q", count, err, evidence.Invalid)
		}
	}
}

func TestHashText(t *testing.T) {
	h := ledger.LeafHash(nil)
	text, err := json.Marshal(h)
	if err != nil || string(text) != `"`+vectorRoots()[1]+`"` {
		t.Errorf("got %s, %v", text, err)
	}
	var back ledger.Hash
	if err := json.Unmarshal(text, &back); err != nil || back != h {
		t.Errorf("got %s, %v", back, err)
	}
	for name, text := range map[string]string{
		"nothing": "", "upper case": strings.ToUpper(h.String()), "too short": h.String()[1:], "not hex": "g" + h.String()[1:],
	} {
		t.Run(name, func(t *testing.T) {
			if err := back.UnmarshalText([]byte(text)); evidence.CodeOf(err) != evidence.Malformed || back != h {
				t.Errorf("got %s, %v; want an error that is %q and the hash as it was", back, err, evidence.Malformed)
			}
		})
	}
}

// BenchmarkRootOfAMillion is the root over 10^6 leaves from their hashes.
func BenchmarkRootOfAMillion(b *testing.B) {
	leaf := ledger.LeafHash([]byte("leaf"))
	for b.Loop() {
		var tree ledger.Tree
		for range 1_000_000 {
			tree.Append(leaf)
		}
		if tree.Root() == (ledger.Hash{}) {
			b.Fatal("no root")
		}
	}
}

// BenchmarkLeafHash is the hash of an entry of usual length, 600 bytes.
func BenchmarkLeafHash(b *testing.B) {
	entry := make([]byte, 600)
	b.SetBytes(int64(len(entry)))
	b.ReportAllocs()
	for b.Loop() {
		ledger.LeafHash(entry)
	}
}
