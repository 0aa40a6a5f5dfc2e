package fixity_test

import (
	"context"
	"errors"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/mock"
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
	env.RegisterActivity(&fixity.Activities{Cases: c, Exhibits: c, Deliveries: c, Actor: evidence.ServiceActor("worker")})
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
func (u unreadable) Items(ctx context.Context, actor evidence.Actor, c evidence.CaseID, cursor string, limit int) (evidence.Page[evidence.Item], error) {
	if cursor == u.page {
		return evidence.Page[evidence.Item]{}, evidence.Errorf(evidence.Tampered, "a record of the registry cannot be read")
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
	env.RegisterActivity(&fixity.Activities{Cases: c, Exhibits: unreadable{c, "21"}, Deliveries: c, Actor: evidence.ServiceActor("worker")})
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

// intakes is a workflow server on which only some intakes are known.
type intakes struct {
	known    []evidence.IntakeID
	notified []evidence.IntakeID
	started  []evidence.IntakeID
}

// NotifyIntake implements fixity.Intakes.
func (i *intakes) NotifyIntake(_ context.Context, id evidence.IntakeID) error {
	i.notified = append(i.notified, id)
	if !slices.Contains(i.known, id) {
		return evidence.Errorf(evidence.NotFound, "there is no such work under way")
	}
	return nil
}

// StartIntake implements fixity.Intakes.
func (i *intakes) StartIntake(_ context.Context, in evidence.Intake, _ evidence.Actor) error {
	i.started = append(i.started, in.ID)
	return nil
}

// Items that wait for too long to be sealed are found by the daily round.
func TestStrandedItemsAreTakenUp(t *testing.T) {
	for name, tc := range map[string]struct {
		later time.Duration
		want  intakes
	}{
		"at once":  {0, intakes{}},
		"in a day": {24 * time.Hour, intakes{notified: []evidence.IntakeID{"intake-known", "intake-gone"}, started: []evidence.IntakeID{"intake-gone"}}},
	} {
		t.Run(name, func(t *testing.T) {
			c := workflowtest.NewCustody()
			for _, in := range []evidence.IntakeID{"intake-known", "intake-known", "intake-gone"} {
				c.Receive("case-x", in, "x", []byte("x"))
			}
			got := intakes{known: []evidence.IntakeID{"intake-known"}}
			env := workflowtest.Environment()
			env.RegisterActivity(&fixity.Activities{
				Cases: c, Exhibits: c, Deliveries: c, Intakes: &got, Actor: evidence.ServiceActor("worker"),
				Clock: func() time.Time { return time.Now().Add(tc.later) },
			})
			env.OnSignalExternalWorkflow(mock.Anything, mock.Anything, mock.Anything, mock.Anything, mock.Anything).Return(nil)
			env.ExecuteWorkflow(fixity.Workflow, workflows.FixityInput{Case: "case-x"})
			if err := env.GetWorkflowError(); err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got.notified, tc.want.notified) || !slices.Equal(got.started, tc.want.started) {
				t.Errorf("notified %v, started %v; want %v, %v", got.notified, got.started, tc.want.notified, tc.want.started)
			}
		})
	}
}
