package ledger_test

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence/ledger"
)

func TestAuditPathsAreTheProofs(t *testing.T) {
	for n := range 70 {
		leaves := make([]ledger.Hash, n)
		var tree ledger.Tree
		for i := range leaves {
			leaves[i] = ledger.LeafHash([]byte{byte(i)})
			tree.Append(leaves[i])
		}
		root, paths := ledger.AuditPaths(leaves)
		if root != tree.Root() || len(paths) != n {
			t.Fatalf("%d leaves: root %s and %d paths, want %s", n, root, len(paths), tree.Root())
		}
		for i, path := range paths {
			want, err := ledger.ProveInclusion(t.Context(), int64(i), int64(n),
				func(context.Context, int64) ([]ledger.Hash, error) { return leaves, nil }, nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, append([]ledger.Hash{}, path...)); diff != "" {
				t.Errorf("leaf %d of %d:\n%s", i, n, diff)
			}
		}
	}
}
