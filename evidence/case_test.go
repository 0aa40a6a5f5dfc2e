package evidence_test

import (
	"slices"
	"testing"

	"github.com/sealcase/sealcase/evidence"
)

func states() []evidence.CaseState {
	return []evidence.CaseState{
		evidence.StateIntake, evidence.StateOpen, evidence.StateReferred, evidence.StateCharged,
		evidence.StateTrial, evidence.StateClosed, evidence.StateArchived,
	}
}

// TestCaseTransitions holds the whole table: every pair that is not named here
// is refused.
func TestCaseTransitions(t *testing.T) {
	allowed := map[evidence.CaseState][]evidence.CaseState{
		"intake":   {"open", "closed"},
		"open":     {"referred", "charged", "closed"},
		"referred": {"open", "charged", "closed"},
		"charged":  {"open", "trial", "closed"},
		"trial":    {"charged", "closed"},
		"closed":   {"open", "archived"},
		"archived": {},
	}
	for _, from := range states() {
		for _, to := range append(states(), "", "Open", "deleted") {
			err := from.Transition(to)
			switch ok := slices.Contains(allowed[from], to); {
			case ok && err != nil:
				t.Errorf("%s -> %s: %v", from, to, err)
			case !ok && evidence.CodeOf(err) != evidence.Conflict:
				t.Errorf("%s -> %q: got %v, want an error that is %q", from, to, err, evidence.Conflict)
			}
		}
		if !slices.Equal(from.Next(), allowed[from]) {
			t.Errorf("after %s may follow %v, want %v", from, from.Next(), allowed[from])
		}
	}
}

func TestCaseTransitionSaysWhatIsAllowed(t *testing.T) {
	for from, want := range map[evidence.CaseState]string{
		"trial":    "a case that is trial cannot become intake; it can become charged, closed",
		"archived": "the case is archived, which is final",
		"nonsense": `the case is in no known state ("nonsense")`,
	} {
		if got := evidence.MessageOf(from.Transition(evidence.StateIntake)); got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

func TestCaseStateFromAnywhereToTheEnd(t *testing.T) {
	for _, from := range states() {
		reached := []evidence.CaseState{from}
		for i := 0; i < len(reached); i++ {
			for _, next := range reached[i].Next() {
				if !slices.Contains(reached, next) {
					reached = append(reached, next)
				}
			}
		}
		if !slices.Contains(reached, evidence.StateArchived) {
			t.Errorf("a case that is %s can never be archived", from)
		}
	}
}

func TestCaseStateValid(t *testing.T) {
	for _, s := range states() {
		if !s.Valid() {
			t.Errorf("%q is not valid", s)
		}
		if got, want := s.AcceptsEvidence(), s != evidence.StateClosed && s != evidence.StateArchived; got != want {
			t.Errorf("%s accepts evidence: %t, want %t", s, got, want)
		}
	}
	for _, s := range []evidence.CaseState{"", "Open", "open "} {
		if s.Valid() {
			t.Errorf("%q is valid", s)
		}
	}
}
