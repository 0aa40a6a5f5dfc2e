package worker_test

import (
	"context"
	"strings"
	"sync"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/workflowtest"
)

func TestCaseFromOpeningToClosing(t *testing.T) {
	e, c := engine(t), workflowtest.NewCustody()
	c.After = failTimes("RecordOpening", 1, evidence.Unavailable) // the answer is lost once
	e.Work(t, c)
	anna := workflowtest.Person("anna", evidence.Investigator)
	opening := workflows.OpenCaseInput{Actor: anna, ID: workflowtest.NewID[evidence.CaseID](t), Title: "Payroll", TimeZone: "UTC",
		Signed: [][]byte{[]byte("opens"), []byte("adds")}}
	for range 2 { // the same opening again is the same case
		opened, err := e.OpenCase(t.Context(), opening)
		if err != nil {
			t.Fatal(err)
		}
		if opened.ID != opening.ID || opened.Number != "2026-0001" || opened.State != evidence.StateIntake {
			t.Fatalf("opened %+v", opened)
		}
	}
	if n := c.Count("opened", string(opening.ID)); n != 1 {
		t.Errorf("the opening is on record %d times", n)
	}
	stranger := opening
	stranger.Actor = workflowtest.Person("mallory", evidence.Investigator)
	_, err := e.OpenCase(t.Context(), stranger)
	wantCode(t, err, evidence.NotFound)

	member, err := e.AddMember(t.Context(), workflows.MemberInput{Actor: anna, Case: opening.ID, Person: evidence.Person{ID: "ben", Login: "ben"},
		Signed: [][]byte{[]byte("adds ben")}})
	if err != nil || member.Person != "ben" || member.AddedBy != "anna" {
		t.Fatalf("added %+v, %v", member, err)
	}
	changed, err := e.Transition(t.Context(), workflows.TransitionInput{Actor: anna, Case: opening.ID, To: evidence.StateOpen, Reason: "first evidence",
		Signed: [][]byte{[]byte("moves")}})
	if err != nil || changed.State != evidence.StateOpen {
		t.Fatalf("changed to %+v, %v", changed, err)
	}
	for about, want := range map[string]string{"opened " + string(opening.ID): "opens adds", "member-added ben": "adds ben", "transitioned open": "moves"} {
		act, of, _ := strings.Cut(about, " ")
		if got := c.Signed(act, of); got != want {
			t.Errorf("%s was signed with %q, want %q", about, got, want)
		}
	}
	_, err = e.Transition(t.Context(), workflows.TransitionInput{Actor: anna, Case: opening.ID, To: evidence.StateTrial, Reason: "too early"})
	wantCode(t, err, evidence.Conflict)
	if !strings.Contains(err.Error(), "referred, charged, closed") {
		t.Errorf("the refusal %q does not name what is allowed", err)
	}
	_, err = e.Transition(t.Context(), workflows.TransitionInput{Actor: anna, Case: opening.ID, To: evidence.StateClosed, Reason: " "})
	wantCode(t, err, evidence.Invalid)
	if _, err = e.Transition(t.Context(), workflows.TransitionInput{Actor: anna, Case: opening.ID, To: evidence.StateClosed, Reason: "done"}); err != nil {
		t.Fatal(err)
	}
	status, err := e.CaseStatus(t.Context(), opening.ID)
	if err != nil || status.Case.State != evidence.StateClosed || strings.Join(ids(status.Members), " ") != "anna ben" {
		t.Fatalf("status %+v, %v", status, err)
	}
	workflowtest.Eventually(t, "fixity is scheduled", func() bool {
		_, err := e.Temporal.ScheduleClient().GetHandle(t.Context(), workflows.FixitySchedule(opening.ID)).Describe(t.Context())
		return err == nil
	})
	save(t, e, workflows.CaseWorkflow(opening.ID), "casefile", "open_to_closed")
}

func ids(people []evidence.PersonID) []string {
	var out []string
	for _, p := range people {
		out = append(out, string(p))
	}
	return out
}

func TestCaseThatMayNotBeOpened(t *testing.T) {
	e, c := engine(t), workflowtest.NewCustody()
	c.Before = failTimes("RecordOpening", 1, evidence.Forbidden)
	e.Work(t, c)
	in := workflows.OpenCaseInput{Actor: workflowtest.Person("otto", evidence.Auditor), ID: workflowtest.NewID[evidence.CaseID](t)}
	_, err := e.OpenCase(t.Context(), in)
	wantCode(t, err, evidence.Forbidden)
	if evidence.MessageOf(err) != "RecordOpening fails for this test" {
		t.Errorf("the message came back as %q", evidence.MessageOf(err))
	}
	workflowtest.Eventually(t, "the workflow ended, and the case can be opened after all", func() bool {
		_, err := e.OpenCase(t.Context(), in)
		return err == nil
	})
	save(t, e, workflows.CaseWorkflow(in.ID), "casefile", "opened_at_second_try")
}

func TestCaseUnknown(t *testing.T) {
	e := engine(t)
	e.Work(t, workflowtest.NewCustody())
	_, err := e.Transition(t.Context(), workflows.TransitionInput{Case: workflowtest.NewID[evidence.CaseID](t), To: evidence.StateOpen})
	wantCode(t, err, evidence.NotFound)
	_, err = e.CaseStatus(t.Context(), workflowtest.NewID[evidence.CaseID](t))
	wantCode(t, err, evidence.NotFound)
}

// A stranger's transition goes to custody, which knows who may know of the
// case; the validator must not tell the state.
func TestCaseTellsStrangersNothing(t *testing.T) {
	e, c := engine(t), workflowtest.NewCustody()
	e.Work(t, c)
	cs := opened(t, e)
	c.Before = func(_ context.Context, op, _ string) error {
		if op == "RecordTransition" {
			return evidence.Errorf(evidence.NotFound, "there is no such case")
		}
		return nil
	}
	_, err := e.Transition(t.Context(), workflows.TransitionInput{
		Actor: workflowtest.Person("mallory"), Case: cs.ID, To: evidence.StateTrial, Reason: "curious"})
	wantCode(t, err, evidence.NotFound)
	if strings.Contains(err.Error(), "intake") {
		t.Errorf("%q tells the state", err)
	}
}

// Of many transitions at the same time from the same state, one wins.
func TestCaseTransitionsOneAtATime(t *testing.T) {
	e, c := engine(t), workflowtest.NewCustody()
	e.Work(t, c)
	cs := opened(t, e)
	var (
		group sync.WaitGroup
		mu    sync.Mutex
		won   int
	)
	for range 8 {
		group.Go(func() {
			_, err := e.Transition(t.Context(), workflows.TransitionInput{
				Actor: workflowtest.Person("anna"), Case: cs.ID, To: evidence.StateOpen, Reason: "race"})
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
