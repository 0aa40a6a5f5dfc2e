// Package fixity verifies stored evidence: the Fixity workflow all items of a
// case, on the case's schedule, and the Verify workflow one item at a person's
// wish. A difference is a result and an alarm, not an error.
package fixity

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/fault"
	"github.com/sealcase/sealcase/workflows/pulse"
)

const (
	rangeSize = 20 // items of one activity: bounds the history of a large case
	window    = 4  // activities under way at the same time
)

// Workflow verifies all items of a case.
func Workflow(ctx workflow.Context, in workflows.FixityInput) (workflows.FixityResult, error) {
	r := &round{in: in}
	if in.Carried != nil {
		r.at = *in.Carried
	}
	return r.run(ctx)
}

// round is a running Fixity workflow.
type round struct {
	in       workflows.FixityInput
	at       workflows.FixityCarried
	underWay int
	failure  error
}

func (r *round) run(ctx workflow.Context) (workflows.FixityResult, error) {
	if r.at.Next == 0 {
		var a *Activities
		if err := workflow.ExecuteActivity(steady(ctx), a.CountItems, r.in.Case).Get(ctx, &r.at.Items); err != nil {
			return r.at.Result, fault.FromTemporal(err)
		}
		r.at.Next = 1
	}
	for r.at.Next <= r.at.Items && !workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
		r.start(ctx)
		err := workflow.Await(ctx, func() bool { return r.underWay < window || r.failure != nil })
		if err == nil {
			err = r.failure
		}
		if err != nil {
			return r.at.Result, fault.FromTemporal(err)
		}
	}
	if err := workflow.Await(ctx, func() bool { return r.underWay == 0 }); err != nil {
		return r.at.Result, err
	}
	switch {
	case r.failure != nil:
		return r.at.Result, fault.FromTemporal(r.failure)
	case r.at.Next <= r.at.Items:
		return r.at.Result, workflow.NewContinueAsNewError(ctx, workflows.FixityType,
			workflows.FixityInput{Case: r.in.Case, Carried: &r.at})
	}
	return r.report(ctx), nil
}

// start has the next range verified.
func (r *round) start(ctx workflow.Context) {
	var a *Activities
	in := RangeInput{Case: r.in.Case, From: r.at.Next, Limit: min(rangeSize, r.at.Items-r.at.Next+1)}
	r.at.Next += in.Limit
	r.underWay++
	started := workflow.ExecuteActivity(reading(ctx), a.VerifyRange, in)
	workflow.Go(ctx, func(ctx workflow.Context) {
		defer func() { r.underWay-- }()
		var part workflows.FixityResult
		err := started.Get(ctx, &part)
		switch {
		case err == nil:
			r.add(part)
		case temporal.IsCanceledError(err) || ctx.Err() != nil:
			r.failure = err
		default: // for good: an alarm, that must not cost the other items their verification and their locks
			workflow.GetLogger(ctx).Error("a range of items cannot be verified", "case", r.in.Case, "from", in.From, "error", err)
			r.add(unverified(in, err))
		}
	})
}

// unverified is the outcome of a range of which nothing can be found out.
func unverified(in RangeInput, err error) workflows.FixityResult {
	return workflows.FixityResult{
		Items: in.Limit, Failed: in.Limit,
		Differences: []workflows.FixityDifference{{Exhibit: in.From, Differs: []string{
			fmt.Sprintf("exhibits %d to %d could not be verified: %s", in.From, in.From+in.Limit-1, evidence.MessageOf(fault.FromTemporal(err))),
		}}},
	}
}

func (r *round) add(part workflows.FixityResult) {
	sum := &r.at.Result
	sum.Items += part.Items
	sum.Verified += part.Verified
	sum.Skipped += part.Skipped
	sum.Failed += part.Failed
	sum.Extended += part.Extended
	room := workflows.MaxFixityDifferences - len(sum.Differences)
	sum.Differences = append(sum.Differences, part.Differences[:min(room, len(part.Differences))]...)
}

// report ends the round: searches find a case with a difference by its state,
// and the case's own workflow gets the outcome.
func (r *round) report(ctx workflow.Context) workflows.FixityResult {
	result := r.at.Result
	result.At = evidence.At(workflow.Now(ctx))
	state := "intact"
	if result.Failed > 0 {
		state = "differs"
		workflow.GetLogger(ctx).Error("stored evidence differs from what was sealed", "case", r.in.Case, "items", result.Failed)
	}
	if err := workflow.UpsertTypedSearchAttributes(ctx, workflows.StateKey().ValueSet(state)); err != nil {
		workflow.GetLogger(ctx).Error("setting the state's search attribute", "error", err)
	}
	told := workflow.SignalExternalWorkflow(ctx, workflows.CaseWorkflow(r.in.Case), "", workflows.SignalFixity, result)
	if err := told.Get(ctx, nil); err != nil {
		workflow.GetLogger(ctx).Warn("the case does not take the outcome of its fixity", "case", r.in.Case, "error", err)
	}
	return result
}

// Verify verifies one item.
func Verify(ctx workflow.Context, in workflows.VerifyInput) (evidence.Verification, error) {
	var (
		a *Activities
		v evidence.Verification
	)
	err := workflow.ExecuteActivity(reading(ctx), a.VerifyOne, in).Get(ctx, &v)
	return v, fault.FromTemporal(err)
}

func retry() *temporal.RetryPolicy {
	return &temporal.RetryPolicy{InitialInterval: 500 * time.Millisecond, BackoffCoefficient: 2, MaximumInterval: time.Minute}
}

func reading(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 24 * time.Hour, HeartbeatTimeout: pulse.Timeout, RetryPolicy: retry(),
	})
}

func steady(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 2 * time.Minute, HeartbeatTimeout: pulse.Brief, RetryPolicy: retry(),
	})
}
