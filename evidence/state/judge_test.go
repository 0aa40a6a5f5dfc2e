package state_test

import (
	"slices"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/state"
)

// standing is a case in which somebody called who has these roles and this grant,
// "" for no member. anna may do all, and emil is a member.
func standing(t *testing.T, grant evidence.Grant, closed bool, roles ...evidence.Role) *story {
	t.Helper()
	s := newStory(t)
	s.roster("2", nil, listed(t, anna), listed(t, emil), listed(t, paula), listed(t, person("who", roles...)))
	s.add(anna, act.Opened{Number: "2026-0001", Title: "Payroll", TimeZone: "UTC"}, nil)
	s.add(anna, act.MemberAdded{Person: "emil", Grant: evidence.GrantContribute}, nil)
	if grant != "" {
		s.add(anna, act.MemberAdded{Person: "who", Grant: grant}, nil)
	}
	if closed {
		s.add(anna, act.Transitioned{From: evidence.StateIntake, To: evidence.StateClosed, Version: 2}, nil)
	}
	return s
}

// next returns an entry of the act that can be the next of s, as far as how the
// case stands goes. Opening takes a case that is not open: the story is made so.
func (s *story) next(r act.Rule, by evidence.Actor) evidence.Entry {
	s.t.Helper()
	say := r.Says
	switch r.Act {
	case evidence.ActOpened:
		s.said.Versions, s.said.Members = nil, nil
	case evidence.ActMemberAdded:
		say = act.MemberAdded{Person: "paula"}
	case evidence.ActMemberGone:
		say = act.MemberRemoved{Person: "emil"}
	case evidence.ActTransitioned:
		now, _ := s.said.Now()
		say = act.Transitioned{From: now.State, To: evidence.StateOpen, Version: now.Version + 1}
	case evidence.ActClassAsked:
		s.said.Versions[len(s.said.Versions)-1].Class = evidence.ClassSealed
		say = act.ClassRequested{To: evidence.ClassOrdinary, Version: len(s.said.Versions) + 1}
	case evidence.ActClassChanged:
		say = act.ClassChanged{From: evidence.ClassOrdinary, To: evidence.ClassRestricted, Version: len(s.said.Versions) + 1}
	case evidence.ActRoster, evidence.ActKey, evidence.ActKeysStated:
		say = act.Downloaded{} // package attest says what these say
	}
	e := s.entry(by, say, nil)
	e.Act = r.Act
	if r.Log == act.InRegister {
		e.Case = evidence.RegisterID()
	}
	return e
}

// judge has an act of who judged in such a case.
func judge(t *testing.T, r act.Rule, grant evidence.Grant, closed bool, roles ...evidence.Role) evidence.Code {
	t.Helper()
	s := standing(t, grant, closed, roles...)
	return evidence.CodeOf(s.said.Judge(s.next(r, person("who", roles...))))
}

// TestJudgeByTheTable tries every act that a person may do with every role and
// every grant, in an open case and in a closed one.
func TestJudgeByTheTable(t *testing.T) {
	t.Parallel()
	for _, r := range act.Table() {
		if r.Needs == "" {
			continue
		}
		t.Run(string(r.Act), func(t *testing.T) {
			t.Parallel()
			a, _ := act.AllowanceOf(r.Needs)
			for _, role := range evidence.Roles() {
				for _, grant := range append(evidence.Grants(), "") {
					for _, closed := range []bool{false, true} {
						var want evidence.Code
						switch {
						case a.Grant != "" && grant == "":
							want = evidence.NotFound
						case !slices.Contains(a.Roles, role), !grant.Includes(a.Grant):
							want = evidence.Forbidden
						case closed && r.Live:
							want = evidence.Conflict
						}
						if got := judge(t, r, grant, closed, role); got != want {
							t.Errorf("%s with the grant %q, closed %t: %q, want %q", role, grant, closed, got, want)
						}
					}
				}
			}
			if got := judge(t, r, evidence.GrantManage, false); got != evidence.Forbidden {
				t.Errorf("without a role: %q", got)
			}
		})
	}
}

// TestJudgeWhoMayDoWhat says a part of the rules in so many words: a table that is
// changed must not take its test along.
func TestJudgeWhoMayDoWhat(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		act    evidence.Act
		role   evidence.Role
		grant  evidence.Grant
		closed bool
		want   evidence.Code
	}{
		{evidence.ActOpened, evidence.Investigator, "", false, ""},
		{evidence.ActOpened, evidence.Examiner, "", false, evidence.Forbidden},
		{evidence.ActMemberAdded, evidence.Supervisor, evidence.GrantManage, true, ""},
		{evidence.ActMemberAdded, evidence.Investigator, evidence.GrantContribute, false, evidence.Forbidden},
		{evidence.ActMemberAdded, evidence.Prosecutor, evidence.GrantManage, false, evidence.Forbidden},
		{evidence.ActMemberGone, evidence.Investigator, evidence.GrantManage, false, ""},
		{evidence.ActTransitioned, evidence.Prosecutor, evidence.GrantContribute, true, ""},
		{evidence.ActTransitioned, evidence.Examiner, evidence.GrantManage, false, evidence.Forbidden},
		{evidence.ActClassChanged, evidence.Supervisor, evidence.GrantManage, true, ""},
		{evidence.ActClassChanged, evidence.Supervisor, evidence.GrantContribute, false, evidence.Forbidden},
		{evidence.ActClassChanged, evidence.Supervisor, "", false, evidence.NotFound},
		{evidence.ActClassChanged, evidence.Investigator, evidence.GrantManage, false, evidence.Forbidden},
		{evidence.ActClassAsked, evidence.Prosecutor, evidence.GrantContribute, true, ""},
		{evidence.ActClassAsked, evidence.Examiner, evidence.GrantManage, false, evidence.Forbidden},
		{evidence.ActIntakeOpened, evidence.Examiner, evidence.GrantContribute, false, ""},
		{evidence.ActIntakeOpened, evidence.Examiner, evidence.GrantRead, false, evidence.Forbidden},
		{evidence.ActIntakeOpened, evidence.Examiner, evidence.GrantManage, true, evidence.Conflict},
		{evidence.ActIntakeOpened, evidence.Examiner, "", true, evidence.NotFound},
		{evidence.ActReceived, evidence.Examiner, evidence.GrantContribute, true, evidence.Conflict},
		{evidence.ActDownloaded, evidence.Auditor, evidence.GrantManage, false, evidence.Forbidden},
		{evidence.ActDownloaded, evidence.Prosecutor, evidence.GrantRead, true, ""},
		{evidence.ActDownloaded, evidence.Supervisor, "", false, evidence.NotFound},
		{evidence.ActRequested, evidence.Prosecutor, evidence.GrantContribute, true, ""},
		{evidence.ActRequested, evidence.Investigator, evidence.GrantManage, false, evidence.Forbidden},
		{evidence.ActAcknowledged, evidence.Supervisor, "", false, ""},
		{evidence.ActAcknowledged, evidence.Administrator, "", false, evidence.Forbidden},
	} {
		r, _ := act.RuleOf(tc.act)
		if got := judge(t, r, tc.grant, tc.closed, tc.role); got != tc.want {
			t.Errorf("%s by %s with the grant %q, closed %t: %q, want %q", tc.act, tc.role, tc.grant, tc.closed, got, tc.want)
		}
	}
}

// TestJudgeSigners: a person does not do what only the machine does, nor it what
// only a person does, whatever they may do else; and no act stands in a log of
// another kind.
func TestJudgeSigners(t *testing.T) {
	t.Parallel()
	for _, r := range act.Table() {
		for _, closed := range []bool{false, true} {
			var byMachine, byPerson evidence.Code
			switch {
			case r.Signer == act.ByMachine:
				byPerson = evidence.Forbidden
			case r.Live && closed: // the machine may: it completes what a person began before
				byPerson = evidence.Conflict
			}
			if r.Signer == act.ByPerson {
				byMachine = evidence.Forbidden
			}
			if got := judge(t, r, evidence.GrantManage, closed, evidence.Roles()...); got != byPerson {
				t.Errorf("%s by a person, closed %t: %q, want %q", r.Act, closed, got, byPerson)
			}
			s := standing(t, evidence.GrantManage, closed)
			if got := evidence.CodeOf(s.said.Judge(s.next(r, machine))); got != byMachine {
				t.Errorf("%s by the machine, closed %t: %q, want %q", r.Act, closed, got, byMachine)
			}
		}
		if r.Log == act.InAny {
			continue
		}
		s := standing(t, evidence.GrantManage, false, evidence.Roles()...)
		for _, by := range []evidence.Actor{machine, person("who")} {
			e := s.next(r, by)
			if e.Case = evidence.RegisterID(); r.Log == act.InRegister {
				e.Case = aCase
			}
			if got := evidence.CodeOf(s.said.Judge(e)); got != evidence.Invalid {
				t.Errorf("%s in another log: %q", r.Act, got)
			}
		}
	}
	s := standing(t, evidence.GrantManage, false)
	if got := evidence.CodeOf(s.said.Judge(s.next(act.Rule{Act: "pardoned", Says: act.Downloaded{}}, machine))); got != evidence.Invalid {
		t.Errorf("an act that is not known: %q", got)
	}
}

// TestJudgeAsOfThen: roles and membership are those of the moment, by what the log
// says and not by what the actor says of themself.
func TestJudgeAsOfThen(t *testing.T) {
	t.Parallel()
	s := standing(t, evidence.GrantRead, false, evidence.Examiner)
	downloads := func(want evidence.Code, when string) {
		t.Helper()
		if got := evidence.CodeOf(s.said.Judge(s.entry(person("who", evidence.Supervisor), act.Downloaded{}, nil))); got != want {
			t.Errorf("%s: %q, want %q", when, got, want)
		}
	}
	downloads("", "as a member")
	s.add(machine, act.RoleChanged{Person: "who", Name: "W", Roles: act.Roles{evidence.Auditor}}, nil)
	downloads(evidence.Forbidden, "as an auditor")
	s.roster("", nil, attest.Listed{ID: "who", Name: "W", Roles: []evidence.Role{evidence.Prosecutor}})
	downloads("", "as a prosecutor")
	s.add(machine, act.RoleChanged{Person: "who", Name: "W"}, nil)
	downloads(evidence.Forbidden, "disabled")
	s.roster("", nil, attest.Listed{ID: "who", Name: "W", Roles: []evidence.Role{evidence.Prosecutor}})
	s.add(anna, act.MemberRemoved{Person: "who"}, nil)
	downloads(evidence.NotFound, "removed")
	s.add(anna, act.MemberAdded{Person: "who", Time: 2, Grant: evidence.GrantRead}, nil)
	downloads("", "a member again")
}

// TestJudgeHowTheCaseStands tries acts of anna, who may do them, that do not fit.
func TestJudgeHowTheCaseStands(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		say  act.Payload
		want evidence.Code
	}{
		"opened twice":                   {act.Opened{Number: "2026-0002", Title: "Again", TimeZone: "UTC"}, evidence.Conflict},
		"a new member":                   {act.MemberAdded{Person: "paula", Grant: evidence.GrantRead}, ""},
		"a member twice":                 {act.MemberAdded{Person: "emil"}, evidence.Conflict},
		"a grant that there is not":      {act.MemberAdded{Person: "paula", Grant: "own"}, evidence.Invalid},
		"added again, the first time":    {act.MemberAdded{Person: "paula", Time: 2}, evidence.Conflict},
		"added again":                    {act.MemberAdded{Person: "who", Time: 2}, ""},
		"added again, as the first time": {act.MemberAdded{Person: "who"}, evidence.Conflict},
		"a member removed":               {act.MemberRemoved{Person: "emil"}, ""},
		"a member removed too often":     {act.MemberRemoved{Person: "emil", Time: 2}, evidence.Conflict},
		"nobody removed":                 {act.MemberRemoved{Person: "paula"}, evidence.Conflict},
		"who is gone removed":            {act.MemberRemoved{Person: "who"}, evidence.Conflict},
		"the last who manages removed":   {act.MemberRemoved{Person: "anna"}, evidence.Conflict},
		"moved on":                       {act.Transitioned{From: evidence.StateIntake, To: evidence.StateOpen, Version: 2}, ""},
		"moved too far":                  {act.Transitioned{From: evidence.StateIntake, To: evidence.StateTrial, Version: 2}, evidence.Conflict},
		"moved from where it is not":     {act.Transitioned{From: evidence.StateOpen, To: evidence.StateClosed, Version: 2}, evidence.Conflict},
		"moved to a version it has":      {act.Transitioned{From: evidence.StateIntake, To: evidence.StateOpen, Version: 1}, evidence.Conflict},
		"moved past a version":           {act.Transitioned{From: evidence.StateIntake, To: evidence.StateOpen, Version: 3}, evidence.Conflict},
		"moved to nowhere":               {act.Transitioned{From: evidence.StateIntake, To: "lost", Version: 2}, evidence.Conflict},
		"an earlier entry corrected":     {act.Corrected{Entry: "x", Index: 4}, ""},
		"itself corrected":               {act.Corrected{Entry: "x", Index: 5}, evidence.Invalid},
		"before the first corrected":     {act.Corrected{Entry: "x", Index: -1}, evidence.Invalid},
	} {
		s := standing(t, evidence.GrantRead, false, evidence.Examiner)
		s.add(anna, act.MemberRemoved{Person: "who"}, nil)
		before := jsonOf(t, s.said)
		if got := evidence.CodeOf(s.said.Judge(s.entry(anna, tc.say, nil))); got != tc.want {
			t.Errorf("%s: %q, want %q", name, got, tc.want)
		}
		if jsonOf(t, s.said) != before {
			t.Errorf("%s: judging changed the case", name)
		}
	}
}

// TestLastWhoManages: another who manages counts only while their role lets them.
func TestLastWhoManages(t *testing.T) {
	t.Parallel()
	for role, want := range map[evidence.Role]evidence.Code{evidence.Supervisor: "", evidence.Examiner: evidence.Conflict} {
		s := standing(t, evidence.GrantManage, false, role)
		if got := evidence.CodeOf(s.said.Judge(s.entry(anna, act.MemberRemoved{Person: "anna"}, nil))); got != want {
			t.Errorf("beside a %s: %q, want %q", role, got, want)
		}
	}
}

// TestAllows: a permission that nobody knows is nobody's.
func TestAllows(t *testing.T) {
	t.Parallel()
	if err := new(state.Case).Allows("anna", evidence.Roles(), "fly"); evidence.CodeOf(err) != evidence.Internal {
		t.Errorf("%v", err)
	}
}
