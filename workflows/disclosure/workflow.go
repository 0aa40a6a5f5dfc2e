// Package disclosure is the Disclosure workflow: from a request that is on
// record to a bundle that is stored, locked, logged and proven, or to a failure
// that is on record with its reason.
package disclosure

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/fault"
	"github.com/sealcase/sealcase/workflows/pulse"
)

// patience is how long servers that are away are waited for, before the
// requester is told that there is no bundle.
const patience = 3 * 24 * time.Hour

// Workflow makes the bundle of a disclosure. That it could not be made is a
// result, not an error.
func Workflow(ctx workflow.Context, in workflows.DisclosureInput) (workflows.DisclosureProgress, error) {
	p := &production{in: in}
	p.at.State = evidence.DisclosureRequested
	err := workflow.SetQueryHandler(ctx, workflows.QueryProgress, func() (workflows.DisclosureProgress, error) { return p.at, nil })
	if err != nil {
		return p.at, err
	}
	return p.run(ctx)
}

// production is a running Disclosure workflow.
type production struct {
	in workflows.DisclosureInput
	at workflows.DisclosureProgress
}

func (p *production) run(ctx workflow.Context) (workflows.DisclosureProgress, error) {
	err := p.produce(ctx)
	if err == nil {
		p.state(ctx, evidence.DisclosureReady)
		return p.at, nil
	}
	// Also when the workflow was cancelled: whoever asked must see the end.
	ctx, cancel := workflow.NewDisconnectedContext(ctx)
	defer cancel()
	var a *Activities
	why := evidence.MessageOf(fault.FromTemporal(err))
	failed := FailInput{Disclosure: p.in.Disclosure, Message: why}
	if err := workflow.ExecuteActivity(steady(ctx, 0), a.FailDisclosure, failed).Get(ctx, nil); err != nil {
		return p.at, fault.FromTemporal(err)
	}
	p.at.Failure = why
	p.state(ctx, evidence.DisclosureFailed)
	return p.at, nil
}

func (p *production) produce(ctx workflow.Context) error {
	var a *Activities
	writing := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout:    24 * time.Hour,
		ScheduleToCloseTimeout: patience,
		HeartbeatTimeout:       pulse.Timeout,
		RetryPolicy:            retry(),
	})
	if err := workflow.ExecuteActivity(writing, a.WriteBundle, p.in.Disclosure).Get(ctx, &p.at); err != nil {
		return err
	}
	p.state(ctx, evidence.DisclosureWritten)
	return workflow.ExecuteActivity(steady(ctx, patience), a.FinishDisclosure, p.in.Disclosure).Get(ctx, nil)
}

// state says how far the disclosure is, to queries and to searches.
func (p *production) state(ctx workflow.Context, s evidence.DisclosureState) {
	p.at.State = s
	if err := workflow.UpsertTypedSearchAttributes(ctx, workflows.StateKey().ValueSet(string(s))); err != nil {
		workflow.GetLogger(ctx).Error("setting the state's search attribute", "error", err)
	}
}

func retry() *temporal.RetryPolicy {
	return &temporal.RetryPolicy{InitialInterval: time.Second, BackoffCoefficient: 2, MaximumInterval: time.Minute}
}

// steady schedules a short activity; within 0 tries for ever.
func steady(ctx workflow.Context, within time.Duration) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 5 * time.Minute, ScheduleToCloseTimeout: within, HeartbeatTimeout: pulse.Brief, RetryPolicy: retry(),
	})
}
