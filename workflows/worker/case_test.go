package worker_test

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/workflowtest"
)

// acts asks that a person does this to a case. The custody of these tests asks
// nobody who signed.
func acts(t *testing.T, id string, c evidence.CaseID, reason string, said ...act.Payload) workflows.ActInput {
	t.Helper()
	in := workflows.ActInput{Case: c}
	for _, p := range said {
		e, err := act.New(c, p, evidence.At(time.Now()), workflowtest.Person(id), rand.Reader, func(e *evidence.Entry) { e.Purpose = reason })
		if err != nil {
			t.Fatal(err)
		}
		raw, err := json.Marshal(e)
		if err != nil {
			t.Fatal(err)
		}
		in.Signed = append(in.Signed, raw)
	}
	return in
}

// opening opens a case of anna, with ben as a member.
func opening(t *testing.T) workflows.ActInput {
	t.Helper()
	c := workflowtest.NewID[evidence.CaseID](t)
	return acts(t, "anna", c, "", act.Opened{Number: "2026-0001", Title: "Payroll", TimeZone: "Europe/Berlin"}, act.MemberAdded{Person: "ben", Name: "Ben"})
}

// move brings a case, as it is here, into another state.
func move(c evidence.Case, to evidence.CaseState) act.Payload {
	return act.Transitioned{From: c.State, To: to, Version: c.Version + 1}
}

func TestCaseFromOpeningToClosing(t *testing.T) {
	e, c := engine(t), workflowtest.NewCustody()
	c.After = failTimes("Record", 1, evidence.Unavailable) // the answer is lost once
	e.Work(t, c.Rooms())
	in := opening(t)
	var now evidence.Case
	for range 2 { // the same opening again is the same case
		opened, err := e.OpenCase(t.Context(), in)
		if err != nil {
			t.Fatal(err)
		}
		if now = opened.Case; now.ID != in.Case || now.Number != "2026-0001" || now.State != evidence.StateIntake || len(opened.Entries) != 2 {
			t.Fatalf("opened %+v", opened)
		}
	}
	if n := c.Count("opened", string(in.Case)); n != 1 {
		t.Errorf("the opening is on record %d times", n)
	}
	_, err := e.OpenCase(t.Context(), acts(t, "mallory", in.Case, "", act.Opened{Number: "2026-0001", Title: "Mine", TimeZone: "UTC"}))
	wantCode(t, err, evidence.NotFound)
	other := acts(t, "anna", workflowtest.NewID[evidence.CaseID](t), "", act.MemberAdded{Person: "carl"})
	_, err = e.Act(t.Context(), workflows.ActInput{Case: in.Case, Signed: other.Signed})
	wantCode(t, err, evidence.Invalid) // of another case

	if _, err := e.Act(t.Context(), acts(t, "anna", in.Case, "", act.MemberAdded{Person: "carl"})); err != nil || c.Count("member-added", "") != 2 {
		t.Fatalf("%d are added, %v", c.Count("member-added", ""), err)
	}
	changed, err := e.Act(t.Context(), acts(t, "anna", in.Case, "first evidence", move(now, evidence.StateOpen)))
	if now = changed.Case; err != nil || now.State != evidence.StateOpen {
		t.Fatalf("changed to %+v, %v", changed, err)
	}
	_, err = e.Act(t.Context(), acts(t, "anna", in.Case, "too early", move(now, evidence.StateTrial)))
	wantCode(t, err, evidence.Conflict)
	if !strings.Contains(err.Error(), "referred, charged, closed") {
		t.Errorf("the refusal %q does not name what is allowed", err)
	}
	if _, err = e.Act(t.Context(), acts(t, "anna", in.Case, "done", move(now, evidence.StateClosed))); err != nil {
		t.Fatal(err)
	}
	status, err := e.CaseStatus(t.Context(), in.Case)
	if err != nil || status.Case.State != evidence.StateClosed {
		t.Fatalf("status %+v, %v", status, err)
	}
	workflowtest.Eventually(t, "fixity is scheduled", func() bool {
		_, err := e.Temporal.ScheduleClient().GetHandle(t.Context(), workflows.FixitySchedule(in.Case)).Describe(t.Context())
		return err == nil
	})
	save(t, e, workflows.CaseWorkflow(in.Case), "casefile", "open_to_closed")
}

func TestCaseThatMayNotBeOpened(t *testing.T) {
	e, c := engine(t), workflowtest.NewCustody()
	c.Before = failTimes("Record", 1, evidence.Forbidden)
	e.Work(t, c.Rooms())
	in := opening(t)
	_, err := e.OpenCase(t.Context(), in)
	wantCode(t, err, evidence.Forbidden)
	if evidence.MessageOf(err) != "Record fails for this test" {
		t.Errorf("the message came back as %q", evidence.MessageOf(err))
	}
	workflowtest.Eventually(t, "the workflow ended, and the case can be opened after all", func() bool {
		_, err := e.OpenCase(t.Context(), in)
		return err == nil
	})
	save(t, e, workflows.CaseWorkflow(in.Case), "casefile", "opened_at_second_try")
}

func TestCaseUnknown(t *testing.T) {
	e := engine(t)
	e.Work(t, workflowtest.NewCustody().Rooms())
	_, err := e.Act(t.Context(), acts(t, "anna", workflowtest.NewID[evidence.CaseID](t), "x", act.MemberAdded{Person: "ben"}))
	wantCode(t, err, evidence.NotFound)
	_, err = e.CaseStatus(t.Context(), workflowtest.NewID[evidence.CaseID](t))
	wantCode(t, err, evidence.NotFound)
}

// A stranger's act goes to custody, which knows who may know of the case; the
// workflow tells nothing of it.
func TestCaseTellsStrangersNothing(t *testing.T) {
	e, c := engine(t), workflowtest.NewCustody()
	e.Work(t, c.Rooms())
	cs := opened(t, e)
	c.Before = func(_ context.Context, op, about string) error {
		if op == "Record" && about == string(evidence.ActTransitioned) {
			return evidence.Errorf(evidence.NotFound, "there is no such case")
		}
		return nil
	}
	_, err := e.Act(t.Context(), acts(t, "mallory", cs.ID, "curious", move(cs, evidence.StateTrial)))
	wantCode(t, err, evidence.NotFound)
	if strings.Contains(err.Error(), "intake") {
		t.Errorf("%q tells the state", err)
	}
}

// Of many transitions at the same time from the same state, one wins.
func TestCaseTransitionsOneAtATime(t *testing.T) {
	e, c := engine(t), workflowtest.NewCustody()
	e.Work(t, c.Rooms())
	cs := opened(t, e)
	var (
		group sync.WaitGroup
		mu    sync.Mutex
		won   int
	)
	for _, who := range []string{"anna", "ben", "carl", "dora", "emil", "fay", "gus", "hal"} {
		in := acts(t, who, cs.ID, "race", move(cs, evidence.StateOpen))
		group.Go(func() {
			_, err := e.Act(t.Context(), in)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else if evidence.CodeOf(err) != evidence.Conflict {
				t.Errorf("lost with %v", err)
			}
		})
	}
	group.Wait()
	if won != 1 {
		t.Errorf("%d of 8 won", won)
	}
	save(t, e, workflows.CaseWorkflow(cs.ID), "casefile", "racing_transitions")
}
