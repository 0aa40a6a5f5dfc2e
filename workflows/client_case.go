package workflows

import (
	"context"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows/fault"
)

// OpenCase opens a case and answers when it is on record. The same ID by the
// same person again answers with the same case. It fails with Forbidden,
// Invalid or Unavailable.
func (c *Client) OpenCase(ctx context.Context, in OpenCaseInput) (evidence.Case, error) {
	ctx, cancel := within(ctx, answerWithin)
	defer cancel()
	id := CaseWorkflow(in.ID)
	asked := in
	asked.Signed = nil // what the case began with is what it is opened with
	start := c.temporal.NewWithStartWorkflowOperation(client.StartWorkflowOptions{
		ID: id, TaskQueue: c.queue,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY,
		TypedSearchAttributes:    Attributes(in.ID, CaseType, string(evidence.StateIntake)),
	}, CaseType, CaseInput{Opening: in})
	handle, err := c.temporal.UpdateWithStartWorkflow(ctx, client.UpdateWithStartWorkflowOptions{
		StartWorkflowOperation: start,
		UpdateOptions: client.UpdateWorkflowOptions{
			WorkflowID: id, UpdateName: UpdateOpen, Args: []any{asked},
			WaitForStage: client.WorkflowUpdateStageCompleted,
		},
	})
	var opened evidence.Case
	if err == nil {
		err = handle.Get(ctx, &opened)
	}
	return opened, fault.FromTemporal(err)
}

// AddMember makes a person a member of a case and answers when that is on
// record.
func (c *Client) AddMember(ctx context.Context, in MemberInput) (evidence.Member, error) {
	var added evidence.Member
	err := c.update(ctx, in.Case, UpdateMember, in, &added)
	return added, err
}

// Transition brings a case into another state and answers when that is on
// record. It fails with Conflict, naming the states that are allowed.
func (c *Client) Transition(ctx context.Context, in TransitionInput) (evidence.Case, error) {
	var changed evidence.Case
	err := c.update(ctx, in.Case, UpdateTransition, in, &changed)
	return changed, err
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
