package evidence

import (
	"slices"
	"strings"
)

// CaseState is where an investigation stands.
type CaseState string

// The states, in their usual order.
const (
	StateIntake   CaseState = "intake"
	StateOpen     CaseState = "open"
	StateReferred CaseState = "referred"
	StateCharged  CaseState = "charged"
	StateTrial    CaseState = "trial"
	StateClosed   CaseState = "closed"
	StateArchived CaseState = "archived"
)

// transitions holds, for each state, the states that may follow.
func transitions(from CaseState) []CaseState {
	switch from {
	case StateIntake:
		return []CaseState{StateOpen, StateClosed}
	case StateOpen:
		return []CaseState{StateReferred, StateCharged, StateClosed}
	case StateReferred:
		return []CaseState{StateOpen, StateCharged, StateClosed}
	case StateCharged:
		return []CaseState{StateOpen, StateTrial, StateClosed}
	case StateTrial:
		return []CaseState{StateCharged, StateClosed}
	case StateClosed:
		return []CaseState{StateOpen, StateArchived}
	default:
		return nil
	}
}

// Valid reports whether s is one of the states.
func (s CaseState) Valid() bool { return s == StateArchived || transitions(s) != nil }

// Next returns the states that may follow s.
func (s CaseState) Next() []CaseState { return transitions(s) }

// Transition returns nil when to may follow s, and otherwise a Conflict error
// that names the states that may.
func (s CaseState) Transition(to CaseState) error {
	if slices.Contains(transitions(s), to) {
		return nil
	}
	if !s.Valid() {
		return Errorf(Conflict, "the case is in no known state (%q)", s)
	}
	next := make([]string, 0, 3)
	for _, n := range transitions(s) {
		next = append(next, string(n))
	}
	if len(next) == 0 {
		return Errorf(Conflict, "the case is %s, which is final", s)
	}
	return Errorf(Conflict, "a case that is %s cannot become %s; it can become %s", s, to, strings.Join(next, ", "))
}

// AcceptsEvidence reports whether new evidence may come into a case in state s.
func (s CaseState) AcceptsEvidence() bool { return s != StateClosed && s != StateArchived }

// Case is one investigation, at one version. Versions count from 1 and are
// never changed; the highest is the case as it stands.
type Case struct {
	ID       CaseID    `json:"id"`
	Number   string    `json:"number"` // the unit's own, such as "2026-0007"; given at opening
	Version  int       `json:"version"`
	Title    string    `json:"title"`
	Summary  string    `json:"summary,omitempty"`
	State    CaseState `json:"state"`
	Class    Class     `json:"class,omitempty"` // Class.Kept: "" for an ordinary one
	TimeZone string    `json:"time_zone"`       // IANA name; people see the case's times in it
	OpenedAt Instant   `json:"opened_at"`
	OpenedBy PersonID  `json:"opened_by"`
	At       Instant   `json:"at"` // of this version
	By       PersonID  `json:"by"` // of this version
}

// Member is a person's place in a case, at one version: there is a further one
// for somebody who left and came back. Need-to-know is the default: whoever is not
// a member does not learn that the case exists.
type Member struct {
	Case    CaseID   `json:"case"`
	Person  PersonID `json:"person"`
	Version int      `json:"version"` // from 1
	Login   string   `json:"login"`
	Name    string   `json:"name"`
	Grant   Grant    `json:"grant"`
	AddedAt Instant  `json:"added_at"`
	AddedBy PersonID `json:"added_by"`
	EndedAt Instant  `json:"ended_at,omitzero"` // zero while they are a member
	EndedBy PersonID `json:"ended_by,omitempty"`
}

// Active reports whether the person is a member now.
func (m Member) Active() bool { return m.EndedAt.IsZero() }
