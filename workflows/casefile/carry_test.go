package casefile_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/workflow"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/casefile"
	"github.com/sealcase/sealcase/workflows/workflowtest"
)

// A case whose history has grown long goes on as it stands: with the
// outcome of its fixity, and the schedule not made again.
func TestContinuesAsNew(t *testing.T) {
	id := workflowtest.NewID[evidence.CaseID](t)
	stands := workflows.CaseStatus{
		Case: evidence.Case{ID: id, State: evidence.StateOpen, Version: 3}, Scheduled: true,
	}
	env := workflowtest.Environment()
	env.RegisterActivity(&casefile.Activities{Custody: workflowtest.NewCustody()})
	env.RegisterDelayedCallback(func() {
		env.SignalWorkflow(workflows.SignalFixity, workflows.FixityResult{Items: 7, Verified: 7})
	}, time.Hour)
	env.RegisterDelayedCallback(func() {
		env.SetContinueAsNewSuggested(true)
		env.SignalWorkflow("anything", nil)
	}, 2*time.Hour)
	env.ExecuteWorkflow(casefile.Workflow, workflows.CaseInput{Case: id, Carried: &stands})
	next, ok := errors.AsType[*workflow.ContinueAsNewError](env.GetWorkflowError())
	if !ok {
		t.Fatalf("ended with %v", env.GetWorkflowError())
	}
	var got workflows.CaseInput
	if err := converter.GetDefaultDataConverter().FromPayloads(next.Input, &got); err != nil {
		t.Fatal(err)
	}
	stands.Fixity = &workflows.FixityResult{Items: 7, Verified: 7}
	if diff := cmp.Diff(workflows.CaseInput{Case: id, Carried: &stands}, got); diff != "" {
		t.Errorf("carried (-want +got):\n%s", diff)
	}
}
