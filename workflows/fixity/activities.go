package fixity

import (
	"context"
	"strconv"
	"sync/atomic"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/custody"
	"github.com/sealcase/sealcase/evidence/exhibit"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/pulse"
)

// Cases are what the activities need of custody.Service.
type Cases interface {
	Summary(ctx context.Context, actor evidence.Actor, c evidence.CaseID) (custody.CaseSummary, error)
}

// Exhibits are what the activities need of exhibit.Service.
type Exhibits interface {
	Items(ctx context.Context, actor evidence.Actor, c evidence.CaseID, cursor string, limit int) (evidence.Page[evidence.Item], error)
	VerifyItem(ctx context.Context, actor evidence.Actor, id evidence.ItemID, progress exhibit.ReadProgress) (evidence.Verification, error)
	ExtendLocks(ctx context.Context, actor evidence.Actor, items []evidence.Item, until evidence.Instant) error
}

// Deliveries are what the activities need of intake.Intakes.
type Deliveries interface {
	Intake(ctx context.Context, actor evidence.Actor, id evidence.IntakeID) (evidence.Intake, error)
}

// DefaultRetention is how far ahead locks are moved.
const DefaultRetention = 30 * 24 * time.Hour

// Activities are the side effects of the Fixity and Verify workflows.
type Activities struct {
	Cases      Cases
	Exhibits   Exhibits
	Deliveries Deliveries
	Intakes    Intakes          // nil: stranded items are not looked for
	Actor      evidence.Actor   // the worker
	Retention  time.Duration    // DefaultRetention when 0
	Clock      func() time.Time // time.Now when nil
}

// RangeInput names items of a case by their exhibit numbers.
type RangeInput struct {
	Case  evidence.CaseID `json:"case"`
	From  int             `json:"from"`
	Limit int             `json:"limit"`
}

// CountItems returns how many items a case has: its exhibit numbers go from 1
// to that, without gaps.
func (a *Activities) CountItems(ctx context.Context, c evidence.CaseID) (int, error) {
	s, err := a.Cases.Summary(ctx, a.Actor, c)
	return s.Items, err
}

// VerifyRange hashes the items of a range again, moves on the locks that end
// within half of the retention, and has items sealed that were stranded. A retry
// begins the range anew: whoever administers the workflow engine can write what
// an earlier attempt is said to have read.
func (a *Activities) VerifyRange(ctx context.Context, in RangeInput) (workflows.FixityResult, error) {
	r := &run{Activities: a}
	page, err := a.Exhibits.Items(ctx, a.Actor, in.Case, strconv.Itoa(in.From), in.Limit)
	if err != nil {
		return workflows.FixityResult{}, err
	}
	a.takeUp(ctx, page.Items)
	ctx, r.pulse = pulse.Start(ctx, r.progress)
	defer r.pulse.Stop()
	var ending []evidence.Item
	for _, it := range page.Items {
		if a.ending(it) {
			ending = append(ending, it)
		}
		if err := r.verify(ctx, it); err != nil {
			return r.result, pulse.Cause(ctx, err)
		}
	}
	if len(ending) > 0 {
		if err := a.Exhibits.ExtendLocks(ctx, a.Actor, ending, evidence.At(a.now().Add(a.retention()))); err != nil {
			return r.result, pulse.Cause(ctx, err)
		}
	}
	r.result.Extended = len(ending)
	return r.result, nil
}

// VerifyOne hashes one item again, for a person; a retry from its beginning.
func (a *Activities) VerifyOne(ctx context.Context, in workflows.VerifyInput) (evidence.Verification, error) {
	var read atomic.Int64
	ctx, beat := pulse.Start(ctx, func() any { return read.Load() })
	defer beat.Stop()
	v, err := a.Exhibits.VerifyItem(ctx, in.Actor, in.Item, func(n int64) {
		beat.Move()
		read.Store(n)
	})
	return v, pulse.Cause(ctx, err)
}

// ending reports whether the lock of it must be moved on.
func (a *Activities) ending(it evidence.Item) bool {
	return it.Locked.Time().Before(a.now().Add(a.retention() / 2))
}

func (a *Activities) now() time.Time {
	if a.Clock != nil {
		return a.Clock()
	}
	return time.Now()
}

func (a *Activities) retention() time.Duration {
	if a.Retention > 0 {
		return a.Retention
	}
	return DefaultRetention
}
