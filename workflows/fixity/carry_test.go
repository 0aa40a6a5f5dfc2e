package fixity_test

import (
	"context"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/mock"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/workflow"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/custody"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/fixity"
	"github.com/sealcase/sealcase/workflows/workflowtest"
)

// Nothing is skipped and nothing is read twice when a run continues as new.
func TestContinuesAsNew(t *testing.T) {
	c := workflowtest.NewCustody()
	for range 50 {
		c.Receive("", "", "x", []byte("x"))
	}
	env := workflowtest.Environment()
	env.RegisterActivity(&fixity.Activities{Custody: c, Actor: evidence.ServiceActor("worker")})
	env.SetContinueAsNewSuggested(true)
	carried := workflows.FixityCarried{Next: 21, Items: 50, Result: workflows.FixityResult{Items: 20, Verified: 19, Failed: 1}}
	env.ExecuteWorkflow(fixity.Workflow, workflows.FixityInput{Case: "case-x", Carried: &carried})
	next, ok := errors.AsType[*workflow.ContinueAsNewError](env.GetWorkflowError())
	if !ok {
		t.Fatalf("ended with %v", env.GetWorkflowError())
	}
	var got workflows.FixityInput
	if err := converter.GetDefaultDataConverter().FromPayloads(next.Input, &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(workflows.FixityInput{Case: "case-x", Carried: &carried}, got); diff != "" {
		t.Errorf("carried (-want +got):\n%s", diff)
	}
}

// unreadable is a case of which one page cannot be read, for good.
type unreadable struct {
	*workflowtest.Custody
	page string
}

// Items fails for that page.
func (u unreadable) Items(ctx context.Context, actor evidence.Actor, c evidence.CaseID, cursor string, limit int) (custody.Page[evidence.Item], error) {
	if cursor == u.page {
		return custody.Page[evidence.Item]{}, evidence.Errorf(evidence.Tampered, "a record of the registry cannot be read")
	}
	return u.Custody.Items(ctx, actor, c, cursor, limit)
}

// What cannot be found out of some items is an alarm, and does not cost those
// behind them their verification and their locks.
func TestGoesOnBehindWhatCannotBeRead(t *testing.T) {
	c := workflowtest.NewCustody()
	for range 60 {
		it := c.Receive("case-x", "", "x", []byte("x"))
		if _, err := c.SealItems(t.Context(), evidence.ServiceActor("worker"), []evidence.Item{it}); err != nil {
			t.Fatal(err)
		}
	}
	env := workflowtest.Environment()
	env.RegisterActivity(&fixity.Activities{Custody: unreadable{c, "21"}, Actor: evidence.ServiceActor("worker")})
	env.OnSignalExternalWorkflow(mock.Anything, mock.Anything, mock.Anything, mock.Anything, mock.Anything).Return(nil)
	env.ExecuteWorkflow(fixity.Workflow, workflows.FixityInput{Case: "case-x"})
	var got workflows.FixityResult
	if err := env.GetWorkflowResult(&got); err != nil {
		t.Fatal(err)
	}
	if got.Items != 60 || got.Verified != 40 || got.Failed != 20 || len(got.Differences) != 1 || got.Differences[0].Exhibit != 21 {
		t.Errorf("result %+v", got)
	}
}
