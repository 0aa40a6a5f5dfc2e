// Package casefile is the Case workflow: one entity for each case, from its
// opening on. It puts acts on the case in order, refuses those that the case's
// state does not allow, and sees to it that the case's evidence is verified on
// a schedule. It never ends: members may be added to an archived case, and an
// idle workflow costs nothing.
package casefile

import (
	"slices"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/fault"
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
	opening workflows.OpenCaseInput
	status  workflows.CaseStatus
	failure error          // why the case could not be opened
	acts    workflow.Mutex // one act at a time: each starts from the state that the last one left
}

func setup(ctx workflow.Context, in workflows.CaseInput) (*file, error) {
	f := &file{opening: in.Opening, acts: workflow.NewMutex(ctx)}
	if in.Carried != nil {
		f.status = *in.Carried
	}
	err := workflow.SetQueryHandler(ctx, workflows.QueryStatus, func() (workflows.CaseStatus, error) { return f.status, nil })
	if err != nil {
		return nil, err
	}
	updates := []struct {
		name               string
		handler, validator any
	}{
		{workflows.UpdateOpen, f.open, f.mayOpen},
		{workflows.UpdateMember, f.addMember, f.mayAddMember},
		{workflows.UpdateTransition, f.transition, f.mayTransition},
	}
	for _, u := range updates {
		err := workflow.SetUpdateHandlerWithOptions(ctx, u.name, u.handler, workflow.UpdateHandlerOptions{Validator: u.validator})
		if err != nil {
			return nil, err
		}
	}
	return f, nil
}

func (f *file) run(ctx workflow.Context) error {
	if !f.opened() {
		if err := f.record(ctx); err != nil {
			f.failure = err
			// Whoever waits for the opening gets the reason before the end.
			_ = workflow.Await(ctx, func() bool { return workflow.AllHandlersFinished(ctx) })
			return err
		}
	}
	workflow.Go(ctx, f.listen)
	if !f.status.Scheduled {
		var a *Activities // for the names; the worker has the real one
		if err := workflow.ExecuteActivity(steady(ctx), a.EnsureFixitySchedule, f.opening.ID).Get(ctx, nil); err != nil {
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
	return workflow.NewContinueAsNewError(ctx, workflows.CaseType, workflows.CaseInput{Opening: f.opening, Carried: &f.status})
}

func (f *file) opened() bool { return f.status.Case.ID != "" }

// record puts the opening on record. Only a permanent error ends it.
func (f *file) record(ctx workflow.Context) error {
	var (
		a      *Activities
		opened evidence.Case
	)
	if err := workflow.ExecuteActivity(steady(ctx), a.RecordOpening, f.opening).Get(ctx, &opened); err != nil {
		return fault.FromTemporal(err)
	}
	f.opening.Signed = nil // on record; later runs need not carry it
	f.status.Members = append(f.status.Members, f.opening.Actor.ID)
	for _, p := range f.opening.Members {
		f.addID(p.ID)
	}
	f.stand(ctx, opened)
	return nil
}

// stand makes c the case as it stands.
func (f *file) stand(ctx workflow.Context, c evidence.Case) {
	f.status.Case = c
	if err := workflow.UpsertTypedSearchAttributes(ctx, workflows.StateKey().ValueSet(string(c.State))); err != nil {
		workflow.GetLogger(ctx).Error("setting the state's search attribute", "error", err)
	}
}

func (f *file) addID(p evidence.PersonID) {
	if !slices.Contains(f.status.Members, p) {
		f.status.Members = append(f.status.Members, p)
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
