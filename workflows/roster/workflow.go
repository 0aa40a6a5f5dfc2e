// Package roster is the Roster workflow: it has the worker say, in the log of a
// case or in the register, who somebody is and with which keys they sign. A
// process that serves people asks for it before a person acts there for the
// first time, and after a key got a new version: it must not sign that itself.
package roster

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

// Workflow puts a roster on record. It ends with the workflow's time limit at
// the latest: whoever waits asks again.
func Workflow(ctx workflow.Context, in workflows.RosterInput) error {
	var a *Activities // for the names; the worker has the real one
	ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		StartToCloseTimeout: time.Minute, HeartbeatTimeout: pulse.Brief,
		RetryPolicy: &temporal.RetryPolicy{InitialInterval: 200 * time.Millisecond, BackoffCoefficient: 2, MaximumInterval: 5 * time.Second},
	})
	return fault.FromTemporal(workflow.ExecuteActivity(ctx, a.RecordRoster, in).Get(ctx, nil))
}

// Custody is what the activity needs of custody.Service.
type Custody interface {
	RecordRoster(ctx context.Context, actor evidence.Actor, c evidence.CaseID, p evidence.PersonID) error
}

// Activities are the side effects of the Roster workflow.
type Activities struct {
	Custody Custody
	Actor   evidence.Actor // the worker
}

// RecordRoster puts a roster on record, unless the log says all of it.
// Idempotent.
func (a *Activities) RecordRoster(ctx context.Context, in workflows.RosterInput) error {
	return a.Custody.RecordRoster(ctx, a.Actor, in.Case, in.Person)
}
