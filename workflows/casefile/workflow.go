// Package casefile is the Case workflow: one entity for each case, from its
// opening on. It has people's acts on the case put on record in order, however
// long a server is away, and sees to it that the case's evidence is verified on a
// schedule. It never ends: members may be added to an archived case, and an
// idle workflow costs nothing.
package casefile

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/pulse"
)

// Workflow runs a case.
func Workflow(ctx workflow.Context, in workflows.CaseInput) error {
	f, err := setup(ctx, in)
	if err != nil {
		return err
	}
	return f.run(ctx)
}

// file is a running Case workflow.
type file struct {
	id      evidence.CaseID
	status  workflows.CaseStatus
	failure error          // why the case could not be opened
	acts    workflow.Mutex // one update at a time
}

func setup(ctx workflow.Context, in workflows.CaseInput) (*file, error) {
	f := &file{id: in.Case, acts: workflow.NewMutex(ctx)}
	if in.Carried != nil {
		f.status = *in.Carried
	}
	err := workflow.SetQueryHandler(ctx, workflows.QueryStatus, func() (workflows.CaseStatus, error) { return f.status, nil })
	if err != nil {
		return nil, err
	}
	return f, workflow.SetUpdateHandlerWithOptions(ctx, workflows.UpdateAct, f.act, workflow.UpdateHandlerOptions{Validator: f.mayAct})
}

func (f *file) run(ctx workflow.Context) error {
	if err := workflow.Await(ctx, func() bool { return f.opened() || f.failure != nil }); err != nil {
		return err
	}
	if !f.opened() {
		// Whoever waits for the opening gets the reason before the end.
		_ = workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) })
		return f.failure
	}
	workflow.Go(ctx, f.listen)
	if !f.status.Scheduled {
		var a *Activities // for the names; the worker has the real one
		if err := workflow.ExecuteActivity(steady(ctx), a.EnsureFixitySchedule, f.id).Get(ctx, nil); err != nil {
			return err
		}
		f.status.Scheduled = true
	}
	err := workflow.Await(ctx, func() bool {
		return workflow.GetInfo(ctx).GetContinueAsNewSuggested() && workflow.AllHandlersFinished(ctx)
	})
	if err != nil {
		return err
	}
	f.drain(ctx)
	return workflow.NewContinueAsNewError(ctx, workflows.CaseType, workflows.CaseInput{Case: f.id, Carried: &f.status})
}

func (f *file) opened() bool { return f.status.Case.ID != "" }

// stand makes c the case as it stands.
func (f *file) stand(ctx workflow.Context, c evidence.Case) {
	f.status.Case = c
	if err := workflow.UpsertTypedSearchAttributes(ctx, workflows.StateKey().ValueSet(string(c.State))); err != nil {
		workflow.GetLogger(ctx).Error("setting the state's search attribute", "error", err)
	}
}

// listen keeps the outcome of each finished fixity run.
func (f *file) listen(ctx workflow.Context) {
	for {
		var r workflows.FixityResult
		workflow.GetSignalChannel(ctx, workflows.SignalFixity).Receive(ctx, &r)
		f.status.Fixity = &r
	}
}

// drain takes the signals that arrived with the last workflow task.
func (f *file) drain(ctx workflow.Context) {
	var r workflows.FixityResult
	for workflow.GetSignalChannel(ctx, workflows.SignalFixity).ReceiveAsync(&r) {
		latest := r
		f.status.Fixity = &latest
	}
}

// steady schedules a short activity that is tried until it succeeds or fails
// for good: an accepted act is never dropped, however long a server is away.
func steady(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: time.Minute,
		HeartbeatTimeout:    pulse.Brief,
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: 200 * time.Millisecond, BackoffCoefficient: 2, MaximumInterval: 30 * time.Second},
	})
}
