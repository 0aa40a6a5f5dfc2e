package state_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/state"
)

// pick returns one of a list, by chance.
func pick[T any](r *rand.Rand, of ...T) T { return of[r.IntN(len(of))] }

// anything adds what may stand in a log next, and what may not: whoever folds
// takes it as it comes.
func (s *story) anything(r *rand.Rand) {
	s.t.Helper()
	who := pick(r, anna, emil, paula)
	other := pick(r, anna, emil, paula, person("carl"))
	n := 1 + r.IntN(20)
	in := evidence.IntakeID(fmt.Sprintf("intake-%d", r.IntN(4)))
	d := evidence.DisclosureID(fmt.Sprintf("disclosure-%d", r.IntN(6)))
	now, _ := s.said.Now()
	switch r.IntN(17) {
	case 0:
		s.add(who, act.Opened{Number: "2026-0001", Title: pick(r, "A case", "<script>", "\u2028ü\U0001f512"), TimeZone: "UTC", Login: pick(r, "", "l")}, nil)
	case 1:
		s.add(who, act.MemberAdded{Person: other.ID, Name: pick(r, "", "N"), Grant: pick(r, append(evidence.Grants(), "", "own")...)}, nil)
	case 2:
		s.add(who, act.MemberRemoved{Person: other.ID}, nil)
	case 3:
		s.add(who, act.Transitioned{From: now.State, To: pick(r, evidence.StateOpen, evidence.StateClosed, evidence.StateArchived), Version: now.Version + 1}, nil)
	case 4:
		s.add(who, act.IntakeOpened{Intake: in, Source: "s", FirstExhibit: s.said.Highest + 1}, func(e *evidence.Entry) { e.Authority = pick(r, "", "warrant") })
	case 5:
		s.add(machine, act.IntakeClosed{Intake: in}, nil)
	case 6:
		s.receive(in, n)
	case 7:
		s.add(machine, act.Sealed{Intake: in}, about(n))
	case 8:
		s.add(machine, act.Quarantined{Intake: in}, about(n))
	case 9:
		s.add(machine, act.Extended{Exhibits: evidence.Runs{{First: int64(n), Last: int64(n + r.IntN(9))}}.String(), Until: pick(r, minute(1), minute(2), evidence.Instant{})}, nil)
	case 10:
		s.request(d, act.Withholding{Numbers: evidence.RunsOf([]int64{int64(n)}), Reason: "r"})
	case 11:
		s.add(machine, act.Disclosed{Disclosure: d, Items: n, RequestedBy: who.ID, Digest: evidence.Sum([]byte{byte(n)}), Bucket: "b", Object: "o", Version: "v"}, nil)
	case 12:
		s.roster(pick(r, "", "1", "2", "x"), []evidence.PublicKey{key(s.t, fmt.Sprintf("test.example/log/v%d", n))},
			listed(s.t, other, fmt.Sprintf("test.example/person/%s/v%d", other.ID, n)))
	case 13:
		s.add(machine, act.Analysed{MediaType: pick(r, "", "text/plain")}, about(n))
	case 14:
		s.add(who, act.ClassRequested{To: pick(r, append(evidence.Classes(), "x")...), Version: now.Version + 1}, nil)
	case 15:
		to := pick(r, append(evidence.Classes(), "x")...)
		s.add(who, act.ClassChanged{From: now.Class.Or(), To: to, Version: now.Version + 1, Request: pick(r, "", evidence.EntryID("entry"))}, nil)
	default:
		s.add(machine, act.RoleChanged{Person: other.ID, Name: "N", Roles: pick(r, nil, act.Roles{evidence.Auditor}, act.Roles{evidence.Examiner, evidence.Supervisor})}, nil)
	}
}

// TestKept: what is read back from where a case was kept is that case, and goes
// on as it; and a clone does not change with it. Any log will do, at each entry.
func TestKept(t *testing.T) {
	t.Parallel()
	for seed := range uint64(8) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			t.Parallel()
			r := rand.New(rand.NewPCG(seed, 1)) // a test that can be repeated
			whole := newStory(t)
			for range 150 {
				whole.anything(r)
			}
			resumed, walked := &state.Case{}, &state.Case{}
			for i, e := range whole.log {
				before, ahead, behind := jsonOf(t, walked), walked.Clone(), walked.Clone()
				if ahead.Add(e); jsonOf(t, walked) != before {
					t.Fatalf("what was cloned changed with the clone, by entry %d, %s", i, e.Act)
				}
				if walked.Add(e); jsonOf(t, behind) != before {
					t.Fatalf("a clone changed with what was cloned, by entry %d, %s", i, e.Act)
				}
				resumed.Add(e)
				back := reread(t, resumed)
				if same(t, "read back", resumed, back); t.Failed() {
					t.Fatalf("by entry %d, %s", i, e.Act)
				}
				resumed = back
			}
			same(t, "folded at once and kept after each", whole.said, resumed)
			same(t, "beside clones", whole.said, walked)
		})
	}
}

// TestKeptInTheMiddle folds one log in one go and with a pause at each place,
// kept as a snapshot is.
func TestKeptInTheMiddle(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(7, 7)) // a test that can be repeated
	s := newStory(t)
	for range 120 {
		s.anything(r)
	}
	want := jsonOf(t, s.said)
	for cut := range s.log {
		first := &state.Case{}
		for _, e := range s.log[:cut] {
			first.Add(e)
		}
		second := reread(t, first)
		for _, e := range s.log[cut:] {
			second.Add(e)
		}
		if got := jsonOf(t, second); got != want {
			t.Fatalf("with a pause before entry %d:\n%s\nwant\n%s", cut, got, want)
		}
	}
}

// TestKeptHasAllFields: what a case holds is written where it is kept, each field
// under its own name, so that one that is added later is not lost unnoticed.
func TestKeptHasAllFields(t *testing.T) {
	t.Parallel()
	r := rand.New(rand.NewPCG(1, 2)) // a test that can be repeated
	s := newStory(t)
	for range 400 {
		s.anything(r)
	}
	s.said.Add(evidence.Entry{Act: evidence.ActAudited, At: s.said.LastAt})
	var fields map[string]json.RawMessage
	if err := json.Unmarshal([]byte(jsonOf(t, s.said)), &fields); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{
		"size", "rules", "versions", "people", "keys", "members", "intakes", "disclosures", "highest", "counts", "locks", "quarantined", "told", "last_at", "ended", "asked", "alarms",
	} {
		if text := string(fields[name]); text == "" || text == "null" || text == "0" || text == "[]" || text == "{}" {
			t.Errorf("%s is %q", name, text)
		}
		delete(fields, name)
	}
	if len(fields) > 0 {
		t.Errorf("kept besides: %v", fields)
	}
}
