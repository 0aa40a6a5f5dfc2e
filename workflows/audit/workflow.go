// Package audit is the Audit workflow: on a schedule and on demand, everything
// that is stored is compared with everything that was signed. A difference is an
// alarm and a result, not an error.
package audit

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/fault"
	"github.com/sealcase/sealcase/workflows/pulse"
)

// patience is how long servers that are away are waited for, before the audit is
// on record as failed; the schedule starts another.
const patience = 24 * time.Hour

// Workflow runs one audit. That it could not be ended is a result, not an error.
func Workflow(ctx workflow.Context, in workflows.AuditInput) (evidence.Audit, error) {
	info := workflow.GetInfo(ctx)
	at := evidence.Audit{ID: in.Audit, State: evidence.AuditRunning, By: in.By, StartedAt: evidence.At(workflow.Now(ctx))}
	if at.ID == "" {
		at.ID = evidence.Derive[evidence.AuditID](info.WorkflowExecution.ID, info.WorkflowExecution.RunID)
	}
	err := workflow.SetQueryHandler(ctx, workflows.QueryProgress, func() (evidence.Audit, error) { return at, nil })
	if err != nil {
		return at, err
	}
	var a *Activities
	comparing := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: patience, ScheduleToCloseTimeout: patience, HeartbeatTimeout: pulse.Timeout, RetryPolicy: retry(),
	})
	err = workflow.ExecuteActivity(comparing, a.CompareEverything, at).Get(ctx, &at)
	if err != nil {
		failed := at
		failed.State, failed.EndedAt = evidence.AuditFailed, evidence.At(workflow.Now(ctx))
		failed.Failure = evidence.MessageOf(fault.FromTemporal(err))
		// Also when the workflow was cancelled: whoever asked must see the end.
		var cancel workflow.CancelFunc
		ctx, cancel = workflow.NewDisconnectedContext(ctx)
		defer cancel()
		if err := workflow.ExecuteActivity(steady(ctx), a.RecordFailure, failed).Get(ctx, nil); err != nil {
			return at, fault.FromTemporal(err)
		}
		at = failed
	}
	state := string(at.State)
	if at.Found > 0 {
		state = "differs"
	}
	if err := workflow.UpsertTypedSearchAttributes(ctx, workflows.StateKey().ValueSet(state)); err != nil {
		workflow.GetLogger(ctx).Error("setting the state's search attribute", "error", err)
	}
	return at, nil
}

func retry() *temporal.RetryPolicy {
	return &temporal.RetryPolicy{InitialInterval: time.Second, BackoffCoefficient: 2, MaximumInterval: time.Minute}
}

// steady schedules a short activity, which is tried for ever.
func steady(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 5 * time.Minute, HeartbeatTimeout: pulse.Brief, RetryPolicy: retry(),
	})
}
