package bundle_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"fmt"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// witnessName is the name of the witness of the tests.
const witnessName = "witness.example/w1"

// witnessKey is the key of the fixture's witness.
func (f *fixture) witnessKey() evidence.WitnessKey {
	return evidence.WitnessKey{Name: witnessName, Key: f.witness.Public().(ed25519.PublicKey)}
}

// proofOf makes the proof of a bundle as soon as that is written: the log goes
// on with the entry that records it.
func (f *fixture) proofOf(s bundle.Summary) bundle.Proof {
	old := int64(len(f.entries))
	e := f.machine(evidence.ActDisclosed)
	e.Details = map[string]string{
		bundle.DetailDisclosure: string(f.facts.Disclosure.ID), bundle.DetailTagDigest: s.TagDigest.String(),
		bundle.DetailBundle: s.Digest.String(), bundle.DetailLogSize: fmt.Sprint(s.LogSize),
	}
	entries := append(append([][]byte{}, f.entries...), f.signed(e)[0])
	return bundle.Proof{
		Entry: entries[old], Index: old, Checkpoint: f.head(f.facts.Case.ID, entries),
		Inclusion: inclusion(entries, old), Consistency: consistency(entries, old),
	}
}

// prove makes the written proof, without the register.
func (f *fixture) prove(t testing.TB, s bundle.Summary) []byte {
	t.Helper()
	return written(t, f.proofOf(s))
}

// proveRegistered makes the written proof after every key was rotated once more,
// and with the register, which a witness has cosigned.
func (f *fixture) proveRegistered(t testing.TB, s bundle.Summary) []byte {
	t.Helper()
	var keys []map[string]string
	for _, k := range []*ledger.LocalKey{f.log, f.worker} {
		k.Rotate()
		keys = append(keys, introduction(k))
	}
	p := f.proofOf(s)
	if f.root == nil {
		p.Keys = keys
	} else {
		p.Stated = []attest.Signed{attest.SignedFrom(f.statement(f.root, f.serial+1, nil).Details)}
	}
	p.Register = f.registered(p, f.registerEntry(f.facts.Case.ID, p.Checkpoint))
	return written(t, p)
}

// registerEntry returns the register's entry for the head of a log.
func (f *fixture) registerEntry(c evidence.CaseID, note []byte) []byte {
	cp := must(ledger.ParseCheckpoint(note))
	e := f.machine(evidence.ActHead)
	e.Case = evidence.RegisterID()
	e.Details = map[string]string{
		bundle.DetailCase: string(c), bundle.DetailOrigin: cp.Origin, bundle.DetailSize: fmt.Sprint(cp.Size),
		bundle.DetailRoot: cp.Root.String(), bundle.DetailNote: evidence.Sum(note).String(),
	}
	return f.signed(e)[0]
}

// registered returns the part of a proof that shows an entry of the register,
// which has others before and after it.
func (f *fixture) registered(p bundle.Proof, entry []byte) *bundle.RegisterProof {
	other := f.registerEntry(evidence.Derive[evidence.CaseID]("another"), p.Checkpoint)
	entries := [][]byte{other, entry, other}
	head := f.head(evidence.RegisterID(), entries)
	return &bundle.RegisterProof{
		Entry: entry, Index: 1, Inclusion: inclusion(entries, 1), Timestamps: [][]byte{[]byte("a token is not looked into")},
		Checkpoint: must(ledger.AddCosignatures(head, f.cosign(head, witnessName), f.cosign(head, "stranger.example/w"))),
	}
}

// cosign returns a cosignature of a head under a name.
func (f *fixture) cosign(head []byte, name string) []byte {
	at := time.Date(2026, 3, 9, 9, 0, 0, 0, time.UTC)
	return must(ledger.Cosign(must(ledger.ParseCheckpoint(head)), name, f.witness, at))
}

func written(t testing.TB, p bundle.Proof) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := bundle.WriteProof(&b, p); err != nil {
		t.Fatalf("WriteProof: %v", err)
	}
	return b.Bytes()
}

func inclusion(entries [][]byte, index int64) []ledger.Hash {
	leaves, tiles := tree(entries)
	return must(ledger.ProveInclusion(context.Background(), index, int64(len(entries)), leaves, tiles))
}

func consistency(entries [][]byte, from int64) []ledger.Hash {
	leaves, tiles := tree(entries)
	return must(ledger.ProveConsistency(context.Background(), from, int64(len(entries)), leaves, tiles))
}

func tree(entries [][]byte) (func(context.Context, int64) ([]ledger.Hash, error), func(context.Context, int64) (ledger.Hash, error)) {
	leaves := func(_ context.Context, tile int64) ([]ledger.Hash, error) {
		var hashes []ledger.Hash
		for _, raw := range entries[tile*ledger.TileSize : min((tile+1)*ledger.TileSize, int64(len(entries)))] {
			hashes = append(hashes, ledger.LeafHash(raw))
		}
		return hashes, nil
	}
	return leaves, func(ctx context.Context, tile int64) (ledger.Hash, error) {
		return ledger.TileRoot(must(leaves(ctx, tile)))
	}
}
