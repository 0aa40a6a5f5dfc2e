package workflows

import (
	"context"
	"crypto/rand"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows/fault"
)

// RosterInput asks that a log says who somebody is, and with which keys they
// sign.
type RosterInput struct {
	Case evidence.CaseID `json:"case"` // or the register
	// Person is whom the log does not know yet, or not with every key; "" when
	// only keys of the agency are missing.
	Person evidence.PersonID `json:"person,omitempty"`
}

// rosterWithin is how long a Roster workflow tries: somebody is waiting, and
// asks again.
const rosterWithin = answerWithin - 5*time.Second

// UpdateRoster has a worker put on record, in the log of c (a case's, or the
// register), who p is and with which keys they sign, and the agency's keys that
// the log does not know yet. It answers when that is on record. It fails with
// Unavailable while no worker or no Vault answers, and with what
// custody.Service.RecordRoster fails with.
func (c *Client) UpdateRoster(ctx context.Context, id evidence.CaseID, p evidence.PersonID) error {
	ctx, cancel := within(ctx, answerWithin)
	defer cancel()
	// Each request is a run of its own: one under way may have read the keys
	// before the one was made that this caller needs.
	run, err := c.temporal.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID: RosterWorkflow(id, p, rand.Text()), TaskQueue: c.queue, WorkflowExecutionTimeout: rosterWithin,
		WorkflowIDReusePolicy: enumspb.WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE,
		TypedSearchAttributes: Attributes(id, RosterType, "recording"),
	}, RosterType, RosterInput{Case: id, Person: p})
	if err == nil {
		err = run.Get(ctx, nil)
	}
	return fault.FromTemporal(err)
}
