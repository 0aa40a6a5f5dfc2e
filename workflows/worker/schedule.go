package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows"
)

// How often what concerns the whole installation is done.
const (
	DefaultAuditInterval    = 6 * time.Hour // everything is compared
	DefaultRegisterInterval = time.Minute   // heads of changed logs are registered
	DefaultMirrorInterval   = time.Minute   // logs are mirrored whose process did not come to it
)

// schedule is a duty of the whole installation, kept by the server.
type schedule struct {
	client client.ScheduleClient
	every  time.Duration // not on a schedule when negative
	action client.ScheduleWorkflowAction
}

func auditSchedule(c client.Client, o Options) schedule {
	return schedule{
		client: c.ScheduleClient(), every: o.AuditInterval,
		action: client.ScheduleWorkflowAction{
			ID: workflows.AuditSchedule, Workflow: workflows.AuditType, TaskQueue: o.Queue,
			Args:                  []any{workflows.AuditInput{By: evidence.ServiceActor("worker").ID}},
			TypedSearchAttributes: workflows.Attributes(evidence.RegisterID(), workflows.AuditType, string(evidence.AuditRunning)),
		},
	}
}

func registerSchedule(c client.Client, o Options) schedule {
	return schedule{
		client: c.ScheduleClient(), every: o.RegisterInterval,
		action: client.ScheduleWorkflowAction{
			ID: workflows.RegisterSchedule, Workflow: workflows.RegisterType, TaskQueue: o.Queue,
			Args:                  []any{workflows.RegisterInput{}},
			TypedSearchAttributes: workflows.Attributes(evidence.RegisterID(), workflows.RegisterType, "registering"),
		},
	}
}

func mirrorSchedule(c client.Client, o Options) schedule {
	return schedule{
		client: c.ScheduleClient(), every: o.MirrorInterval,
		action: client.ScheduleWorkflowAction{
			ID: workflows.MirrorSchedule, Workflow: workflows.MirrorType, TaskQueue: o.Queue,
			Args:                  []any{workflows.MirrorInput{}},
			TypedSearchAttributes: workflows.Attributes(evidence.RegisterID(), workflows.MirrorType, "mirroring"),
		},
	}
}

// ensure makes the schedule, or gives it the interval that is wanted now, and
// tries until it is done or ctx ends.
func (s schedule) ensure(ctx context.Context, logger *slog.Logger) {
	for wait := time.Second; ; wait = min(2*wait, time.Minute) {
		err := s.put(ctx)
		if err == nil || ctx.Err() != nil {
			return
		}
		logger.WarnContext(ctx, "a schedule cannot be made yet", "schedule", s.action.ID, "error", err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(wait):
		}
	}
}

func (s schedule) put(ctx context.Context) error {
	spec := client.ScheduleSpec{Intervals: []client.ScheduleIntervalSpec{{Every: max(s.every, time.Second)}}}
	_, err := s.client.Create(ctx, client.ScheduleOptions{
		ID: s.action.ID, Spec: spec, Action: &s.action, Overlap: enumspb.SCHEDULE_OVERLAP_POLICY_SKIP,
		Paused: s.every < 0, CatchupWindow: max(s.every, time.Minute),
		TypedSearchAttributes: temporal.NewSearchAttributes(workflows.KindKey().ValueSet(s.action.Workflow.(string))),
	})
	if !errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		return err
	}
	err = s.client.GetHandle(ctx, s.action.ID).Update(ctx, client.ScheduleUpdateOptions{
		DoUpdate: func(in client.ScheduleUpdateInput) (*client.ScheduleUpdate, error) {
			now := in.Description.Schedule
			if now.Spec != nil && len(now.Spec.Intervals) == 1 && now.Spec.Intervals[0].Every == spec.Intervals[0].Every &&
				now.State != nil && now.State.Paused == (s.every < 0) {
				return nil, temporal.ErrSkipScheduleUpdate
			}
			now.Spec = &spec
			if now.State != nil {
				now.State.Paused = s.every < 0
			}
			return &client.ScheduleUpdate{Schedule: &now}, nil
		},
	})
	if err != nil && !errors.Is(err, temporal.ErrSkipScheduleUpdate) {
		return fmt.Errorf("changing the schedule %s: %w", s.action.ID, err)
	}
	return nil
}
