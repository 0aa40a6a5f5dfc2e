package worker_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/workflowtest"
)

func TestFixityFindsWhatDiffers(t *testing.T) {
	e := engine(t)
	d := deliver(t, e, 90)
	e.Work(t, d.custody.Rooms())
	cs := opened(t, e)
	d.intake.Case = cs.ID
	d.custody.Tamper(d.items[3].ID, []byte("spoiled before sealing")) // quarantined
	d.start(t)
	d.complete(t)
	d.done(t, 89, 1)
	d.custody.Tamper(d.items[50].ID, []byte("spoiled after sealing"))
	d.custody.Lock(d.items[60].ID, time.Now().Add(10*24*time.Hour))
	d.custody.Lock(d.items[3].ID, time.Now().Add(time.Hour))
	d.custody.Before = failTimes("VerifyItem", 1, evidence.Unavailable)

	workflowtest.Eventually(t, "the schedule can be triggered", func() bool {
		return e.Temporal.ScheduleClient().GetHandle(t.Context(), workflows.FixitySchedule(cs.ID)).Trigger(t.Context(), client.ScheduleTriggerOptions{}) == nil
	})
	var got workflows.FixityResult
	workflowtest.Eventually(t, "the case knows the outcome", func() bool {
		status, err := e.CaseStatus(t.Context(), cs.ID)
		if err != nil || status.Fixity == nil {
			return false
		}
		got = *status.Fixity
		return true
	})
	want := workflows.FixityResult{Items: 90, Verified: 88, Skipped: 1, Failed: 1, Extended: 2, Differences: []workflows.FixityDifference{
		{Item: d.items[50].ID, Exhibit: 51, Differs: []string{"the stored bytes have another SHA-256"}},
	}}
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(workflows.FixityResult{}, "At")); diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}
	id := searched(t, e, workflows.AttributeKind+" = '"+workflows.FixityType+"' AND "+workflows.AttributeState+" = 'differs'")
	if !strings.HasPrefix(id, workflows.FixitySchedule(cs.ID)) {
		t.Errorf("the search for differences found %q", id)
	}
	save(t, e, id, "fixity", "one_differs")
}

// searched waits until a search finds a workflow.
func searched(t *testing.T, e *workflowtest.Engine, query string) (id string) {
	t.Helper()
	workflowtest.Eventually(t, "the search finds it", func() bool {
		found, err := e.Temporal.ListWorkflow(t.Context(), &workflowservice.ListWorkflowExecutionsRequest{Query: query})
		if err != nil || len(found.GetExecutions()) == 0 {
			return false
		}
		id = found.GetExecutions()[0].GetExecution().GetWorkflowId()
		return true
	})
	return id
}

func TestVerifyOneItem(t *testing.T) {
	e := engine(t)
	d := deliver(t, e, 2)
	e.Work(t, d.custody.Rooms())
	d.custody.Tamper(d.items[1].ID, []byte("spoiled"))
	anna, ben := workflowtest.Person("anna"), workflowtest.Person("ben")
	verify := func(by evidence.Actor, item evidence.ItemID, request string) evidence.Verification {
		t.Helper()
		v, done, err := e.VerifyItem(t.Context(), workflows.VerifyInput{Actor: by, Item: item, Request: request})
		if err != nil || !done {
			t.Fatalf("verifying: done %v, %v", done, err)
		}
		return v
	}
	if v := verify(anna, d.items[0].ID, "first"); !v.OK || v.Exhibit != 1 {
		t.Errorf("verified %+v", v)
	}
	save(t, e, workflows.VerifyWorkflow(d.items[0].ID, "anna", "first"), "fixity", "verify_equal")
	d.custody.Tamper(d.items[0].ID, []byte("spoiled after the first request"))
	if v := verify(anna, d.items[0].ID, "first"); !v.OK {
		t.Error("the same request was verified again")
	}
	if v := verify(ben, d.items[0].ID, "first"); v.OK {
		t.Error("somebody else's request found the first person's verification")
	}
	if v := verify(anna, d.items[1].ID, "first"); v.OK || len(v.Differs) != 1 {
		t.Errorf("verified %+v", v)
	}
	_, _, err := e.VerifyItem(t.Context(), workflows.VerifyInput{Actor: anna, Item: workflowtest.NewID[evidence.ItemID](t), Request: "x"})
	wantCode(t, err, evidence.NotFound)
	_, _, err = e.VerifyItem(t.Context(), workflows.VerifyInput{Actor: anna, Item: d.items[0].ID})
	wantCode(t, err, evidence.Invalid)
	save(t, e, workflows.VerifyWorkflow(d.items[1].ID, "anna", "first"), "fixity", "verify_differs")
}
