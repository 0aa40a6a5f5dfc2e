package worker_test

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/analyze"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/workflowtest"
)

// lines is an analyzer that finds every line.
type lines struct{}

func (lines) Name() string    { return "lines" }
func (lines) Version() string { return "1" }
func (lines) Analyze(_ context.Context, in analyze.Input, emit func(evidence.Finding) error) error {
	raw, err := io.ReadAll(in.Content)
	for line := range strings.Lines(string(raw)) {
		if err := emit(evidence.Finding{Kind: "line", Value: line}); err != nil {
			return err
		}
	}
	return err
}

// delivery is an intake under test.
type delivery struct {
	*workflowtest.Engine
	custody *workflowtest.Custody
	intake  evidence.Intake
	items   []evidence.Item
}

func deliver(t *testing.T, e *workflowtest.Engine, items int) *delivery {
	t.Helper()
	d := &delivery{Engine: e, custody: workflowtest.NewCustody()}
	d.intake = evidence.Intake{ID: workflowtest.NewID[evidence.IntakeID](t), Case: workflowtest.NewID[evidence.CaseID](t), FirstExhibit: 1}
	d.receive(items)
	return d
}

func (d *delivery) receive(items int) {
	for range items {
		n := len(d.items)
		d.items = append(d.items, d.custody.Receive(d.intake.Case, d.intake.ID, fmt.Sprintf("%d.log", n), fmt.Appendf(nil, "line %d\n", n)))
	}
}

func (d *delivery) start(t *testing.T) {
	t.Helper()
	if err := d.StartIntake(t.Context(), d.intake, workflowtest.Person("emil", evidence.Examiner)); err != nil {
		t.Fatal(err)
	}
}

func (d *delivery) complete(t *testing.T) {
	t.Helper()
	if err := d.CompleteIntake(t.Context(), d.intake.ID); err != nil {
		t.Fatal(err)
	}
}

// done waits for the end and compares the progress.
func (d *delivery) done(t *testing.T, sealed, quarantined int) {
	t.Helper()
	var got workflows.IntakeProgress
	workflowtest.Eventually(t, "the intake is done", func() bool {
		var err error
		got, err = d.IntakeProgress(t.Context(), d.intake.ID)
		return err == nil && got.State == workflows.IntakeDone
	})
	want := workflows.IntakeProgress{State: workflows.IntakeDone, Received: sealed + quarantined, Sealed: sealed, Quarantined: quarantined, Analysed: sealed}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
	d.onRecord(t, sealed, quarantined)
}

// onRecord checks that nothing is lost and nothing is doubled.
func (d *delivery) onRecord(t *testing.T, sealed, quarantined int) {
	t.Helper()
	for act, want := range map[string]int{"sealed": sealed, "quarantined": quarantined, "analysed": sealed, "intake-closed": 1} {
		if n := d.custody.Count(act, ""); n != want {
			t.Errorf("%q is on record %d times, want %d", act, n, want)
		}
	}
}

func TestIntakeSealsQuarantinesAndAnalyses(t *testing.T) {
	e := engine(t)
	d := deliver(t, e, 250)
	d.custody.Tamper(d.items[7].ID, []byte("line 8\n")) // changed in storage
	d.custody.Tamper(d.items[230].ID, nil)              // gone from storage
	e.Work(t, d.custody.Rooms(), lines{})
	d.start(t)
	d.start(t) // idempotent
	workflowtest.Eventually(t, "the first items are sealed", func() bool {
		p, err := d.IntakeProgress(t.Context(), d.intake.ID)
		return err == nil && p.Sealed == 248
	})
	d.receive(3)
	if err := d.NotifyIntake(t.Context(), d.intake.ID); err != nil {
		t.Fatal(err)
	}
	d.complete(t)
	d.done(t, 251, 2)
	d.complete(t) // of one that ended: nothing
	unknown := workflowtest.NewID[evidence.IntakeID](t)
	wantCode(t, d.NotifyIntake(t.Context(), unknown), evidence.NotFound)
	wantCode(t, d.CompleteIntake(t.Context(), unknown), evidence.NotFound)
	save(t, e, workflows.IntakeWorkflow(d.intake.ID), "intake", "sealed_and_quarantined")
	save(t, e, workflows.AnalysisWorkflow(d.intake.ID, 0), "analysis", "batch")

	d.receive(1) // too late for it
	if err := d.NotifyIntake(t.Context(), d.intake.ID); err != nil {
		t.Fatal(err)
	}
	workflowtest.Eventually(t, "the late item is analysed", func() bool { return d.custody.Count("analysed", "") == 252 })
	d.done(t, 252, 2)
	save(t, e, workflows.IntakeWorkflow(d.intake.ID), "intake", "taken_up_again")
	if err := d.NotifyIntake(t.Context(), d.intake.ID); err != nil { // for nothing
		t.Fatal(err)
	}
	d.done(t, 252, 2)
}

// An operator may end a workflow by hand; what it still had to seal is taken up
// with the next item.
func TestIntakeThatWasTerminatedIsTakenUpAgain(t *testing.T) {
	e := engine(t)
	d := deliver(t, e, 3)
	d.start(t)
	if err := e.Temporal.TerminateWorkflow(t.Context(), workflows.IntakeWorkflow(d.intake.ID), "", "by hand"); err != nil {
		t.Fatal(err)
	}
	e.Work(t, d.custody.Rooms(), lines{})
	d.receive(1)
	if err := d.NotifyIntake(t.Context(), d.intake.ID); err != nil {
		t.Fatal(err)
	}
	d.complete(t)
	d.done(t, 4, 0)
}

func TestIntakeOfNothing(t *testing.T) {
	e := engine(t)
	d := deliver(t, e, 0)
	e.Work(t, d.custody.Rooms())
	d.start(t)
	d.complete(t)
	d.done(t, 0, 0)
	save(t, e, workflows.IntakeWorkflow(d.intake.ID), "intake", "empty")
}

func TestIntakeGoesOnAfterFailures(t *testing.T) {
	tests := map[string]func(d *delivery){
		"Vault sealed":              func(d *delivery) { d.custody.Before = failTimes("SealItems", 3, evidence.Sealed) },
		"answer to sealing lost":    func(d *delivery) { d.custody.After = failTimes("SealItems", 1, evidence.Unavailable) },
		"answer to recording lost":  func(d *delivery) { d.custody.After = failTimes("RecordAnalysis", 1, evidence.Unavailable) },
		"answer to closing lost":    func(d *delivery) { d.custody.After = failTimes("CloseIntake", 1, evidence.Unavailable) },
		"store unsafe for a while":  func(d *delivery) { d.custody.Before = failTimes("SealItems", 1, evidence.StorageUnsafe) },
		"one item unreadable":       func(d *delivery) { d.custody.Before = failTimes("ReadBack", 1, evidence.Unavailable) },
		"storage away":              func(d *delivery) { d.custody.Before = failTimes("ReadBack", 25, evidence.Unavailable) },
		"registry away":             func(d *delivery) { d.custody.Before = failTimes("PendingItems", 2, evidence.Unavailable) },
		"not readable for analysis": func(d *delivery) { d.custody.Before = failTimes("OpenForAnalysis", 1, evidence.Unavailable) },
	}
	for name, prepare := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := engine(t)
			d := deliver(t, e, 10)
			prepare(d)
			e.Work(t, d.custody.Rooms(), lines{})
			d.start(t)
			d.complete(t)
			d.done(t, 10, 0)
			save(t, e, workflows.IntakeWorkflow(d.intake.ID), "intake", name2file(name))
		})
	}
}

// The worker dies while it reads, and again when it has sealed and nobody knows.
func TestIntakeSurvivesItsWorker(t *testing.T) {
	for _, operation := range []string{"ReadBack", "SealItems", "RecordAnalysis"} {
		t.Run(operation, func(t *testing.T) {
			t.Parallel()
			e := engine(t)
			d := deliver(t, e, 20)
			var dead atomic.Bool
			reached := make(chan struct{}, 100)
			hang := func(ctx context.Context, op, _ string) error {
				if op != operation || dead.Load() {
					return nil
				}
				reached <- struct{}{}
				<-ctx.Done() // it never reports back what it did
				return ctx.Err()
			}
			if operation == "ReadBack" {
				d.custody.Before = hang
			} else {
				d.custody.After = hang
			}
			kill := e.Work(t, d.custody.Rooms(), lines{})
			d.start(t)
			d.complete(t)
			<-reached
			dead.Store(true)
			kill()
			e.Work(t, d.custody.Rooms(), lines{})
			d.done(t, 20, 0)
		})
	}
}
