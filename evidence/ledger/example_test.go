package ledger_test

import (
	"context"
	"fmt"
	"log"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// Three entries are logged and the head is signed. Somebody who has the second
// entry, the proof, the head and the agency's key is convinced without the rest.
func Example() {
	ctx := context.Background()
	entries := [][]byte{[]byte("opened"), []byte("received"), []byte("sealed")}
	var tree ledger.Tree
	var hashes []ledger.Hash
	for _, e := range entries {
		hashes = append(hashes, ledger.LeafHash(e))
		tree.Append(ledger.LeafHash(e))
	}
	signer := ledger.NewLocalSigner("agency.example/log/v1", [32]byte{7})
	note, err := ledger.SignCheckpoint(ctx, ledger.Checkpoint{
		Origin: ledger.CaseOrigin("agency.example", "case-aaaaaaaaaaaaaaaaaaaaaaaaaa"), Size: tree.Size(), Root: tree.Root(),
	}, signer)
	if err != nil {
		log.Fatal(err)
	}
	leaves := func(context.Context, int64) ([]ledger.Hash, error) { return hashes, nil }
	proof, err := ledger.ProveInclusion(ctx, 1, tree.Size(), leaves, nil) // no full tile is needed
	if err != nil {
		log.Fatal(err)
	}

	trusted, err := signer.PublicKeys(ctx)
	if err != nil {
		log.Fatal(err)
	}
	head, by, err := ledger.OpenCheckpoint(note, trusted)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(head.Size, "entries, signed by", by[0].Name)
	fmt.Println("the second:", ledger.VerifyInclusion(ledger.LeafHash([]byte("received")), 1, head.Size, proof, head.Root))
	err = ledger.VerifyInclusion(ledger.LeafHash([]byte("deleted")), 1, head.Size, proof, head.Root)
	fmt.Println("another one:", evidence.CodeOf(err))
	// Output:
	// 3 entries, signed by agency.example/log/v1
	// the second: <nil>
	// another one: tampered
}
