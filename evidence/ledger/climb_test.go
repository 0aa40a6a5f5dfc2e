package ledger_test

import (
	"bytes"
	"testing"

	"github.com/transparency-dev/merkle/proof"
	"github.com/transparency-dev/merkle/rfc6962"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// checkClimb wants of a Climber what the reference implementation says.
func checkClimb(t *testing.T, c *ledger.Climber, leaf ledger.Hash, index, size int64, path []ledger.Hash) {
	t.Helper()
	raw := make([][]byte, len(path))
	for i := range path {
		raw[i] = path[i][:]
	}
	want, wantErr := []byte(nil), error(evidence.Errorf(evidence.Tampered, "no such leaf"))
	if index >= 0 && size > 0 {
		want, wantErr = proof.RootFromInclusionProof(rfc6962.DefaultHasher, uint64(index), uint64(size), leaf[:], raw)
	}
	got, err := c.Root(leaf, index, size, digests(path))
	switch {
	case (err == nil) != (wantErr == nil), err != nil && evidence.CodeOf(err) != evidence.Tampered:
		t.Errorf("leaf %d of %d, %d hashes: got %v, want %v", index, size, len(path), err, wantErr)
	case err == nil && !bytes.Equal(got[:], want):
		t.Errorf("leaf %d of %d, %d hashes: got the root %s, want %x", index, size, len(path), got, want)
	}
}

func digests(path []ledger.Hash) []evidence.Digest {
	list := make([]evidence.Digest, len(path))
	for i, h := range path {
		list[i] = evidence.Digest(h)
	}
	return list
}

// TestClimber: one Climber, that remembers all sorts of trees and false paths,
// gives the root of every leaf.
func TestClimber(t *testing.T) {
	n := newNaive(70)
	var c ledger.Climber
	for size := range 70 {
		for index := range size {
			path := n.path(index, 0, size)
			root, err := c.Root(n.leaves[index], int64(index), int64(size), digests(path))
			if err != nil || root != n.root(0, size) {
				t.Fatalf("leaf %d of %d: got %s, %v", index, size, root, err)
			}
			changes(path, func(_ string, changed []ledger.Hash) {
				checkClimb(t, &c, n.leaves[index], int64(index), int64(size), changed)
			})
			checkClimb(t, &c, n.leaves[index+1], int64(index), int64(size), path)
			checkClimb(t, &c, ledger.Hash{}, int64(index), int64(size), path)
			checkClimb(t, &c, n.leaves[index], int64(index)+1, int64(size), path)
			checkClimb(t, &c, n.leaves[index], int64(index), int64(size)-1, path)
		}
	}
}

// FuzzClimber: whatever a path holds, a Climber says what the reference
// implementation does, also when it has seen that path, or another, before.
func FuzzClimber(f *testing.F) {
	n := newNaive(300)
	f.Add(int64(299), int64(300), join(n.path(299, 0, 300)))
	f.Add(int64(0), int64(300), join(n.path(0, 0, 300)))
	f.Add(int64(1)<<62, int64(1)<<62+1, make([]byte, 32))
	f.Add(int64(5), int64(1)<<62, make([]byte, 62*32))
	f.Fuzz(func(t *testing.T, index, size int64, raw []byte) {
		path := split(raw)
		var c ledger.Climber
		for _, i := range []int64{index, index ^ 1, index} {
			checkClimb(t, &c, n.leaves[uint64(i)%300], i, size, path)
		}
	})
}
