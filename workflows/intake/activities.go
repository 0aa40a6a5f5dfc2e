package intake

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/exhibit"
	"github.com/sealcase/sealcase/evidence/state"
	"github.com/sealcase/sealcase/workflows/pulse"
)

// Intakes are what the activities need of intake.Intakes.
type Intakes interface {
	PendingItems(ctx context.Context, actor evidence.Actor, id evidence.IntakeID, from, limit int) (items []evidence.Item, next int, err error)
	IntakeStatus(ctx context.Context, actor evidence.Actor, id evidence.IntakeID) (state.Counts, error)
	CloseIntake(ctx context.Context, actor evidence.Actor, id evidence.IntakeID, counts state.Counts) error
}

// Sealing is what the activities need of intake.Sealing.
type Sealing interface {
	ReadBack(ctx context.Context, actor evidence.Actor, item evidence.Item, progress exhibit.ReadProgress) (evidence.Digest, int64, error)
	SealItems(ctx context.Context, actor evidence.Actor, items []evidence.Item) ([]evidence.Item, error)
	Quarantine(ctx context.Context, actor evidence.Actor, item evidence.Item, observed evidence.Digest, read int64) (evidence.Item, error)
}

// Exhibits are what the activities need of exhibit.Service.
type Exhibits interface {
	Item(ctx context.Context, actor evidence.Actor, id evidence.ItemID) (evidence.Item, error)
}

// Activities are the side effects of the Intake workflow.
type Activities struct {
	Intakes  Intakes
	Sealing  Sealing
	Exhibits Exhibits
	Actor    evidence.Actor // the worker
}

// FindInput asks for items that wait to be sealed.
type FindInput struct {
	Intake evidence.IntakeID `json:"intake"`
	From   int               `json:"from"` // exhibit number
	Limit  int               `json:"limit"`
}

// FindResult names items that wait. It is in the history before any of them
// is touched, so that none is forgotten when a worker dies after sealing it.
type FindResult struct {
	Items []evidence.ItemID `json:"items,omitempty"`
	Next  int               `json:"next"` // exhibit number from which to look on
}

// FindPending returns items of the intake that wait to be sealed.
func (a *Activities) FindPending(ctx context.Context, in FindInput) (FindResult, error) {
	items, next, err := a.Intakes.PendingItems(ctx, a.Actor, in.Intake, in.From, in.Limit)
	if err != nil {
		return FindResult{}, err
	}
	r := FindResult{Next: next}
	for _, it := range items {
		r.Items = append(r.Items, it.ID)
	}
	return r, nil
}

// SealInput names a batch of items.
type SealInput struct {
	Intake evidence.IntakeID `json:"intake"`
	Items  []evidence.ItemID `json:"items"`
}

// SealResult is what became of a batch: the items that are named nowhere in it
// are sealed.
type SealResult struct {
	Quarantined []evidence.ItemID `json:"quarantined,omitempty"`
	Left        []evidence.ItemID `json:"left,omitempty"` // could not be read now
}

// SealBatch reads the stored bytes of each item back, seals those that are
// equal to what was received and quarantines those that are not. Items that
// cannot be read now are left for later; when that is so of all of them, it
// fails. A retry reads anew what is not sealed yet: what an earlier attempt is
// said to have read could have been written by whoever administers the engine.
func (a *Activities) SealBatch(ctx context.Context, in SealInput) (SealResult, error) {
	b := &batch{Activities: a, done: map[evidence.ItemID]reading{}}
	ctx, b.pulse = pulse.Start(ctx, b.progress)
	defer b.pulse.Stop()
	result, err := b.run(ctx, in.Items)
	return result, pulse.Cause(ctx, err)
}

// CloseResult is how an intake ended, or what it still waits for.
type CloseResult struct {
	Sealed      int `json:"sealed"`
	Quarantined int `json:"quarantined"`
	Waiting     int `json:"waiting,omitempty"` // not closed: as many items are neither
}

// Close puts the end of the intake on record, with what became of its items,
// unless some of them still wait.
func (a *Activities) Close(ctx context.Context, id evidence.IntakeID) (CloseResult, error) {
	counts, err := a.Intakes.IntakeStatus(ctx, a.Actor, id)
	if err != nil {
		return CloseResult{}, err
	}
	r := CloseResult{Sealed: counts.Sealed, Quarantined: counts.Quarantined, Waiting: counts.Received}
	if r.Waiting > 0 {
		return r, nil
	}
	return r, a.Intakes.CloseIntake(ctx, a.Actor, id, counts)
}
