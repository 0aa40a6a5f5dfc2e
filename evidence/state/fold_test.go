package state_test

import (
	"maps"
	"math/rand/v2"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/state"
)

func TestOpening(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	if _, ok := s.said.Now(); ok {
		t.Error("an empty log has a case")
	}
	s.add(anna, act.Opened{Number: "2026-0001", Title: "Payroll", Summary: "In short", TimeZone: "UTC", Login: anna.Login}, nil)
	s.add(paula, act.Opened{Number: "2026-0002", Title: "Mine", TimeZone: "UTC"}, nil) // changes nothing
	now, ok := s.said.Now()
	same(t, "the case", evidence.Case{
		ID: aCase, Number: "2026-0001", Version: 1, Title: "Payroll", Summary: "In short", State: evidence.StateIntake, TimeZone: "UTC",
		OpenedAt: minute(0), OpenedBy: "anna", At: minute(0), By: "anna",
	}, now)
	same(t, "the members", []evidence.Member{{
		Case: aCase, Person: "anna", Version: 1, Login: "login-anna", Name: "Name of anna", Grant: evidence.GrantManage,
		AddedAt: minute(0), AddedBy: "anna",
	}}, s.said.Members)
	if !ok || s.said.Size != 2 || s.said.LastAt != minute(1) {
		t.Errorf("%d entries until %s", s.said.Size, s.said.LastAt)
	}
}

// TestMembership follows one person through their grants.
func TestMembership(t *testing.T) {
	t.Parallel()
	s := opened(t)
	steps := []struct {
		name    string
		say     act.Payload
		grant   evidence.Grant // that emil has then
		version int
		times   int
	}{
		{"nobody yet", act.MemberAdded{Person: "paula"}, "", 0, 0},
		{"who never was one is removed", act.MemberRemoved{Person: "emil"}, "", 0, 0},
		{"added to read", act.MemberAdded{Person: "emil", Name: "E", Login: "e", Grant: evidence.GrantRead}, evidence.GrantRead, 1, 1},
		{"a member is added", act.MemberAdded{Person: "emil", Grant: evidence.GrantManage}, evidence.GrantRead, 1, 1},
		{"removed", act.MemberRemoved{Person: "emil"}, "", 2, 1},
		{"removed again", act.MemberRemoved{Person: "emil"}, "", 2, 1},
		{"added again, to do all", act.MemberAdded{Person: "emil", Name: "E", Login: "e", Time: 2}, evidence.GrantManage, 3, 2},
		{"removed for the second time", act.MemberRemoved{Person: "emil", Time: 2}, "", 4, 2},
		{"added to contribute", act.MemberAdded{Person: "emil", Name: "E", Login: "e", Grant: evidence.GrantContribute, Time: 3}, evidence.GrantContribute, 5, 3},
	}
	for _, step := range steps {
		s.add(anna, step.say, nil)
		m, _ := s.said.Member("emil")
		if g := s.said.Grant("emil"); g != step.grant || m.Version != step.version || s.said.Times("emil") != step.times {
			t.Errorf("%s: may %q at version %d, added %d times", step.name, g, m.Version, s.said.Times("emil"))
		}
		if in := slices.ContainsFunc(s.said.Active(), func(m evidence.Member) bool { return m.Person == "emil" }); in != (step.grant != "") {
			t.Errorf("%s: is listed: %t", step.name, in)
		}
	}
	ended := s.said.Members[3]
	same(t, "who was removed", evidence.Member{
		Case: aCase, Person: "emil", Version: 2, Login: "e", Name: "E", Grant: evidence.GrantRead, AddedAt: minute(3), AddedBy: "anna",
		EndedAt: minute(5), EndedBy: "anna",
	}, ended)
	var order []evidence.PersonID
	for _, m := range s.said.Active() {
		order = append(order, m.Person)
	}
	same(t, "in the order in which they came", []evidence.PersonID{"anna", "paula", "emil"}, order)
}

func TestTransitions(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.add(anna, act.Transitioned{From: evidence.StateIntake, To: evidence.StateOpen, Version: 2}, nil) // of no case
	if len(s.said.Versions) != 0 {
		t.Errorf("%+v", s.said.Versions)
	}
	s.add(anna, act.Opened{Number: "2026-0001", Title: "Payroll", TimeZone: "UTC"}, nil)
	s.add(paula, act.Transitioned{From: evidence.StateIntake, To: evidence.StateOpen, Version: 2}, nil)
	s.add(anna, act.Transitioned{From: evidence.StateOpen, To: evidence.StateClosed, Version: 3}, nil)
	var states []evidence.CaseState
	for i, v := range s.said.Versions {
		states = append(states, v.State)
		if v.Version != i+1 || v.Title != "Payroll" || v.OpenedAt != minute(1) || v.At != minute(i+1) {
			t.Errorf("version %+v", v)
		}
	}
	same(t, "the states", []evidence.CaseState{evidence.StateIntake, evidence.StateOpen, evidence.StateClosed}, states)
	if by := s.said.Versions[1].By; by != "paula" {
		t.Errorf("%s opened it", by)
	}
}

func TestIntakes(t *testing.T) {
	t.Parallel()
	const one, two = evidence.IntakeID("intake-one"), evidence.IntakeID("intake-two")
	s := opened(t)
	if !s.said.AllSealed() {
		t.Error("nothing is received, and something is not sealed")
	}
	s.add(emil, act.IntakeOpened{Intake: one, Source: "a laptop", FirstExhibit: 1}, func(e *evidence.Entry) { e.Authority = "warrant 7" })
	s.add(emil, act.IntakeOpened{Intake: one, Source: "another", FirstExhibit: 9}, nil) // changes nothing
	s.receive(one, 1)
	s.receive(one, 2)
	s.add(anna, act.IntakeOpened{Intake: two, Source: "a phone", FirstExhibit: 3}, nil)
	s.receive(two, 3)
	s.receive("intake-of-nobody", 4)
	s.add(machine, act.Sealed{Intake: one}, about(1))
	s.add(machine, act.Quarantined{Intake: one}, about(2))
	in, ok := s.said.Intake(one)
	same(t, "the first intake", state.Intake{
		Intake: evidence.Intake{ID: one, Case: aCase, Source: "a laptop", Authority: "warrant 7", OpenedAt: minute(1), OpenedBy: "emil", FirstExhibit: 1},
		Counts: state.Counts{Sealed: 1, Quarantined: 1, Bytes: 300},
	}, in)
	in, _ = s.said.Intake(two)
	same(t, "what came with the second", state.Counts{Received: 1, Bytes: 300}, in.Counts)
	same(t, "what came in all", state.Counts{Received: 2, Sealed: 1, Quarantined: 1, Bytes: 1000}, s.said.Counts)
	same(t, "what is quarantined", map[evidence.ItemID]int{item(2): 2}, s.said.Quarantined)
	if !ok || s.said.Highest != 4 || s.said.Counts.Items() != 4 || s.said.AllSealed() {
		t.Errorf("highest %d, of %d, all sealed: %t", s.said.Highest, s.said.Counts.Items(), s.said.AllSealed())
	}
	s.add(machine, act.Sealed{Intake: two}, about(3))
	s.add(machine, act.Sealed{Intake: "intake-of-nobody"}, about(4))
	s.add(machine, act.IntakeClosed{Intake: one, Sealed: 1, Quarantined: 1, Bytes: 300}, nil)
	s.add(machine, act.IntakeClosed{Intake: "intake-of-nobody"}, nil)
	first, _ := s.said.Intake(one)
	second, _ := s.said.Intake(two)
	if _, known := s.said.Intake("intake-of-nobody"); known || !s.said.AllSealed() || !first.Closed || second.Closed {
		t.Errorf("%+v, %+v, known: %t", first, second, known)
	}
}

// TestLocks: sweeps of exhibits become as few spans as they can, and each exhibit
// is locked until the latest instant that is said of it.
func TestLocks(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		sweep []act.Extended
		want  state.Locks
	}{
		{"one after the other", []act.Extended{{Exhibits: "1-10", Until: minute(1)}, {Exhibits: "11-20", Until: minute(1)}, {Exhibits: "21", Until: minute(1)}},
			state.Locks{{First: 1, Last: 21, Until: minute(1)}}},
		{"overlapping", []act.Extended{{Exhibits: "1-10", Until: minute(1)}, {Exhibits: "5-12", Until: minute(1)}}, state.Locks{{First: 1, Last: 12, Until: minute(1)}}},
		{"within", []act.Extended{{Exhibits: "1-10", Until: minute(1)}, {Exhibits: "5-6", Until: minute(1)}}, state.Locks{{First: 1, Last: 10, Until: minute(1)}}},
		{"with a gap", []act.Extended{{Exhibits: "1-3,5", Until: minute(1)}, {Exhibits: "4", Until: minute(1)}},
			state.Locks{{First: 1, Last: 5, Until: minute(1)}}},
		{"later, of all", []act.Extended{{Exhibits: "2-10", Until: minute(1)}, {Exhibits: "1-20", Until: minute(2)}}, state.Locks{{First: 1, Last: 20, Until: minute(2)}}},
		{"later, of some", []act.Extended{{Exhibits: "1-10", Until: minute(1)}, {Exhibits: "3", Until: minute(2)}},
			state.Locks{{First: 1, Last: 2, Until: minute(1)}, {First: 3, Last: 3, Until: minute(2)}, {First: 4, Last: 10, Until: minute(1)}}},
		{"earlier", []act.Extended{{Exhibits: "1-10", Until: minute(2)}, {Exhibits: "3-12", Until: minute(1)}},
			state.Locks{{First: 1, Last: 10, Until: minute(2)}, {First: 11, Last: 12, Until: minute(1)}}},
		{"of no exhibits", []act.Extended{{Exhibits: "all", Until: minute(1)}, {Exhibits: "3-1", Until: minute(1)}}, nil},
		{"until nothing", []act.Extended{{Exhibits: "1"}}, nil},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := newStory(t)
			latest := map[int]evidence.Instant{}
			for _, p := range tc.sweep {
				s.add(machine, p, nil)
				runs, _ := evidence.ParseRuns(p.Exhibits)
				for _, r := range runs {
					for n := int(r.First); n <= int(r.Last); n++ {
						if p.Until.Time().After(latest[n].Time()) {
							latest[n] = p.Until
						}
					}
				}
			}
			same(t, "spans", tc.want, s.said.Locks)
			for n := range 25 {
				if got := s.said.Locks.Until(n, evidence.Instant{}); got != latest[n] {
					t.Errorf("exhibit %d is locked until %s, want %s", n, got, latest[n])
				}
				if got := s.said.Locks.Until(n, minute(30)); got != minute(30) {
					t.Errorf("exhibit %d, locked for longer from the first, is locked until %s", n, got)
				}
			}
		})
	}
}

// TestLocksOfAnything: whatever spans come, in whatever order, each exhibit is locked
// until the latest time that one of them says, and no exhibit is in two.
func TestLocksOfAnything(t *testing.T) {
	t.Parallel()
	for seed := range uint64(40) {
		r, s, latest := rand.New(rand.NewPCG(seed, 1)), newStory(t), map[int]evidence.Instant{}
		for range 60 {
			first, until := 1+r.IntN(40), minute(1+r.IntN(6))
			last := first + r.IntN(1+r.IntN(15))
			s.add(machine, act.Extended{Exhibits: evidence.Runs{{First: int64(first), Last: int64(last)}}.String(), Until: until}, nil)
			for n := first; n <= last; n++ {
				if until.Time().After(latest[n].Time()) {
					latest[n] = until
				}
			}
			for i := range len(s.said.Locks) - 1 {
				if before, span := s.said.Locks[i], s.said.Locks[i+1]; before.Last >= span.First || before.Last+1 == span.First && before.Until == span.Until || span.First > span.Last {
					t.Fatalf("seed %d: %v", seed, s.said.Locks)
				}
			}
		}
		for n := range 70 {
			if got := s.said.Locks.Until(n, evidence.Instant{}); got != latest[n] {
				t.Errorf("seed %d: exhibit %d is locked until %s, want %s", seed, n, got, latest[n])
			}
		}
	}
}

// TestManyLocks: the exhibits of a large case, each locked until another time, are
// no work of hours.
func TestManyLocks(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	const exhibits = 50_000
	for n := range exhibits {
		s.add(machine, act.Extended{Exhibits: strconv.Itoa(n + 1), Until: evidence.At(minute(1).Time().Add(time.Duration(n) * time.Second))}, nil)
	}
	if got := len(s.said.Locks); got != exhibits {
		t.Errorf("%d spans of %d exhibits", got, exhibits)
	}
	s.add(machine, act.Extended{Exhibits: "1-50000", Until: evidence.At(minute(1).Time().AddDate(1, 0, 0))}, nil)
	if len(s.said.Locks) != 1 {
		t.Errorf("%d spans of one sweep", len(s.said.Locks))
	}
}

// TestTold: of each exhibit the fold knows how many entries tell what it is.
func TestTold(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	for n := range 600 {
		s.receive("intake-1", n+1)
	}
	before := s.said.Clone()
	s.add(machine, act.Sealed{Intake: "intake-1"}, about(300))
	for range 300 {
		s.add(machine, act.Analysed{MediaType: "text/plain"}, about(7))
	}
	s.add(anna, act.Downloaded{}, about(8)) // says nothing of what it is
	s.receive("intake-1", 1<<53-1)          // whoever can sign a receipt costs a page, not the memory for so many
	for n, want := range map[int]int{1: 1, 300: 2, 7: 255, 8: 1, 600: 1, 601: 0, 0: 0, -1: 0, 1<<53 - 1: 1} {
		if got := s.said.Told.Of(n); got != want {
			t.Errorf("%d entries tell of exhibit %d, want %d", got, n, want)
		}
	}
	if before.Told.Of(300) != 1 || before.Told.Of(7) != 1 {
		t.Error("a copy changed")
	}
}

func TestPeople(t *testing.T) {
	t.Parallel()
	const first, second = "test.example/person/anna/v1", "test.example/person/anna/v2"
	logKey, rotated := key(t, "test.example/log/v1"), key(t, "test.example/log/v2")
	s := newStory(t)
	s.roster("1", []evidence.PublicKey{logKey}, listed(t, anna, first))
	if !s.said.Judged(evidence.ActOpened) || !s.said.Begun(logKey.ID()) || s.said.Begun(rotated.ID()) {
		t.Errorf("rules %d, keys %v", s.said.Rules, s.said.Keys)
	}
	e, err := evidence.NewEntry("entry-key", aCase, evidence.ActKey, minute(1), machine, zeros{})
	if err != nil {
		t.Fatal(err)
	}
	e.Details = map[string]string{attest.DetailNew: rotated.VKey()}
	s.take(e)
	s.roster("", nil, listed(t, anna, second), listed(t, emil))
	s.add(machine, act.RoleChanged{Person: "emil", Name: "Emil", Roles: act.Roles{evidence.Auditor}}, nil)
	s.add(machine, act.RoleChanged{Person: "mallory", Name: "M", Roles: act.Roles{evidence.Supervisor}}, nil) // whom no roster names
	same(t, "the people", map[evidence.PersonID]state.Person{
		"anna": {Name: "Name of anna", Roles: anna.Roles, Keys: []string{key(t, first).ID(), key(t, second).ID()}},
		"emil": {Name: "Emil", Roles: []evidence.Role{evidence.Auditor}},
	}, s.said.People)
	if !s.said.Begun(rotated.ID()) || !s.said.Gives("anna", key(t, first).ID()) || s.said.Gives("emil", key(t, first).ID()) {
		t.Errorf("keys %v", s.said.Keys)
	}
	s.roster("0", nil) // rules are never taken back
	if !s.said.Judged(evidence.ActOpened) {
		t.Errorf("rules %d", s.said.Rules)
	}
	s.roster("3", nil)
	if s.said.Judged(evidence.ActOpened) {
		t.Error("rules that are not known are judged by")
	}
}

// TestPassing: an entry that did not pass every check counts, and says nothing.
func TestPassing(t *testing.T) {
	t.Parallel()
	s := opened(t)
	before := s.said.Clone()
	s.said.Pass()
	before.Size++
	same(t, "the case", before, s.said)
}

// TestUnreadable: an entry that does not say what its act says changes nothing but
// what cannot be otherwise: that it is there.
func TestUnreadable(t *testing.T) {
	t.Parallel()
	for _, r := range act.Table() {
		if r.Act == evidence.ActReceived || r.Act == evidence.ActSealed || r.Act == evidence.ActQuarantined { // counted by the entry itself
			continue
		}
		s := opened(t)
		want := s.said.Clone()
		e := s.entry(anna, act.Downloaded{}, nil)
		e.Act, e.Details = r.Act, map[string]string{"people": "{", "locked_until": "x", "version": "01", "disclosure": "d", "roles": " "}
		s.take(e)
		want.Size, want.LastAt = want.Size+1, e.At
		got := s.said.Clone()
		if r.Act == evidence.ActRequested || r.Act == evidence.ActDisclosed { // that it was asked for is known
			if d, ok := got.Disclosure("d"); !ok || d.Exhibits != -1 || d.State != evidence.DisclosureRequested {
				t.Errorf("%s: %+v", r.Act, d)
			}
			got.Disclosures = nil
		}
		if r.Act == evidence.ActAlarm || r.Act == evidence.ActAcknowledged || r.Act == evidence.ActAudited { // where it stands is known
			if !slices.Equal(got.Alarms, []int64{want.Size - 1}) {
				t.Errorf("%s: %v", r.Act, got.Alarms)
			}
			got.Alarms = nil
		}
		same(t, string(r.Act), want, got)
	}
}

// TestRecords: what the registry keeps is what the fold says, and is found by the
// keys that say of what it is.
func TestRecords(t *testing.T) {
	t.Parallel()
	s := opened(t)
	s.add(anna, act.MemberAdded{Person: "emil"}, nil)
	s.add(anna, act.MemberRemoved{Person: "emil"}, nil)
	s.add(anna, act.Transitioned{From: evidence.StateIntake, To: evidence.StateOpen, Version: 2}, nil)
	s.add(emil, act.IntakeOpened{Intake: "intake-one", Source: "a laptop", FirstExhibit: 1}, nil)
	byKey := map[string]state.Record{}
	for _, r := range s.said.Records() {
		if _, twice := byKey[string(r.Kind)+" "+r.Key]; twice || r.Case != aCase || !slices.Contains(state.Kinds(), r.Kind) {
			t.Errorf("record %+v", r)
		}
		byKey[string(r.Kind)+" "+r.Key] = r
	}
	same(t, "the keys", []string{
		"cases " + string(aCase) + "/000001", "cases " + string(aCase) + "/000002", "intakes intake-one",
		"members " + string(aCase) + "/anna/000001", "members " + string(aCase) + "/emil/000001", "members " + string(aCase) + "/emil/000002",
	}, slices.Sorted(maps.Keys(byKey)))
	v, err := state.Decode[evidence.Case](byKey["cases "+string(aCase)+"/000002"])
	same(t, "the case", s.said.Versions[1], v)
	r := byKey["members "+string(aCase)+"/emil/000002"]
	m, err2 := state.Decode[evidence.Member](r)
	same(t, "the member", s.said.Members[2], m)
	if err != nil || err2 != nil || r.Person != "emil" || r.Version != 2 || m.Active() {
		t.Errorf("%+v, %v, %v", r, err, err2)
	}
	r.Body = r.Body[1:]
	if _, err := state.Decode[evidence.Member](r); evidence.CodeOf(err) != evidence.Tampered {
		t.Errorf("half a record: %v", err)
	}
}

// zeros is a source of nonces that nobody looks at.
type zeros struct{}

func (zeros) Read(b []byte) (int, error) { return len(b), nil }
