package custody_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/custody"
	"github.com/sealcase/sealcase/evidence/disclose"
	"github.com/sealcase/sealcase/evidence/exhibit"
	"github.com/sealcase/sealcase/evidence/intake"
)

// bothCases is a pair of cases that have nothing to do with each other: other
// members, other evidence.
type bothCases struct {
	*malice
	random      *seeded
	n           int // of the pair, among others in the same database
	here, there side
	rows        map[string]bool // collection and key of each row that came with the pair
}

// side is one of the two cases, with who belongs to it.
type side struct {
	c           evidence.Case
	members     []evidence.Actor
	items       []evidence.Item
	intake      evidence.Intake
	upload      evidence.UploadID
	disclosures []evidence.DisclosureID
	words       string // that every text of this case contains
}

// has reports whether somebody is a member.
func (d side) has(p evidence.Actor) bool {
	return slices.ContainsFunc(d.members, func(m evidence.Actor) bool { return m.ID == p.ID })
}

var (
	farInvestigator = person("p-far-investigator", evidence.Investigator)
	farExaminer     = person("p-far-examiner", evidence.Examiner)
	farProsecutor   = person("p-far-prosecutor", evidence.Prosecutor)
)

func newBothCases(t *testing.T) *bothCases {
	t.Helper()
	return newWorld(t, rand.Uint64(), 0, 1).pairs[0]
}

// world is a database with some pairs of cases. Its identifiers, and which changes
// are tried, follow from the seed; no two instants in it are the same.
type world struct {
	*malice
	seed   uint64
	random *seeded
	pairs  []*bothCases
}

// seeded is a source of random bytes that are always the same.
type seeded struct {
	mu     sync.Mutex
	source *rand.ChaCha8
}

// Read implements io.Reader.
func (s *seeded) Read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.source.Read(p)
}

func newWorld(t *testing.T, seed uint64, turn, pairs int) *world {
	t.Helper()
	random := &seeded{source: rand.NewChaCha8([32]byte(fmt.Appendf(nil, "%20d%12d", seed, turn)))}
	w := &world{malice: &malice{lab: newLab(t)}, seed: seed, random: random}
	w.config.CheckpointDelay = time.Hour
	w.config.Random, w.config.Clock = random, ticking()
	w.db, w.s3, w.running = w.admins(), w.admin(), w.service()
	known := map[string]bool{}
	for n := range pairs {
		a := w.pair(n)
		w.pairs = append(w.pairs, a)
		for collection, docs := range w.dump() {
			for _, d := range docs {
				id := d[0].Value.(string)
				if row := collection + " " + id; !known[row] && logOf(id) == "case" {
					known[row], a.rows[row] = true, true
				}
			}
		}
	}
	return w
}

// ticking is the time of day, of which no two looks are the same.
func ticking() func() time.Time {
	var mu sync.Mutex
	var last time.Time
	return func() time.Time {
		mu.Lock()
		defer mu.Unlock()
		if last = last.Add(time.Millisecond); last.Before(time.Now()) {
			last = time.Now().Truncate(time.Millisecond)
		}
		return last
	}
}

// process is one that ends before the test does.
func (w *world) process() (*process, func()) {
	w.t.Helper()
	s, err := newProcess(w.config)
	w.check(err)
	return s, func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = s.Close(ctx) // it may have seen a log that it does not use
	}
}

// pair makes a pair of cases, of members of its own.
func (w *world) pair(n int) *bothCases {
	w.t.Helper()
	a := &bothCases{malice: w.malice, random: w.random, n: n, rows: map[string]bool{}}
	near := []evidence.Actor{investigator, examiner, prosecutor}
	far := []evidence.Actor{farInvestigator, farExaminer, farProsecutor}
	if n > 0 {
		for _, people := range [][]evidence.Actor{near, far} {
			for i, p := range people {
				people[i] = person(evidence.PersonID(fmt.Sprintf("%s-%d", p.ID, n)), p.Roles...)
			}
		}
	}
	mark := string(rune('a' + n))
	a.here = a.side("nearby-"+mark, near[0], near[1], near[2])
	a.there = a.side("faraway-"+mark, far[0], far[1], far[2])
	if n == 0 {
		w.c = a.here.c
	}
	_, err := w.running.RaiseAlarms(w.t.Context(), worker, []evidence.Alarm{
		evidence.NewAlarm(evidence.AlarmLock, a.here.c.ID, "somewhere", "a hold was lifted", evidence.At(w.config.Clock())),
		evidence.NewAlarm(evidence.AlarmLock, a.there.c.ID, "elsewhere", "a hold was lifted too", evidence.At(w.config.Clock())),
	})
	w.check(err)
	a.settled()
	return a
}

// settled has heads signed and mirrored, and the register have them.
func (a *bothCases) settled() {
	a.t.Helper()
	ctx := a.t.Context()
	for _, c := range []evidence.CaseID{a.here.c.ID, a.there.c.ID} {
		_, err := a.running.Checkpoint(ctx, worker, c)
		a.check(err)
	}
	_, err := a.running.PublishHeads(ctx, worker)
	a.check(err)
	_, err = a.running.Checkpoint(ctx, worker, evidence.RegisterID())
	a.check(err)
	a.mirrored(a.running)
}

// side makes a case with everything that a case can have. Its words stand in
// every text of it.
func (a *bothCases) side(words string, lead, brings, asks evidence.Actor) side {
	a.t.Helper()
	ctx, s := a.t.Context(), a.running
	d := side{members: []evidence.Actor{lead, brings, asks}, words: words}
	var err error
	d.c, err = open(ctx, s, lead, custody.Opening{
		ID: seededID[evidence.CaseID](a.random), Title: words + " title", Summary: words + " summary", TimeZone: "Europe/Berlin",
		Members: []evidence.Person{brings.Person, asks.Person},
	})
	a.check(err)
	d.intake, err = s.OpenIntake(ctx, brings, intake.Request{ID: seededID[evidence.IntakeID](a.random), Case: d.c.ID, Source: words + " source", Authority: words + " authority"})
	a.check(err)
	for _, name := range []string{"one", "two", "spoiled"} {
		u := a.create(s, brings, d.intake, words+" "+name)
		_, err = s.WriteUpload(ctx, brings, u.ID, 0, strings.NewReader(bytesOf(words+" "+name)))
		a.check(err)
		it, err := s.CompleteUpload(ctx, brings, u.ID, evidence.Digest{})
		a.check(err)
		d.items = append(d.items, it)
	}
	d.upload = a.create(s, brings, d.intake, words+" under way").ID
	_, err = s.WriteUpload(ctx, brings, d.upload, 0, strings.NewReader(words))
	a.check(err)
	_, err = s.Quarantine(ctx, worker, d.items[2], evidence.Sum([]byte("spoiled")), 7)
	a.check(err)
	a.sealAll(s, d.intake)
	a.check(s.RecordAnalysis(ctx, worker, []exhibit.Analysis{{
		Item: d.items[0], Tools: []evidence.Tool{{Name: "file", Version: "1"}}, MediaType: "text/plain",
		Findings: []evidence.Finding{{Kind: "email", Value: words + "@example.org"}},
	}}))
	for range 2 {
		r := disclose.Request{
			ID: seededID[evidence.DisclosureID](a.random), Case: d.c.ID, Title: words + " bundle", Recipient: words + " recipient", Purpose: words + " purpose",
			Withheld: []evidence.Withheld{{Item: d.items[1].ID, Reason: words + " reason"}},
		}
		_, err = s.RequestDisclosure(ctx, asks, r)
		a.check(err)
		d.disclosures = append(d.disclosures, r.ID)
	}
	_, err = s.WriteBundle(ctx, worker, d.disclosures[0], nil) // the other one stays requested
	a.check(err)
	_, err = s.FinishDisclosure(ctx, worker, d.disclosures[0])
	a.check(err)
	for _, p := range d.members { // rosters name everybody, and tickets are used
		a.read(s, p, d)
	}
	return d
}

// seededID draws an identifier.
func seededID[T evidence.ID](random *seeded) T {
	id, err := evidence.NewID[T](random)
	if err != nil {
		panic(err) // a source of this kind does not fail
	}
	return id
}

// bytesOf is what is in a file.
func bytesOf(name string) string { return "the bytes of " + name }

func (a *bothCases) create(s *process, p evidence.Actor, in evidence.Intake, name string) evidence.Upload {
	a.t.Helper()
	data := bytesOf(name)
	u, err := s.CreateUpload(a.t.Context(), p, intake.UploadRequest{
		Intake: in.ID, Name: evidence.FileName(name), Length: int64(len(data)), Declared: evidence.Sum([]byte(data)),
	})
	a.check(err)
	return u
}

// read reads an item as a person does.
func (a *bothCases) read(s *process, p evidence.Actor, d side) {
	a.t.Helper()
	r, _, err := openEvidence(a.t.Context(), s, p, d.items[0].ID, "test", 0, -1)
	if evidence.CodeOf(err) == evidence.Forbidden {
		return
	}
	if got := readAll(a.t, r, err); !bytes.Contains(got, []byte(d.words)) {
		a.t.Fatalf("read %q", got)
	}
}
