// Package register is the Register workflow: at an interval the heads of logs
// that changed go into the register, its head is signed, and outsiders are asked
// to vouch for it. Outsiders that are away do not fail a run; the next one asks
// them again.
package register

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/fault"
)

// Workflow is one run. While our own servers are away, or Vault is sealed, it
// waits for them: runs that would begin meanwhile are left out.
func Workflow(ctx workflow.Context, _ workflows.RegisterInput) (workflows.RegisterResult, error) {
	var a *Activities
	var done workflows.RegisterResult
	steps := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: 10 * time.Minute,
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: time.Second, BackoffCoefficient: 2, MaximumInterval: 30 * time.Second},
	})
	if err := workflow.ExecuteActivity(steps, a.PublishHeads).Get(ctx, &done.Published); err != nil {
		return done, fault.FromTemporal(err)
	}
	if err := workflow.ExecuteActivity(steps, a.SignRegister).Get(ctx, &done.Size); err != nil {
		return done, fault.FromTemporal(err)
	}
	if err := workflow.ExecuteActivity(steps, a.AnchorRegister).Get(ctx, &done.Behind); err != nil {
		return done, fault.FromTemporal(err)
	}
	state := "vouched-for"
	if len(done.Behind) > 0 {
		state = "waiting"
	}
	if err := workflow.UpsertTypedSearchAttributes(ctx, workflows.StateKey().ValueSet(state)); err != nil {
		workflow.GetLogger(ctx).Error("setting the state's search attribute", "error", err)
	}
	return done, nil
}
