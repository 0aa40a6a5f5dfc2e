package state_test

import (
	"crypto/rand"
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/state"
)

const aCase = evidence.CaseID("case-aaaaaaaaaaaaaaaaaaaaaaaaaa")

var (
	anna    = person("anna", evidence.Investigator)
	emil    = person("emil", evidence.Examiner)
	paula   = person("paula", evidence.Prosecutor)
	machine = evidence.ServiceActor("worker")
)

func person(id evidence.PersonID, roles ...evidence.Role) evidence.Actor {
	return evidence.Actor{Person: evidence.Person{ID: id, Login: "login-" + string(id), Name: "Name of " + string(id), Roles: roles}}
}

// minute is the n-th of the hour in which all of it happens.
func minute(n int) evidence.Instant {
	return evidence.At(time.Date(2026, 3, 1, 9, n, 0, 0, time.UTC))
}

// story is a log that is written and folded at once.
type story struct {
	t    testing.TB
	said *state.Case
	log  []evidence.Entry
}

func newStory(t testing.TB) *story { return &story{t: t, said: &state.Case{}} }

// opened is the story of a case that anna opened.
func opened(t testing.TB) *story {
	s := newStory(t)
	s.add(anna, act.Opened{Number: "2026-0001", Title: "Payroll", Summary: "In short", TimeZone: "UTC", Login: anna.Login}, nil)
	return s
}

// entry returns what would come next; fill may be nil.
func (s *story) entry(by evidence.Actor, p act.Payload, fill func(*evidence.Entry)) evidence.Entry {
	s.t.Helper()
	e, err := act.New(aCase, p, minute(len(s.log)), by, rand.Reader, fill)
	if err != nil {
		s.t.Fatal(err)
	}
	return e
}

func (s *story) add(by evidence.Actor, p act.Payload, fill func(*evidence.Entry)) {
	s.t.Helper()
	s.take(s.entry(by, p, fill))
}

func (s *story) take(e evidence.Entry) {
	s.log = append(s.log, e)
	s.said.Add(e)
}

// roster takes in who people are, and the rules by which the log is judged.
func (s *story) roster(rules string, keys []evidence.PublicKey, people ...attest.Listed) {
	s.t.Helper()
	s.take(roster(s.t, rules, keys, people...))
}

func roster(t testing.TB, rules string, keys []evidence.PublicKey, people ...attest.Listed) evidence.Entry {
	t.Helper()
	e, err := evidence.NewEntry("entry-roster", aCase, evidence.ActRoster, minute(0), machine, rand.Reader)
	if err == nil {
		e.Details, err = attest.WriteRoster(people, keys)
	}
	if err != nil {
		t.Fatal(err)
	}
	if rules != "" {
		e.Details[attest.DetailRules] = rules
	}
	return e
}

// listed is somebody as a roster has them, with the key versions of these names.
func listed(t testing.TB, a evidence.Actor, keys ...string) attest.Listed {
	t.Helper()
	l := attest.Listed{ID: a.ID, Name: a.Name, Roles: a.Roles}
	for _, name := range keys {
		l.Keys = append(l.Keys, key(t, name).VKey())
	}
	return l
}

// key returns the public key of a name.
func key(t testing.TB, name string) evidence.PublicKey {
	t.Helper()
	keys, err := ledger.NewLocalSigner(name, evidence.Sum([]byte(name))).PublicKeys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return keys[0]
}

// about returns what an entry says of an exhibit.
func about(exhibit int) func(*evidence.Entry) {
	return func(e *evidence.Entry) {
		e.AboutItem(evidence.Item{ID: item(exhibit), Exhibit: exhibit, Name: "a", Length: int64(exhibit) * 100, Digest: evidence.Sum([]byte{1})})
	}
}

func item(exhibit int) evidence.ItemID {
	return evidence.Derive[evidence.ItemID]("item", string(rune('a'+exhibit)))
}

func (s *story) receive(in evidence.IntakeID, exhibit int) {
	s.t.Helper()
	s.add(emil, act.Received{Intake: in, Bucket: "evidence", Object: "o", Version: "v", Locked: minute(59)}, about(exhibit))
}

// jsonOf returns what is kept of a case.
func jsonOf(t testing.TB, c *state.Case) string {
	t.Helper()
	raw, err := json.Marshal(c)
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

// reread returns a case as it comes back from where it was kept.
func reread(t testing.TB, c *state.Case) *state.Case {
	t.Helper()
	var back state.Case
	if err := json.Unmarshal([]byte(jsonOf(t, c)), &back); err != nil {
		t.Fatal(err)
	}
	return &back
}

// same fails the test where two values differ.
func same[T any](t testing.TB, what string, want, got T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}
