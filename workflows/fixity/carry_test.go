package fixity_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/workflow"

	"github.com/sealcase/sealcase/evidence"
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
