package workflows

import (
	"context"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/custody"
	"github.com/sealcase/sealcase/workflows/fault"
)

// OpenCase opens a case with the acts that open it (custody.Service.SignOpening)
// and answers when they are on record. The same case by the same person again
// answers with that case. It fails as custody.Service.Record.
func (c *Client) OpenCase(ctx context.Context, in ActInput) (custody.Outcome, error) {
	ctx, cancel := within(ctx, answerWithin)
	defer cancel()
	id := CaseWorkflow(in.Case)
	start := c.temporal.NewWithStartWorkflowOperation(client.StartWorkflowOptions{
		ID: id, TaskQueue: c.queue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY,
		TypedSearchAttributes:    Attributes(in.Case, CaseType, string(evidence.StateIntake)),
	}, CaseType, CaseInput{Case: in.Case})
	handle, err := c.temporal.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{
		StartWorkflowOperation: start,
		UpdateOptions: client.UpdateWorkflowOptions{
			WorkflowID: id, UpdateName: UpdateAct, Args: []any{in},
			WaitForStage: client.WorkflowUpdateStageCompleted,
		},
	})
	var opened custody.Outcome
	if err == nil {
		err = handle.Get(ctx, &opened)
	}
	return opened, fault.FromTemporal(err)
}

// Act has a person's acts on a case put on record, and answers when they are. It
// fails as custody.Service.Record.
func (c *Client) Act(ctx context.Context, in ActInput) (custody.Outcome, error) {
	var done custody.Outcome
	err := c.update(ctx, in.Case, UpdateAct, in, &done)
	return done, err
}

// CaseStatus returns a case as its workflow holds it. It does not ask who
// wants to know: the caller has checked that.
func (c *Client) CaseStatus(ctx context.Context, id evidence.CaseID) (CaseStatus, error) {
	ctx, cancel := within(ctx, queryWithin)
	defer cancel()
	var status CaseStatus
	err := c.query(ctx, CaseWorkflow(id), QueryStatus, &status)
	return status, err
}

func (c *Client) update(ctx context.Context, id evidence.CaseID, name string, in, answer any) error {
	ctx, cancel := within(ctx, answerWithin)
	defer cancel()
	handle, err := c.temporal.UpdateWorkflow(ctx, client.UpdateWorkflowOptions{
		WorkflowID: CaseWorkflow(id), UpdateName: name, Args: []any{in},
		WaitForStage: client.WorkflowUpdateStageCompleted,
	})
	if err == nil {
		err = handle.Get(ctx, answer)
	}
	return fault.FromTemporal(err)
}
