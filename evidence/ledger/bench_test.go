package ledger_test

import (
	"crypto/rand"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// entries returns the canonical bytes of count entries of usual length.
func entries(t testing.TB, count int) [][]byte {
	t.Helper()
	at := time.Date(2026, 3, 1, 8, 0, 0, 0, time.UTC)
	out := make([][]byte, count)
	for i := range out {
		id := evidence.DeriveEntryID("bench", fmt.Sprint(i))
		e, err := evidence.NewEntry(id, caseID, evidence.ActSealed, evidence.At(at.Add(time.Duration(i)*time.Second)), evidence.ServiceActor("worker"), rand.Reader)
		if err != nil {
			t.Fatal(err)
		}
		e.AboutItem(evidence.Item{
			ID: evidence.Derive[evidence.ItemID](fmt.Sprint(i)), Exhibit: i + 1, Name: "mail/inbox/0001.eml",
			Length: int64(i), Digest: evidence.Sum([]byte(fmt.Sprint(i))),
		})
		if out[i], err = canon.Marshal(e); err != nil {
			t.Fatal(err)
		}
	}
	return out
}

// verifyLog does what a verifier does with a log: every entry is canonical and
// whole, and together they have the root that the checkpoint signs.
func verifyLog(entries [][]byte, signed []byte, trusted []evidence.PublicKey) error {
	cp, _, err := ledger.OpenCheckpoint(signed, trusted)
	if err != nil {
		return err
	}
	var tree ledger.Tree
	for _, raw := range entries {
		var e evidence.Entry
		if err := canon.Unmarshal(raw, &e); err != nil {
			return err
		}
		if err := e.Check(); err != nil {
			return err
		}
		tree.Append(ledger.LeafHash(raw))
	}
	if tree.Size() != cp.Size || tree.Root() != cp.Root {
		return evidence.Errorf(evidence.Tampered, "the entries are not those that the checkpoint signs")
	}
	return nil
}

func signLog(t testing.TB, entries [][]byte, s evidence.Signer) []byte {
	t.Helper()
	var tree ledger.Tree
	for _, raw := range entries {
		tree.Append(ledger.LeafHash(raw))
	}
	return sign(t, ledger.Checkpoint{Origin: ledger.CaseOrigin("agency.example", caseID), Size: tree.Size(), Root: tree.Root()}, s)
}

// TestVerifyLog changes, drops, doubles and swaps each entry of a log.
func TestVerifyLog(t *testing.T) {
	log := signer("agency.example/log/v1")
	trusted := []evidence.PublicKey{key(t, log)}
	whole := entries(t, 40)
	signed := signLog(t, whole, log)
	if err := verifyLog(whole, signed, trusted); err != nil {
		t.Fatal(err)
	}
	clone := func() [][]byte { return slices.Clone(whole) }
	for i := range whole {
		flipped := clone()
		flipped[i] = append([]byte{}, whole[i]...)
		flipped[i][(i*37)%len(flipped[i])] ^= 1 << (i % 8)
		dropped := slices.Delete(clone(), i, i+1)
		doubled := slices.Insert(clone(), i, whole[i])
		swapped := clone()
		swapped[i], swapped[(i+1)%len(swapped)] = swapped[(i+1)%len(swapped)], swapped[i]
		for what, changed := range map[string][][]byte{"flipped": flipped, "dropped": dropped, "doubled": doubled, "swapped": swapped} {
			if err := verifyLog(changed, signed, trusted); err == nil {
				t.Errorf("entry %d was %s, and the log verifies", i, what)
			}
		}
	}
}

// BenchmarkVerifyLog is a log of 10^5 entries, from bytes to the checkpoint.
func BenchmarkVerifyLog(b *testing.B) {
	log := signer("agency.example/log/v1")
	trusted := []evidence.PublicKey{key(b, log)}
	whole := entries(b, 100_000)
	signed := signLog(b, whole, log)
	for b.Loop() {
		if err := verifyLog(whole, signed, trusted); err != nil {
			b.Fatal(err)
		}
	}
}
