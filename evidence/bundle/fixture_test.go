package bundle_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/seal"
)

const agency = "agency.example"

// fixture is a case from which bundles are made: a Source that is a function
// of what was put in, down to the last byte.
type fixture struct {
	facts    bundle.Facts
	entries  [][]byte
	items    []evidence.Item // disclosed
	seals    map[evidence.ItemID][]byte
	contents map[evidence.ItemID][]byte

	random  *rand.ChaCha8
	now     time.Time
	actor   evidence.Actor
	log     evidence.Signer
	seal    evidence.Signer
	intake  evidence.IntakeID
	exhibit int
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// signers returns the log and seal keys of an agency.
func signers(name string, seed byte) (log, seal *ledger.LocalSigner) {
	return ledger.NewLocalSigner(name+"/log/v1", [32]byte{seed, 1}), ledger.NewLocalSigner(name+"/seal/v1", [32]byte{seed, 2})
}

func publicKeys(signers ...evidence.Signer) []evidence.PublicKey {
	var keys []evidence.PublicKey
	for _, s := range signers {
		keys = append(keys, must(s.PublicKeys(context.Background()))...)
	}
	return keys
}

// newFixture opens an empty case of an agency whose keys follow from seed.
func newFixture(seed byte) *fixture {
	f := &fixture{
		seals: map[evidence.ItemID][]byte{}, contents: map[evidence.ItemID][]byte{},
		random: rand.NewChaCha8([32]byte{seed}), now: time.Date(2026, 3, 9, 8, 30, 0, 0, time.UTC),
	}
	f.log, f.seal = signers(agency, seed)
	f.actor = evidence.Actor{
		Person: evidence.Person{ID: "person-erin", Login: "erin", Name: "Erin Examiner", Roles: []evidence.Role{evidence.Examiner}},
		From:   "192.0.2.7", Client: "sealcase/1.0 (cli)",
	}
	f.intake = must(evidence.NewID[evidence.IntakeID](f.random))
	at := evidence.At(f.now)
	id := must(evidence.NewID[evidence.CaseID](f.random))
	f.facts = bundle.Facts{
		Case: evidence.Case{
			ID: id, Number: "2026-0007", Version: 1, Title: "Payroll intrusion by an autonomous agent", State: evidence.StateOpen,
			TimeZone: "Europe/Vienna", OpenedAt: at, OpenedBy: "person-ivo", At: at, By: "person-ivo",
		},
		Keys: publicKeys(f.log, f.seal), People: []evidence.Person{f.actor.Person}, Generator: "sealcase/test",
	}
	opened := f.entry(evidence.ActOpened)
	opened.Details = map[string]string{"number": f.facts.Case.Number, "title": f.facts.Case.Title}
	f.append(opened)
	return f
}

// tick moves the clock on.
func (f *fixture) tick() evidence.Instant {
	f.now = f.now.Add(1234 * time.Millisecond)
	return evidence.At(f.now)
}

func (f *fixture) entry(act evidence.Act) evidence.Entry {
	id := must(evidence.NewID[evidence.EntryID](f.random))
	return must(evidence.NewEntry(id, f.facts.Case.ID, act, f.tick(), f.actor, f.random))
}

func (f *fixture) append(e evidence.Entry) { f.entries = append(f.entries, must(canon.Marshal(e))) }

// receive puts an item on record as received.
func (f *fixture) receive(name evidence.FileName, length int64, digest evidence.Digest) evidence.Item {
	f.exhibit++
	at := f.tick()
	it := evidence.Item{
		ID: must(evidence.NewID[evidence.ItemID](f.random)), Case: f.facts.Case.ID, Exhibit: f.exhibit, Version: 1,
		Intake: f.intake, Name: name, Length: length, Digest: digest, State: evidence.ItemReceived,
		Custodian: f.actor.ID, ReceivedAt: at, ReceivedBy: f.actor.ID, At: at,
		Locked: evidence.At(f.now.AddDate(1, 0, 0)),
	}
	it.Data = evidence.ObjectRef{Bucket: "sealcase-evidence", Key: "data/" + string(it.ID), Version: "v1"}
	e := f.entry(evidence.ActReceived)
	e.AboutItem(it)
	f.append(e)
	return it
}

// sealItem puts a received item on record as sealed.
func (f *fixture) sealItem(it evidence.Item) evidence.Item {
	it.State, it.Version, it.SealedAt = evidence.ItemSealed, 2, f.tick()
	statement := seal.NewStatement(f.facts.Case, it, "Warrant 12/26", it.SealedAt)
	f.seals[it.ID] = must(seal.Sign(context.Background(), f.seal, statement))[0]
	it.Seal = evidence.ObjectRef{Bucket: "sealcase-evidence", Key: "seal/" + string(it.ID), Version: "v1"}
	e := f.entry(evidence.ActSealed)
	e.AboutItem(it)
	e.Details = map[string]string{bundle.DetailSeal: evidence.Sum(f.seals[it.ID]).String()}
	f.append(e)
	return it
}

// disclose adds a sealed item with its content.
func (f *fixture) disclose(name evidence.FileName, content []byte) evidence.Item {
	it := f.sealItem(f.receive(name, int64(len(content)), evidence.Sum(content)))
	f.contents[it.ID] = content
	f.items = append(f.items, it)
	return it
}

// withhold adds an item that is not disclosed.
func (f *fixture) withhold(it evidence.Item, reason string) {
	f.facts.Withheld = append(f.facts.Withheld, bundle.WithheldItem{Item: it, Reason: reason})
}

// close signs the head of the log and completes the facts.
func (f *fixture) close() *fixture {
	var tree ledger.Tree
	for _, e := range f.entries {
		tree.Append(ledger.LeafHash(e))
	}
	cp := ledger.Checkpoint{Origin: ledger.CaseOrigin(agency, f.facts.Case.ID), Size: tree.Size(), Root: tree.Root()}
	f.facts.Checkpoint = must(ledger.SignCheckpoint(context.Background(), cp, f.log))
	f.facts.At = f.tick()
	f.facts.Disclosure = evidence.Disclosure{
		ID: evidence.Derive[evidence.DisclosureID]("disclosure", string(f.facts.Case.ID)), Case: f.facts.Case.ID, Version: 1,
		Title: "First disclosure", Recipient: "Defence counsel", Purpose: "Discovery", By: "person-pia", RequestedAt: f.facts.At,
	}
	f.facts.Items, f.facts.Bytes = len(f.items), 0
	for _, it := range f.items {
		f.facts.Bytes += it.Length
	}
	return f
}

// write returns the bundle.
func (f *fixture) write(t testing.TB) ([]byte, bundle.Summary) {
	t.Helper()
	var b bytes.Buffer
	s, err := bundle.Write(t.Context(), &b, f, nil)
	if err != nil {
		t.Fatalf("Write: %v", err)
	}
	return b.Bytes(), s
}

// golden returns a case with everything that a bundle can show.
func golden() *fixture {
	f := newFixture(1)
	f.disclose("notes of the agent.md", []byte("# Plan\n1. enumerate the payroll API\n"))
	f.disclose("empty.log", nil)
	f.disclose("../../etc/pass\x00wd\r\n=cmd|'/c calc'!A1.\u202Etxt", []byte("hostile name"))
	f.disclose("caf\xe9.eml", bytes.Repeat([]byte("From: a@example.org\n"), 300))
	f.withhold(f.sealItem(f.receive("client-list.xlsx", 5, evidence.Sum([]byte("names")))), "Privileged: attorney-client")
	bad := f.receive("disk.img", 9, evidence.Sum([]byte("the image")))
	bad.State = evidence.ItemQuarantined
	e := f.entry(evidence.ActQuarantined)
	e.AboutItem(bad)
	f.append(e)
	f.withhold(bad, "Quarantined: stored bytes differ from those received")
	f.disclose("session.jsonl", bytes.Repeat([]byte(`{"tool":"bash","input":"curl"}`+"\n"), 40))
	for len(f.entries) < 300 {
		v := f.entry(evidence.ActViewed)
		v.AboutItem(f.items[0])
		v.Purpose = fmt.Sprintf("Examination, page %d", len(f.entries))
		f.append(v)
	}
	return f.close()
}

// small returns a case with as little as a bundle can have and still be one.
func small() *fixture {
	f := newFixture(2)
	f.disclose("a.txt", []byte("a"))
	f.disclose("b.txt", nil)
	return f.close()
}

// Facts implements bundle.Source.
func (f *fixture) Facts(context.Context) (bundle.Facts, error) { return f.facts, nil }

// Entries implements bundle.Source.
func (f *fixture) Entries(context.Context) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for _, e := range f.entries {
			if !yield(e, nil) {
				return
			}
		}
	}
}

// Items implements bundle.Source.
func (f *fixture) Items(context.Context) iter.Seq2[evidence.Item, error] {
	return func(yield func(evidence.Item, error) bool) {
		for _, it := range f.items {
			if !yield(it, nil) {
				return
			}
		}
	}
}

// Seal implements bundle.Source.
func (f *fixture) Seal(_ context.Context, it evidence.Item) ([]byte, error) {
	return f.seals[it.ID], nil
}

// Open implements bundle.Source.
func (f *fixture) Open(_ context.Context, it evidence.Item) (io.ReadCloser, error) {
	return io.NopCloser(bytes.NewReader(f.contents[it.ID])), nil
}

// verify checks a bundle with the fixture's keys.
func (f *fixture) verify(t testing.TB, data []byte, opts bundle.Options) bundle.Report {
	t.Helper()
	r, err := bundle.Verify(t.Context(), bytes.NewReader(data), int64(len(data)), f.facts.Keys, opts)
	if err != nil {
		t.Fatalf("Verify: %v", err)
	}
	return r
}

// prove goes on with the log after a bundle: the entry that records it, and
// the proof.
func (f *fixture) prove(t testing.TB, s bundle.Summary) []byte {
	t.Helper()
	old := int64(len(f.entries))
	e := f.entry(evidence.ActDisclosed)
	e.Details = map[string]string{
		bundle.DetailDisclosure: string(f.facts.Disclosure.ID), bundle.DetailTagDigest: s.TagDigest.String(),
		bundle.DetailBundle: s.Digest.String(), bundle.DetailLogSize: fmt.Sprint(s.LogSize),
	}
	entries := append(append([][]byte{}, f.entries...), must(canon.Marshal(e)))
	leaves := func(_ context.Context, tile int64) ([]ledger.Hash, error) {
		var hashes []ledger.Hash
		for _, raw := range entries[tile*ledger.TileSize : min((tile+1)*ledger.TileSize, int64(len(entries)))] {
			hashes = append(hashes, ledger.LeafHash(raw))
		}
		return hashes, nil
	}
	tiles := func(ctx context.Context, tile int64) (ledger.Hash, error) {
		return ledger.TileRoot(must(leaves(ctx, tile)))
	}
	var tree ledger.Tree
	for _, raw := range entries {
		tree.Append(ledger.LeafHash(raw))
	}
	cp := ledger.Checkpoint{Origin: ledger.CaseOrigin(agency, f.facts.Case.ID), Size: tree.Size(), Root: tree.Root()}
	p := bundle.Proof{
		Entry: entries[old], Index: old, Checkpoint: must(ledger.SignCheckpoint(t.Context(), cp, f.log)),
		Inclusion:   must(ledger.ProveInclusion(t.Context(), old, tree.Size(), leaves, tiles)),
		Consistency: must(ledger.ProveConsistency(t.Context(), old, tree.Size(), leaves, tiles)),
	}
	var b bytes.Buffer
	if err := bundle.WriteProof(&b, p); err != nil {
		t.Fatalf("WriteProof: %v", err)
	}
	return b.Bytes()
}
