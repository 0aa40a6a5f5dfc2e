package casefile

import (
	"context"
	"errors"
	"fmt"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/custody"
	"github.com/sealcase/sealcase/workflows"
)

// Custody is what the activities need of the rooms (package rooms).
type Custody interface {
	Record(ctx context.Context, actor evidence.Actor, c evidence.CaseID, signed [][]byte) (custody.Outcome, error)
}

// Schedules is what the activities need of the Temporal client.
type Schedules interface {
	Create(ctx context.Context, options client.ScheduleOptions) (client.ScheduleHandle, error)
}

// DefaultFixityInterval is how often all items of a case are verified.
const DefaultFixityInterval = 24 * time.Hour

// Activities are the side effects of the Case workflow.
type Activities struct {
	Custody   Custody
	Actor     evidence.Actor // the worker
	Schedules Schedules
	Queue     string        // on which fixity runs
	Interval  time.Duration // between fixity runs of a case; DefaultFixityInterval when 0
}

// RecordActs puts a person's acts on record. Idempotent.
func (a *Activities) RecordActs(ctx context.Context, in workflows.ActInput) (custody.Outcome, error) {
	return a.Custody.Record(ctx, a.Actor, in.Case, in.Signed)
}

// EnsureFixitySchedule makes sure that the case's evidence is verified again
// and again, for as long as it is kept: also after the case is closed. A run
// that takes longer than the interval is not joined by another.
func (a *Activities) EnsureFixitySchedule(ctx context.Context, c evidence.CaseID) error {
	interval := a.Interval
	if interval <= 0 {
		interval = DefaultFixityInterval
	}
	_, err := a.Schedules.Create(ctx, client.ScheduleOptions{
		ID: workflows.FixitySchedule(c),
		Spec: client.ScheduleSpec{
			Intervals: []client.ScheduleIntervalSpec{{Every: interval, Offset: offset(c, interval)}},
		},
		Action: &client.ScheduleWorkflowAction{
			ID: workflows.FixitySchedule(c), Workflow: workflows.FixityType, TaskQueue: a.Queue,
			Args:                  []any{workflows.FixityInput{Case: c}},
			TypedSearchAttributes: workflows.Attributes(c, workflows.FixityType, "verifying"),
		},
		CatchupWindow:         interval,
		TypedSearchAttributes: temporal.NewSearchAttributes(workflows.CaseKey().ValueSet(string(c))),
	})
	if err != nil && !errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		return fmt.Errorf("creating the fixity schedule: %w", err)
	}
	return nil
}

// offset spreads the cases over the interval, so that not all of them are
// read at midnight.
func offset(c evidence.CaseID, interval time.Duration) time.Duration {
	d := evidence.Sum([]byte(c))
	n := int64(d[0])<<24 | int64(d[1])<<16 | int64(d[2])<<8 | int64(d[3])
	return time.Duration(int64(interval.Seconds())*n>>32) * time.Second
}
