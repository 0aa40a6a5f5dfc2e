package workflows

import (
	"context"
	"errors"
	"fmt"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows/fault"
)

// StartIntake starts the workflow of an intake that is on record. Idempotent.
func (c *Client) StartIntake(ctx context.Context, intake evidence.Intake, actor evidence.Actor) error {
	_, err := c.start(ctx, IntakeWorkflow(intake.ID), IntakeType, string(IntakeOpen), intake.Case,
		IntakeInput{Actor: actor, Intake: intake})
	return err
}

// NotifyIntake tells an intake that something was received. It only makes
// things faster: the intake looks by itself from time to time. Callers
// debounce it. An intake that has ended is taken up again, for an item that
// arrived too late for it, and ends again.
func (c *Client) NotifyIntake(ctx context.Context, id evidence.IntakeID) error {
	err := c.signal(ctx, IntakeWorkflow(id), SignalReceived)
	if evidence.CodeOf(err) != evidence.NotFound {
		return err
	}
	return c.resume(ctx, id)
}

// resume starts the workflow of an intake that has ended once more.
func (c *Client) resume(ctx context.Context, id evidence.IntakeID) error {
	ctx, cancel := within(ctx, queryWithin)
	defer cancel()
	events := c.temporal.GetWorkflowHistory(ctx, IntakeWorkflow(id), "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	first, err := events.Next()
	if err != nil {
		return fault.FromTemporal(err)
	}
	var in IntakeInput
	arguments := first.GetWorkflowExecutionStartedEventAttributes().GetInput()
	if err := c.data.FromPayloads(arguments, &in); err != nil {
		return fault.FromTemporal(fmt.Errorf("reading how the intake began: %w", err))
	}
	in.Carried = &IntakeCarried{Complete: true}
	err = c.temporal.GetWorkflow(ctx, IntakeWorkflow(id), "").Get(ctx, &in.Carried.Progress)
	if _, ended := errors.AsType[*temporal.WorkflowExecutionError](err); ended {
		// Ended by hand, without a result: as from the beginning, but for the
		// names of analyses, some of which may still be under way.
		in.Carried = &IntakeCarried{Analyses: int(time.Now().Unix())}
	} else if err != nil {
		return fault.FromTemporal(err)
	}
	_, err = c.temporal.SignalWithStartWorkflow(ctx, IntakeWorkflow(id), SignalReceived, nil, client.StartWorkflowOptions{
		TaskQueue:             c.queue,
		WorkflowIDReusePolicy: enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE,
		TypedSearchAttributes: Attributes(in.Intake.Case, IntakeType, string(IntakeOpen)),
	}, IntakeType, in)
	return fault.FromTemporal(err)
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
