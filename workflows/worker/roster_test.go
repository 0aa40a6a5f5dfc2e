package worker_test

import (
	"context"
	"testing"
	"time"

	"go.temporal.io/api/workflowservice/v1"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/workflowtest"
)

func TestRoster(t *testing.T) {
	for _, test := range []struct {
		name  string
		log   func(testing.TB) evidence.CaseID
		fail  func(context.Context, string, string) error
		after func(context.Context, string, string) error
		want  evidence.Code
	}{
		{name: "case", log: workflowtest.NewID[evidence.CaseID]},
		{name: "register", log: func(testing.TB) evidence.CaseID { return evidence.RegisterID() }},
		{name: "Vault sealed for a moment", log: workflowtest.NewID[evidence.CaseID], fail: failTimes("RecordRoster", 2, evidence.Sealed)},
		{name: "answer lost", log: workflowtest.NewID[evidence.CaseID], after: failTimes("RecordRoster", 1, evidence.Unavailable)},
		{name: "no such case", log: workflowtest.NewID[evidence.CaseID], fail: failTimes("RecordRoster", 1, evidence.NotFound), want: evidence.NotFound},
	} {
		t.Run(test.name, func(t *testing.T) {
			e, c := engine(t), workflowtest.NewCustody()
			c.Before, c.After = test.fail, test.after
			e.Work(t, c.Rooms())
			log := test.log(t)
			if err := e.UpdateRoster(t.Context(), log, "anna"); evidence.CodeOf(err) != test.want {
				t.Fatalf("got %v, want %q", err, test.want)
			}
			if test.want != "" {
				return
			}
			// The same person again, as after a new version of a key, is asked for again.
			if err := e.UpdateRoster(t.Context(), log, "anna"); err != nil {
				t.Fatal(err)
			}
			if n := c.Count("roster", string(log)+"/anna"); n != 1 {
				t.Errorf("on record %d times", n)
			}
			save(t, e, rosterRun(t, e), "roster", name2file(test.name))
		})
	}
}

// TestRosterWithoutAnybody: nobody works; the caller hears of it in its own
// time.
func TestRosterWithoutAnybody(t *testing.T) {
	e := engine(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Second)
	defer cancel()
	wantCode(t, e.UpdateRoster(ctx, workflowtest.NewID[evidence.CaseID](t), "anna"), evidence.Unavailable)
}

// rosterRun returns the ID of the first Roster workflow of the test.
func rosterRun(t *testing.T, e *workflowtest.Engine) (id string) {
	t.Helper()
	workflowtest.Eventually(t, "the workflows are listed", func() bool {
		found, err := e.Temporal.ListWorkflow(t.Context(), &workflowservice.ListWorkflowExecutionsRequest{
			Query: workflows.AttributeKind + `="` + workflows.RosterType + `"`})
		if err != nil || len(found.GetExecutions()) < 2 {
			return false
		}
		id = found.GetExecutions()[len(found.GetExecutions())-1].GetExecution().GetWorkflowId()
		return true
	})
	return id
}
