package workflows

import (
	"context"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows/fault"
)

// StartIntake starts the workflow of an intake that is on record. Idempotent.
func (c *Client) StartIntake(ctx context.Context, intake evidence.Intake, actor evidence.Actor) error {
	_, err := c.start(ctx, IntakeWorkflow(intake.ID), IntakeType, string(IntakeOpen), intake.Case,
		IntakeInput{Actor: actor, Intake: intake})
	return err
}

// ResumeIntake takes up an intake that has ended, for items that arrived too
// late for it: it seals and analyses them and ends again. One that still runs
// is notified only.
func (c *Client) ResumeIntake(ctx context.Context, intake evidence.Intake, actor evidence.Actor) error {
	ctx, cancel := within(ctx, queryWithin)
	defer cancel()
	_, err := c.temporal.SignalWithStartWorkflow(ctx, IntakeWorkflow(intake.ID), SignalReceived, nil, client.StartWorkflowOptions{
		TaskQueue:             c.queue,
		WorkflowIDReusePolicy: enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		TypedSearchAttributes: Attributes(intake.Case, IntakeType, string(IntakeOpen)),
	}, IntakeType, IntakeInput{Actor: actor, Intake: intake, Carried: &IntakeCarried{Complete: true}})
	return fault.FromTemporal(err)
}

// NotifyIntake tells an intake that something was received. It only makes
// things faster: the intake looks by itself from time to time. Callers
// debounce it. An intake that has ended is NotFound: see ResumeIntake.
func (c *Client) NotifyIntake(ctx context.Context, id evidence.IntakeID) error {
	return c.signal(ctx, IntakeWorkflow(id), SignalReceived)
}

// CompleteIntake tells an intake that nothing more will come: it ends when all
// it has is sealed or quarantined, and analysed. Of an intake that has ended
// it returns nil.
func (c *Client) CompleteIntake(ctx context.Context, id evidence.IntakeID) error {
	ctx, cancel := within(ctx, queryWithin)
	defer cancel()
	err := c.signal(ctx, IntakeWorkflow(id), SignalComplete)
	if evidence.CodeOf(err) != evidence.NotFound {
		return err
	}
	_, _, err = c.running(ctx, IntakeWorkflow(id))
	return err
}

// IntakeProgress returns how far an intake is, running or done.
func (c *Client) IntakeProgress(ctx context.Context, id evidence.IntakeID) (IntakeProgress, error) {
	ctx, cancel := within(ctx, queryWithin)
	defer cancel()
	var progress IntakeProgress
	running, _, err := c.running(ctx, IntakeWorkflow(id))
	switch {
	case err != nil:
	case running:
		err = c.query(ctx, IntakeWorkflow(id), QueryProgress, &progress)
	default:
		err = c.result(ctx, IntakeWorkflow(id), &progress)
	}
	return progress, err
}
