package custody

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
)

// IntakeRequest asks for a new intake.
type IntakeRequest struct {
	ID        evidence.IntakeID `json:"id"`
	Case      evidence.CaseID   `json:"case"`
	Source    string            `json:"source"`              // where the evidence comes from, in words
	Authority string            `json:"authority,omitempty"` // the warrant, order or consent relied on
}

// IntakeCounts is how far the items of an intake have come. Received counts
// those that are neither sealed nor quarantined yet.
type IntakeCounts struct {
	Received    int   `json:"received"`
	Sealed      int   `json:"sealed"`
	Quarantined int   `json:"quarantined"`
	Bytes       int64 `json:"bytes"` // of all of them
}

// Items returns how many items the counts cover.
func (c IntakeCounts) Items() int { return c.Received + c.Sealed + c.Quarantined }

// OpenIntake begins a delivery of evidence. Idempotent under r.ID. It fails
// with Conflict when the case does not accept evidence.
func (s *Service) OpenIntake(ctx context.Context, actor evidence.Actor, r IntakeRequest) (evidence.Intake, error) {
	return evidence.Intake{}, errSoon
}

// Intake returns an intake.
func (s *Service) Intake(ctx context.Context, actor evidence.Actor, id evidence.IntakeID) (evidence.Intake, error) {
	return evidence.Intake{}, errSoon
}

// IntakeStatus counts the items of an intake.
func (s *Service) IntakeStatus(ctx context.Context, actor evidence.Actor, id evidence.IntakeID) (IntakeCounts, error) {
	return IntakeCounts{}, errSoon
}

// CloseIntake records that a delivery ended, with its counts. Only a service
// may; idempotent.
func (s *Service) CloseIntake(ctx context.Context, actor evidence.Actor, id evidence.IntakeID, counts IntakeCounts) error {
	return errSoon
}

// PendingItems returns at most limit items of the intake that are received and
// neither sealed nor quarantined, from exhibit number from on (0: the first of
// the intake), and the number from which the next call scans on; items below
// it are done or returned. At the end of what there is, next is the exhibit
// number that the case gives next. Only a service may.
func (s *Service) PendingItems(ctx context.Context, actor evidence.Actor, id evidence.IntakeID, from, limit int) (items []evidence.Item, next int, err error) {
	return nil, 0, errSoon
}
