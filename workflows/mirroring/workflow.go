// Package mirroring is the Mirror workflow: at an interval the logs are signed and
// mirrored whose process was killed between an entry and its place in the mirror.
// Processes mirror what they append themselves, in batches and within seconds; this
// is what lasts when they do not.
package mirroring

import (
	"context"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/fault"
	"github.com/sealcase/sealcase/workflows/pulse"
)

// Register is what the activity needs of the register, which knows of all logs.
type Register interface {
	MirrorLogs(ctx context.Context, actor evidence.Actor) (behind int, err error)
}

// Activities are the side effects of the Mirror workflow. They may be repeated.
type Activities struct {
	Register Register
	Actor    evidence.Actor // the worker
}

// MirrorLogs signs and mirrors the heads of logs that are behind, and returns how
// many were.
func (a *Activities) MirrorLogs(ctx context.Context) (int, error) {
	return a.Register.MirrorLogs(ctx, a.Actor)
}

// Workflow is one run. While our own servers are away, or Vault is sealed, it waits
// for them: runs that would begin meanwhile are left out.
func Workflow(ctx workflow.Context, _ workflows.MirrorInput) (workflows.MirrorResult, error) {
	var a *Activities
	var done workflows.MirrorResult
	steps := workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: time.Hour, // the first run after a long outage
		HeartbeatTimeout:    pulse.Brief,
		RetryPolicy:         &temporal.RetryPolicy{InitialInterval: time.Second, BackoffCoefficient: 2, MaximumInterval: 30 * time.Second},
	})
	if err := workflow.ExecuteActivity(steps, a.MirrorLogs).Get(ctx, &done.Behind); err != nil {
		return done, fault.FromTemporal(err)
	}
	if err := workflow.UpsertTypedSearchAttributes(ctx, workflows.StateKey().ValueSet("mirrored")); err != nil {
		workflow.GetLogger(ctx).Error("setting the state's search attribute", "error", err)
	}
	return done, nil
}
