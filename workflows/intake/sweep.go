package intake

import (
	"slices"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/pulse"
)

// sweep seals all that waits, batch by batch. After an error the batch is kept
// and comes first the next time: some of it may be sealed already, and all of
// it must be analysed. It also returns when the history has grown long. found
// counts the items that waited.
func (d *delivery) sweep(ctx workflow.Context) (found int, err error) {
	d.at.Progress.State = workflows.IntakeSealing
	defer func() { d.at.Progress.State = workflows.IntakeOpen }()
	d.swept = false
	for {
		if len(d.at.Batch) == 0 {
			more, err := d.find(ctx)
			if err != nil || !more {
				d.swept = err == nil
				return found, err
			}
		}
		if len(d.at.Batch) > 0 {
			found += len(d.at.Batch)
			if err := d.seal(ctx); err != nil {
				return found, err
			}
			d.at.Since = evidence.At(workflow.Now(ctx))
			d.wait = shortWait
		}
		if workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
			return found, nil
		}
	}
}

// find takes the next items that wait as the batch. more is false when there
// are none, up to the end of what the case has.
func (d *delivery) find(ctx workflow.Context) (more bool, err error) {
	var (
		a     *Activities
		found FindResult
	)
	in := FindInput{Intake: d.intake.ID, From: d.at.Next, Limit: batchSize}
	if err := workflow.ExecuteActivity(steady(ctx), a.FindPending, in).Get(ctx, &found); err != nil {
		return false, err
	}
	more = len(found.Items) > 0 || found.Next > max(d.at.Next, d.intake.FirstExhibit)
	d.at.Batch, d.at.Next = found.Items, found.Next
	return more, nil
}

// seal has the batch read back and sealed, and starts its analysis.
func (d *delivery) seal(ctx workflow.Context) error {
	var (
		a      *Activities
		result SealResult
	)
	reading := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 24 * time.Hour, // a disk image of some terabytes
		HeartbeatTimeout:    pulse.Timeout,
		RetryPolicy:         retry(),
	})
	in := SealInput{Intake: d.intake.ID, Items: d.at.Batch}
	if err := workflow.ExecuteActivity(reading, a.SealBatch, in).Get(ctx, &result); err != nil {
		return err
	}
	sealed := slices.DeleteFunc(slices.Clone(d.at.Batch), func(id evidence.ItemID) bool {
		return slices.Contains(result.Quarantined, id) || slices.Contains(result.Left, id)
	})
	d.at.Batch = nil
	d.at.Progress.Sealed += len(sealed)
	d.at.Progress.Quarantined += len(result.Quarantined)
	d.at.Left += len(result.Left)
	if len(sealed) == 0 {
		return nil
	}
	return d.analyse(ctx, sealed)
}

// analyse starts the analysis of sealed items as a workflow of its own, which
// goes on should this one be ended by hand.
func (d *delivery) analyse(ctx workflow.Context, items []evidence.ItemID) error {
	if err := workflow.Await(ctx, func() bool { return d.analyses < maxAnalyses }); err != nil {
		return err
	}
	child := workflow.WithChildOptions(ctx, workflow.ChildWorkflowOptions{
		WorkflowID:            workflows.AnalysisWorkflow(d.intake.ID, d.at.Analyses),
		ParentClosePolicy:     enumspb.PARENT_CLOSE_POLICY_ABANDON,
		TypedSearchAttributes: workflows.Attributes(d.intake.Case, workflows.AnalysisType, "analysing"),
	})
	d.at.Analyses++
	d.analyses++
	started := workflow.ExecuteChildWorkflow(child, workflows.AnalysisType,
		workflows.AnalysisInput{Case: d.intake.Case, Intake: d.intake.ID, Items: items})
	workflow.Go(ctx, func(ctx workflow.Context) {
		defer func() { d.analyses-- }()
		var result workflows.AnalysisResult
		if err := started.Get(ctx, &result); err != nil {
			workflow.GetLogger(ctx).Error("an analysis ended without a result", "intake", d.intake.ID, "error", err)
		}
		d.at.Progress.Analysed += result.Analysed
	})
	return nil
}

// analysed waits until no analysis is under way.
func (d *delivery) analysed(ctx workflow.Context) error {
	return workflow.Await(ctx, func() bool { return d.analyses == 0 })
}

func retry() *temporal.RetryPolicy {
	return &temporal.RetryPolicy{InitialInterval: 500 * time.Millisecond, BackoffCoefficient: 2, MaximumInterval: time.Minute}
}

func steady(ctx workflow.Context) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 2 * time.Minute, HeartbeatTimeout: pulse.Brief, RetryPolicy: retry(),
	})
}
