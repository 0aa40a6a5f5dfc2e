package intake_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/workflow"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/intake"
	"github.com/sealcase/sealcase/workflows/workflowtest"
)

// A run whose history has grown long hands on what it knows, with the signals
// that came, and forgets no batch.
func TestContinuesAsNew(t *testing.T) {
	env := workflowtest.Environment()
	c := workflowtest.NewCustody()
	in := evidence.Intake{ID: workflowtest.NewID[evidence.IntakeID](t), Case: workflowtest.NewID[evidence.CaseID](t), FirstExhibit: 1}
	for range 450 {
		c.Receive(in.Case, in.ID, "x", []byte("x"))
	}
	env.RegisterActivity(&intake.Activities{Intakes: c, Sealing: c, Exhibits: c, Actor: evidence.ServiceActor("worker")})
	env.RegisterWorkflowWithOptions(func(_ workflow.Context, in workflows.AnalysisInput) (workflows.AnalysisResult, error) {
		return workflows.AnalysisResult{Analysed: len(in.Items)}, nil
	}, workflow.RegisterOptions{Name: workflows.AnalysisType})
	env.SetContinueAsNewSuggested(true)
	env.RegisterDelayedCallback(func() { env.SignalWorkflow(workflows.SignalComplete, nil) }, 0)
	env.ExecuteWorkflow(intake.Workflow, workflows.IntakeInput{Intake: in})
	next, ok := errors.AsType[*workflow.ContinueAsNewError](env.GetWorkflowError())
	if !ok {
		t.Fatalf("ended with %v", env.GetWorkflowError())
	}
	var got workflows.IntakeInput
	if err := converter.GetDefaultDataConverter().FromPayloads(next.Input, &got); err != nil {
		t.Fatal(err)
	}
	want := workflows.IntakeInput{Intake: in, Carried: &workflows.IntakeCarried{
		Next: 201, Analyses: 1, Complete: true,
		Progress: workflows.IntakeProgress{State: workflows.IntakeOpen, Sealed: 200, Analysed: 200},
	}}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(workflows.IntakeCarried{}, "Since")); diff != "" {
		t.Errorf("carried (-want +got):\n%s", diff)
	}
}

// An intake that nobody completes ends after a week without anything new.
func TestEndsWhenIdle(t *testing.T) {
	env := workflowtest.Environment()
	c := workflowtest.NewCustody()
	in := evidence.Intake{ID: workflowtest.NewID[evidence.IntakeID](t), FirstExhibit: 1}
	env.RegisterActivity(&intake.Activities{Intakes: c, Sealing: c, Exhibits: c, Actor: evidence.ServiceActor("worker")})
	started := env.Now()
	env.ExecuteWorkflow(intake.Workflow, workflows.IntakeInput{Intake: in})
	if err := env.GetWorkflowError(); err != nil {
		t.Fatal(err)
	}
	if days := env.Now().Sub(started).Hours() / 24; days < 7 || days > 7.1 {
		t.Errorf("ended after %.2f days", days)
	}
	if c.Count("intake-closed", string(in.ID)) != 1 {
		t.Error("the end is not on record")
	}
}
