package state_test

import (
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
)

const ordinary, restricted, sealed = evidence.ClassOrdinary, evidence.ClassRestricted, evidence.ClassSealed

// sue and sam are supervisors.
var (
	sue = person("sue", evidence.Supervisor)
	sam = person("sam", evidence.Supervisor)
)

// ordered is an entry by an order.
func ordered(e *evidence.Entry) { e.Authority = "Order 26-mc-7" }

// classed is a case that sue opened with a class, and of which anna, who is an
// investigator, may manage the members, by version 2 of the rules.
func classed(t *testing.T, class evidence.Class) *story {
	t.Helper()
	s := newStory(t)
	s.roster("2", nil, listed(t, sue), listed(t, sam), listed(t, anna), listed(t, emil), listed(t, paula))
	s.does(sue, act.Opened{Number: "2026-S-AAAAAAAA", Title: "Payroll", TimeZone: "UTC", Class: class}, ordered)
	s.does(sue, act.MemberAdded{Person: "anna"}, nil)
	s.does(sue, act.MemberAdded{Person: "paula", Grant: evidence.GrantContribute}, nil)
	return s
}

// does adds an act that must be allowed, and returns its entry.
func (s *story) does(by evidence.Actor, p act.Payload, fill func(*evidence.Entry)) evidence.EntryID {
	s.t.Helper()
	e := s.entry(by, p, fill)
	if err := s.said.Judge(e); err != nil {
		s.t.Fatalf("%s by %s: %v", e.Act, by.ID, err)
	}
	s.take(e)
	return e.ID
}

// cannot is that an act is not allowed, and with what code.
func (s *story) cannot(want evidence.Code, by evidence.Actor, p act.Payload, fill func(*evidence.Entry)) {
	s.t.Helper()
	if got := evidence.CodeOf(s.said.Judge(s.entry(by, p, fill))); got != want {
		s.t.Errorf("%s by %s: %q, want %q", p.Act(), by.ID, got, want)
	}
}

func changed(from, to evidence.Class, version int, request evidence.EntryID) act.ClassChanged {
	return act.ClassChanged{From: from, To: to, Version: version, Request: request}
}

// TestOpeningWithAClass: a supervisor opens a case that is restricted, or sealed
// by order, and nobody else does.
func TestOpeningWithAClass(t *testing.T) {
	t.Parallel()
	for _, class := range append(evidence.Classes(), "") {
		if got := classed(t, class).said.Class(); got != class.Or() {
			t.Errorf("opened as %q it is %q", class, got)
		}
	}
	s := newStory(t)
	s.roster("2", nil, listed(t, sue), listed(t, anna))
	open := func(c evidence.Class) act.Opened {
		return act.Opened{Number: "1", Title: "T", TimeZone: "UTC", Class: c}
	}
	s.cannot("", anna, open(ordinary), nil)
	s.cannot(evidence.Forbidden, anna, open(restricted), nil)
	s.cannot(evidence.Forbidden, anna, open(sealed), ordered)
	s.cannot("", sue, open(restricted), nil)
	s.cannot(evidence.Invalid, sue, open(sealed), nil)
	s.cannot(evidence.Invalid, sue, open("secret"), nil)
}

// TestMembersOfAClosedCase: only a supervisor who may manage it adds anybody, and
// one stays.
func TestMembersOfAClosedCase(t *testing.T) {
	t.Parallel()
	for _, class := range []evidence.Class{restricted, sealed} {
		s := classed(t, class)
		s.cannot(evidence.Forbidden, anna, act.MemberAdded{Person: "emil"}, nil)
		s.cannot(evidence.NotFound, sam, act.MemberAdded{Person: "sam"}, nil)
		s.cannot(evidence.Conflict, anna, act.MemberRemoved{Person: "sue"}, nil) // anna manages, and could add nobody
		s.does(anna, act.MemberRemoved{Person: "paula"}, nil)
		s.does(sue, act.MemberAdded{Person: "sam", Grant: evidence.GrantContribute}, nil)
		s.cannot(evidence.Forbidden, sam, act.MemberAdded{Person: "emil"}, nil)
		s.cannot(evidence.Conflict, anna, act.MemberRemoved{Person: "sue"}, nil)
		s.does(sue, act.MemberRemoved{Person: "sam"}, nil)
		s.does(sue, act.MemberAdded{Person: "sam", Time: 2}, nil)
		s.does(sam, act.MemberRemoved{Person: "sue"}, nil)
		s.does(sam, act.MemberAdded{Person: "emil"}, nil)
	}
	s := classed(t, ordinary)
	s.does(anna, act.MemberAdded{Person: "emil"}, nil)
	s.does(anna, act.MemberRemoved{Person: "sue"}, nil)
}

// TestChangingTheClass goes up and down, and says what it takes.
func TestChangingTheClass(t *testing.T) {
	t.Parallel()
	s := classed(t, ordinary)
	s.cannot(evidence.Forbidden, anna, changed(ordinary, restricted, 2, ""), nil)
	s.cannot(evidence.Invalid, sue, changed(ordinary, sealed, 2, ""), nil)
	s.cannot(evidence.Conflict, sue, changed(ordinary, ordinary, 2, ""), nil)
	s.cannot(evidence.Conflict, sue, changed(restricted, sealed, 2, ""), ordered)
	s.cannot(evidence.Conflict, sue, changed(ordinary, restricted, 3, ""), nil)
	s.cannot(evidence.Invalid, sue, changed(ordinary, "secret", 2, ""), nil)
	s.cannot(evidence.Conflict, paula, act.ClassRequested{To: ordinary, Version: 2}, nil)
	s.does(sue, changed(ordinary, restricted, 2, ""), nil)
	s.does(sue, changed(restricted, ordinary, 3, ""), nil)
	s.does(sue, changed(ordinary, sealed, 4, ""), ordered)
	if s.said.Class() != sealed || len(s.said.Versions) != 4 {
		t.Fatalf("%s, %d versions", s.said.Class(), len(s.said.Versions))
	}
	s.cannot(evidence.Conflict, sue, changed(sealed, ordinary, 5, ""), ordered)
	s.cannot(evidence.Invalid, paula, act.ClassRequested{To: sealed, Version: 5}, nil)
	s.cannot(evidence.Conflict, paula, act.ClassRequested{To: ordinary, Version: 4}, nil)
	s.cannot(evidence.NotFound, emil, act.ClassRequested{To: ordinary, Version: 5}, nil)
	own := s.does(sue, act.ClassRequested{To: restricted, Version: 5}, nil)
	s.cannot(evidence.Conflict, sue, changed(sealed, restricted, 5, own), nil)
	asked := s.does(paula, act.ClassRequested{To: restricted, Version: 5}, nil)
	if r, ok := s.said.Asks(restricted, "sue"); !ok || r.Entry != asked || r.By != "paula" {
		t.Errorf("asked %+v, %t", r, ok)
	}
	if _, ok := s.said.Asks(ordinary, "sue"); ok {
		t.Error("somebody asks for what nobody asked for")
	}
	s.cannot(evidence.Conflict, sue, changed(sealed, ordinary, 5, asked), nil)
	s.does(sue, changed(sealed, restricted, 5, asked), nil)
	if s.said.Class() != restricted || s.said.Asked != nil {
		t.Errorf("%s, asked %v", s.said.Class(), s.said.Asked)
	}
}

// TestWhoAskedMustStillBeThere: a request ends with whoever made it, and with the
// version of the case that it was made for.
func TestWhoAskedMustStillBeThere(t *testing.T) {
	t.Parallel()
	for name, between := range map[string]func(*story){
		"removed":                  func(s *story) { s.does(sue, act.MemberRemoved{Person: "paula"}, nil) },
		"without a role":           func(s *story) { s.does(machine, act.RoleChanged{Person: "paula", Name: "P"}, nil) },
		"asked for something else": func(s *story) { s.does(paula, act.ClassRequested{To: restricted, Version: 2}, nil) },
	} {
		s := classed(t, sealed)
		asked := s.does(paula, act.ClassRequested{To: ordinary, Version: 2}, nil)
		between(s)
		if _, ok := s.said.Asks(ordinary, "sue"); ok {
			t.Errorf("%s, and asks still", name)
		}
		s.cannot(evidence.Conflict, sue, changed(sealed, ordinary, 2, asked), nil)
	}
	s := classed(t, sealed)
	asked := s.does(paula, act.ClassRequested{To: ordinary, Version: 2}, nil)
	s.does(sue, act.Transitioned{From: evidence.StateIntake, To: evidence.StateOpen, Version: 2}, nil)
	s.cannot(evidence.Conflict, sue, changed(sealed, ordinary, 3, asked), nil)
}

// TestOldRulesKnowNoClasses: a log that is judged by version 1 takes no act of
// later rules, and what it says of classes changes nothing, until a roster says
// version 2.
func TestOldRulesKnowNoClasses(t *testing.T) {
	t.Parallel()
	s := newStory(t)
	s.roster("1", nil, listed(t, sue), listed(t, anna))
	s.does(anna, act.Opened{Number: "1", Title: "T", TimeZone: "UTC", Class: sealed}, nil) // nobody was asked for an order then
	s.does(anna, act.MemberAdded{Person: "sue"}, nil)
	if s.said.Class() != ordinary {
		t.Errorf("it is %s", s.said.Class())
	}
	s.cannot(evidence.Conflict, sue, changed(ordinary, restricted, 2, ""), nil)
	if s.said.Judged(evidence.ActClassChanged) || !s.said.Judged(evidence.ActOpened) {
		t.Error("who is judged?")
	}
	s.add(sue, changed(ordinary, restricted, 2, ""), nil)
	s.add(sue, act.ClassRequested{To: restricted, Version: 2}, nil)
	if s.said.Class() != ordinary || len(s.said.Versions) != 1 || s.said.Asked != nil {
		t.Errorf("what the rules do not know changed the case: %s, %d versions, %v", s.said.Class(), len(s.said.Versions), s.said.Asked)
	}
	s.does(anna, act.MemberAdded{Person: "paula"}, nil)
	s.roster("2", nil)
	s.does(sue, changed(ordinary, restricted, 2, ""), nil)
	s.cannot(evidence.Forbidden, anna, act.MemberAdded{Person: "emil"}, nil)
}
