package bundle_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"fmt"
	"io"
	"iter"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/ledger"
)

const agency = "agency.example"

// fixture is a case from which bundles are made: a Source that is a function
// of what was put in, down to the last byte.
type fixture struct {
	facts    bundle.Facts
	entries  [][]byte
	reasons  map[int]string  // why entries are withheld, by index
	items    []evidence.Item // disclosed
	seals    map[evidence.ItemID][]byte
	contents map[evidence.ItemID][]byte
	trusted  []evidence.PublicKey // what a reader has from outside

	agency  string
	seed    [32]byte
	random  *rand.ChaCha8
	now     time.Time
	actor   evidence.Actor // Erin, who does most
	lawyer  evidence.Actor // Pia, who asks for bundles
	log     *ledger.LocalKey
	seal    *ledger.LocalKey
	worker  *ledger.LocalKey
	people  map[evidence.PersonID]*ledger.LocalKey
	root    *ledger.LocalSigner // that states the agency's keys; nil for none
	serial  int64               // of its newest statement
	witness ed25519.PrivateKey
	intake  evidence.IntakeID
	exhibit int
	state   evidence.CaseState // by the log
	version int
	class   evidence.Class // by the log
	rules   int            // version, that its first roster names; 1 where it is not said, so that those of then are judged, too

	recipient, purpose string // of the bundle
	between            func() // when it is set, what happens while Pia asks for a bundle, and after
}

func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

func publicKeys(signers ...evidence.Signer) []evidence.PublicKey {
	var keys []evidence.PublicKey
	for _, s := range signers {
		keys = append(keys, must(s.PublicKeys(context.Background()))...)
	}
	return keys
}

// newFixture opens an empty case of an agency whose keys follow from seed.
func newFixture(seed byte) *fixture { return newCase(agency, [32]byte{seed}).open() }

// newCase returns a case that is not open yet, of an agency with that name, whose
// keys and identifiers follow from seed.
func newCase(agency string, seed [32]byte) *fixture {
	f := &fixture{
		agency: agency, seed: seed, recipient: "Defence counsel", purpose: "Discovery",
		seals: map[evidence.ItemID][]byte{}, contents: map[evidence.ItemID][]byte{}, reasons: map[int]string{},
		random: rand.NewChaCha8(seed), now: time.Date(2026, 3, 9, 8, 30, 0, 0, time.UTC),
		people: map[evidence.PersonID]*ledger.LocalKey{}, state: evidence.StateIntake, version: 1, class: evidence.ClassOrdinary, rules: 1,
		witness: ed25519.NewKeyFromSeed(bytes.Repeat(seed[:1], ed25519.SeedSize)),
	}
	f.log, f.seal, f.worker = f.key("/log", 1), f.key("/seal", 2), f.key("/worker", 3)
	f.actor = evidence.Actor{
		Person: evidence.Person{ID: "person-erin", Login: "erin", Name: "Erin Examiner", Roles: []evidence.Role{evidence.Investigator, evidence.Examiner}},
		From:   "192.0.2.7", Client: "sealcase/1.0 (cli)",
	}
	f.lawyer = evidence.Actor{
		Person: evidence.Person{ID: "person-pia", Login: "pia", Name: "Pia Prosecutor", Roles: []evidence.Role{evidence.Prosecutor}},
		From:   "192.0.2.8", Client: "Mozilla/5.0",
	}
	f.intake = must(evidence.NewID[evidence.IntakeID](f.random))
	at := evidence.At(f.now)
	id := must(evidence.NewID[evidence.CaseID](f.random))
	f.facts = bundle.Facts{
		Case: evidence.Case{
			ID: id, Number: "2026-0007", Version: 1, Title: "Payroll intrusion by an autonomous agent", State: evidence.StateOpen,
			TimeZone: "Europe/Vienna", OpenedAt: at, OpenedBy: f.actor.ID, At: at, By: f.actor.ID,
		},
		Generator: "sealcase/test",
	}
	f.trusted = publicKeys(f.log, f.seal, f.worker)
	return f
}

// key returns a key of the agency whose name ends so.
func (f *fixture) key(name string, role ...byte) *ledger.LocalKey {
	seed := f.seed
	copy(seed[1:], role)
	return ledger.NewLocalKey(f.agency+name, seed)
}

// open puts on record who works on the case, and that it was opened.
func (f *fixture) open() *fixture {
	for i, a := range []evidence.Actor{f.actor, f.lawyer} {
		f.people[a.ID] = f.key("/person/"+string(a.ID), 4, byte(i))
	}
	f.roster()
	opened := f.entry(evidence.ActOpened)
	opened.Details = map[string]string{"number": f.facts.Case.Number, "title": f.facts.Case.Title, "time_zone": f.facts.Case.TimeZone}
	f.append(opened)
	f.append(f.says(f.actor, act.MemberAdded{Person: f.lawyer.ID, Name: f.lawyer.Name, Grant: evidence.GrantContribute}))
	return f
}

// says returns an entry of an actor that says what the payload does.
func (f *fixture) says(by evidence.Actor, p act.Payload) evidence.Entry {
	e := f.by(by, p.Act())
	e.Details = act.Details(p)
	return e
}

// transition brings the case into a state.
func (f *fixture) transition(by evidence.Actor, to evidence.CaseState) {
	f.version++
	f.append(f.says(by, act.Transitioned{From: f.state, To: to, Version: f.version}))
	f.state = to
}

// roster puts on record who people are, and their keys.
func (f *fixture) roster() {
	var people []attest.Listed
	for _, a := range []evidence.Actor{f.actor, f.lawyer} {
		p := attest.Listed{ID: a.ID, Name: a.Name, Roles: a.Roles}
		for _, k := range publicKeys(f.people[a.ID]) {
			p.Keys = append(p.Keys, k.VKey())
		}
		people = append(people, p)
	}
	e := f.machine(evidence.ActRoster)
	e.Details = must(attest.WriteRoster(people, publicKeys(f.log, f.seal, f.worker)))
	if len(f.entries) == 0 {
		e.Details[attest.DetailRules] = strconv.Itoa(f.rules)
	}
	f.append(e)
}

// tick moves the clock on.
func (f *fixture) tick() evidence.Instant {
	f.now = f.now.Add(1234 * time.Millisecond)
	return evidence.At(f.now)
}

// entry returns an entry of an act by Erin.
func (f *fixture) entry(act evidence.Act) evidence.Entry { return f.by(f.actor, act) }

// machine returns an entry of an act by the worker.
func (f *fixture) machine(act evidence.Act) evidence.Entry {
	return f.by(evidence.ServiceActor("worker"), act)
}

func (f *fixture) by(actor evidence.Actor, act evidence.Act) evidence.Entry {
	id := must(evidence.NewID[evidence.EntryID](f.random))
	return must(evidence.NewEntry(id, f.facts.Case.ID, act, f.tick(), actor, f.random))
}

// signed returns entries signed at once, by whoever did the first of them.
func (f *fixture) signed(list ...evidence.Entry) [][]byte {
	var signer evidence.Signer = f.worker
	if !list[0].Actor.Service {
		signer = f.people[list[0].Actor.ID]
	}
	pointers := make([]*evidence.Entry, len(list))
	for i := range list {
		pointers[i] = &list[i]
	}
	return must(attest.Sign(context.Background(), signer, pointers...))
}

// append signs entries at once and appends them.
func (f *fixture) append(list ...evidence.Entry) {
	f.entries = append(f.entries, f.signed(list...)...)
}

// withholdLast withholds the last n entries.
func (f *fixture) withholdLast(n int, reason string) {
	for i := len(f.entries) - n; i < len(f.entries); i++ {
		f.reasons[i] = reason
	}
}

// introduction returns the details of an entry with which the version before the
// newest of a key introduces the newest.
func introduction(k *ledger.LocalKey) map[string]string {
	keys := publicKeys(k)
	return must(attest.Introduce(context.Background(), k, keys[len(keys)-2], keys[len(keys)-1]))
}

// rotate begins a version of each of the agency's keys.
func (f *fixture) rotate() {
	if f.root != nil {
		for _, k := range []*ledger.LocalKey{f.log, f.seal, f.worker} {
			k.Rotate()
		}
		f.append(f.statement(f.root, f.serial+1, nil))
		return
	}
	var list []evidence.Entry
	for _, k := range []*ledger.LocalKey{f.log, f.seal, f.worker} {
		k.Rotate()
		e := f.machine(evidence.ActKey)
		e.Details = introduction(k)
		list = append(list, e)
	}
	f.append(list...)
}

// head returns the signed head of a log of these entries.
func (f *fixture) head(c evidence.CaseID, entries [][]byte) []byte {
	var tree ledger.Tree
	for _, e := range entries {
		tree.Append(ledger.LeafHash(e))
	}
	cp := ledger.Checkpoint{Origin: ledger.CaseOrigin(f.agency, c), Size: tree.Size(), Root: tree.Root()}
	return must(ledger.SignCheckpoint(context.Background(), cp, f.log))
}

// request puts on record that Pia asks for a bundle.
func (f *fixture) request(d evidence.Disclosure) {
	e := f.by(f.lawyer, evidence.ActRequested)
	e.Purpose = d.Purpose
	e.Details = act.Details(must(f.withholding(act.Request{Disclosure: d.ID, Title: d.Title, Recipient: d.Recipient}).Payload()))
	if f.between == nil {
		f.append(e)
		return
	}
	f.between()
	f.append(e)
	f.between()
}

// discloseEarlier puts an earlier disclosure on record.
func (f *fixture) discloseEarlier(name string) {
	d := evidence.Disclosure{
		ID: evidence.Derive[evidence.DisclosureID](name, string(f.facts.Case.ID)), Title: name, Recipient: "Grand jury", Purpose: "Indictment",
	}
	f.request(d)
	e := f.machine(evidence.ActDisclosed)
	e.Purpose = d.Purpose
	e.Details = map[string]string{
		bundle.DetailDisclosure: string(d.ID), bundle.DetailTagDigest: evidence.Sum([]byte(name)).String(),
		bundle.DetailLogSize: fmt.Sprint(len(f.entries)),
	}
	f.facts.Earlier = append(f.facts.Earlier, bundle.Earlier{Disclosure: d.ID, Checkpoint: f.head(f.facts.Case.ID, f.entries)})
	f.append(e)
}

// close has Pia ask for the bundle, signs the head of the log and completes the
// facts.
func (f *fixture) close() *fixture { return f.closeAs("disclosure", "First disclosure") }

// closeAs is close for a disclosure whose identifier follows from name.
func (f *fixture) closeAs(name, title string) *fixture {
	f.facts.Disclosure = evidence.Disclosure{
		ID: evidence.Derive[evidence.DisclosureID](name, string(f.facts.Case.ID)), Case: f.facts.Case.ID, Version: 1,
		Title: title, Recipient: f.recipient, Purpose: f.purpose, By: f.lawyer.ID, RequestedAt: f.tick(),
	}
	f.request(f.facts.Disclosure)
	f.facts.Checkpoint = f.head(f.facts.Case.ID, f.entries)
	f.facts.Keys = publicKeys(f.log, f.seal, f.worker)
	f.facts.At = f.tick()
	f.facts.Items, f.facts.Bytes, f.facts.Entries = len(f.items), 0, int64(len(f.reasons))
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

// Facts implements bundle.Source.
func (f *fixture) Facts(context.Context) (bundle.Facts, error) { return f.facts, nil }

// Entries implements bundle.Source.
func (f *fixture) Entries(context.Context) iter.Seq2[bundle.Entry, error] {
	return func(yield func(bundle.Entry, error) bool) {
		for i, e := range f.entries {
			if !yield(bundle.Entry{Raw: e, Withheld: f.reasons[i]}, nil) {
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

// verify checks a bundle with the keys that a reader has.
func (f *fixture) verify(t testing.TB, data []byte, opts bundle.Options) bundle.Report {
	t.Helper()
	r, err := bundle.Verify(t.Context(), bytes.NewReader(data), int64(len(data)), f.trusted, opts)
	if err != nil {
		t.Fatalf("Verify: %v", err)
	}
	return r
}
