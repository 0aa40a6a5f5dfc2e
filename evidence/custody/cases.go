package custody

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
)

// Opening is what a new case begins with.
type Opening struct {
	ID       evidence.CaseID   `json:"id"`
	Title    string            `json:"title"`
	Summary  string            `json:"summary,omitempty"`
	TimeZone string            `json:"time_zone"`
	Members  []evidence.Person `json:"members,omitempty"` // besides the opener
}

// CaseSummary is a case with its counts.
type CaseSummary struct {
	Case        evidence.Case    `json:"case"`
	Items       int              `json:"items"`
	Sealed      int              `json:"sealed"`
	Quarantined int              `json:"quarantined"`
	Received    int              `json:"received"`
	Bytes       int64            `json:"bytes"`
	LogSize     int64            `json:"log_size"`
	LastAt      evidence.Instant `json:"last_at,omitzero"` // of the last entry of the log
}

// CheckOpening returns nil when actor may open a case, and o is whole. It
// fails with Forbidden or Invalid, and performs no input or output.
func (s *Service) CheckOpening(actor evidence.Actor, o Opening) error { return errSoon }

// RecordOpening opens a case: it gives it the unit's next number, records it,
// and makes the opener and o.Members its members. Idempotent under o.ID.
func (s *Service) RecordOpening(ctx context.Context, actor evidence.Actor, o Opening) (evidence.Case, error) {
	return evidence.Case{}, errSoon
}

// RecordMember makes p a member of the case. Idempotent.
func (s *Service) RecordMember(ctx context.Context, actor evidence.Actor, c evidence.CaseID, p evidence.Person) (evidence.Member, error) {
	return evidence.Member{}, errSoon
}

// RecordTransition brings the case from one state to another. It fails with
// Conflict when the case is not in state from, or when to may not follow.
// Retrying a transition that happened returns the case as it left it.
func (s *Service) RecordTransition(ctx context.Context, actor evidence.Actor, c evidence.CaseID, from, to evidence.CaseState, reason string) (evidence.Case, error) {
	return evidence.Case{}, errSoon
}

// Case returns a case as it stands.
func (s *Service) Case(ctx context.Context, actor evidence.Actor, c evidence.CaseID) (evidence.Case, error) {
	return evidence.Case{}, errSoon
}

// Cases returns the cases of which actor is a member, newest first.
func (s *Service) Cases(ctx context.Context, actor evidence.Actor) ([]evidence.Case, error) {
	return nil, errSoon
}

// Members returns the members of a case, in the order in which they came.
func (s *Service) Members(ctx context.Context, actor evidence.Actor, c evidence.CaseID) ([]evidence.Member, error) {
	return nil, errSoon
}

// Summary returns a case with its counts.
func (s *Service) Summary(ctx context.Context, actor evidence.Actor, c evidence.CaseID) (CaseSummary, error) {
	return CaseSummary{}, errSoon
}
