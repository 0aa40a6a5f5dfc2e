// Package analysis is the Analysis workflow: every registered analyzer reads a
// batch of sealed items, and what it found goes on record.
package analysis

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/fault"
	"github.com/sealcase/sealcase/workflows/pulse"
)

// Workflow runs the analysis of a batch.
func Workflow(ctx workflow.Context, in workflows.AnalysisInput) (workflows.AnalysisResult, error) {
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 24 * time.Hour,
		HeartbeatTimeout:    pulse.Timeout,
		RetryPolicy: &temporal.RetryPolicy{
			InitialInterval: time.Second, BackoffCoefficient: 2, MaximumInterval: 5 * time.Minute,
		},
	})
	var (
		a      *Activities
		result workflows.AnalysisResult
	)
	err := workflow.ExecuteActivity(ctx, a.AnalyseItems, in).Get(ctx, &result)
	state := "done"
	if err != nil {
		state = "failed"
	}
	if err := workflow.UpsertTypedSearchAttributes(ctx, workflows.StateKey().ValueSet(state)); err != nil {
		workflow.GetLogger(ctx).Error("setting the state's search attribute", "error", err)
	}
	return result, fault.FromTemporal(err)
}
