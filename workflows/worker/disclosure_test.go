package worker_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/workflowtest"
)

func requested(t *testing.T, c *workflowtest.Custody) evidence.Disclosure {
	t.Helper()
	d := evidence.Disclosure{ID: workflowtest.NewID[evidence.DisclosureID](t), Case: workflowtest.NewID[evidence.CaseID](t), State: evidence.DisclosureRequested}
	c.Request(d)
	return d
}

// ended waits until a disclosure is ready or failed.
func ended(t *testing.T, e *workflowtest.Engine, id evidence.DisclosureID) (p workflows.DisclosureProgress) {
	t.Helper()
	workflowtest.Eventually(t, "the disclosure has ended", func() bool {
		var err error
		p, err = e.DisclosureProgress(t.Context(), id)
		return err == nil && (p.State == evidence.DisclosureReady || p.State == evidence.DisclosureFailed)
	})
	return p
}

func TestDisclosureShowsItsProgress(t *testing.T) {
	e, c := engine(t), workflowtest.NewCustody()
	step := make(chan struct{})
	c.Before = func(ctx context.Context, op, _ string) error {
		if op == "WriteBundle" {
			<-step
		}
		return nil
	}
	e.Work(t, c.Rooms())
	d := requested(t, c)
	for range 2 { // idempotent
		if err := e.StartDisclosure(t.Context(), d, workflowtest.Person("paula", evidence.Prosecutor)); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 3 {
		want := workflows.DisclosureProgress{State: evidence.DisclosureRequested, Items: i, OfItems: 3, Bytes: int64(i) * 1000, OfBytes: 3000}
		workflowtest.Eventually(t, "the progress shows", func() bool {
			got, err := e.DisclosureProgress(t.Context(), d.ID)
			return err == nil && got == want
		})
		step <- struct{}{}
	}
	want := workflows.DisclosureProgress{State: evidence.DisclosureReady, Items: 3, OfItems: 3, Bytes: 3000, OfBytes: 3000}
	if diff := cmp.Diff(want, ended(t, e, d.ID)); diff != "" {
		t.Errorf("progress (-want +got):\n%s", diff)
	}
	save(t, e, workflows.DisclosureWorkflow(d.ID), "disclosure", "ready")
}

func TestDisclosureEnds(t *testing.T) {
	tests := map[string]struct {
		prepare func(c *workflowtest.Custody)
		want    evidence.DisclosureState
		failure string
	}{
		"after Vault was sealed": {
			prepare: func(c *workflowtest.Custody) { c.Before = failTimes("FinishDisclosure", 2, evidence.Sealed) },
			want:    evidence.DisclosureReady,
		},
		"after a lost answer": {
			prepare: func(c *workflowtest.Custody) { c.After = failTimes("FinishDisclosure", 1, evidence.Unavailable) },
			want:    evidence.DisclosureReady,
		},
		"failed because evidence is gone": {
			prepare: func(c *workflowtest.Custody) { c.Before = failTimes("WriteBundle", 1, evidence.Tampered) },
			want:    evidence.DisclosureFailed, failure: "WriteBundle fails for this test",
		},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e, c := engine(t), workflowtest.NewCustody()
			tc.prepare(c)
			e.Work(t, c.Rooms())
			d := requested(t, c)
			if err := e.StartDisclosure(t.Context(), d, workflowtest.Person("paula")); err != nil {
				t.Fatal(err)
			}
			if p := ended(t, e, d.ID); p.State != tc.want || p.Failure != tc.failure {
				t.Errorf("ended as %+v", p)
			}
			if ready, failed := c.Count("disclosed", ""), c.Count("failed", ""); ready+failed != 1 {
				t.Errorf("on record %d times as disclosed and %d as failed", ready, failed)
			}
			save(t, e, workflows.DisclosureWorkflow(d.ID), "disclosure", name2file(name))
		})
	}
}

func TestDisclosureSurvivesItsWorker(t *testing.T) {
	e, c := engine(t), workflowtest.NewCustody()
	reached := make(chan struct{}, 10)
	c.Before = func(ctx context.Context, op, _ string) error {
		if op == "WriteBundle" {
			reached <- struct{}{}
			<-ctx.Done()
			return ctx.Err()
		}
		return nil
	}
	kill := e.Work(t, c.Rooms())
	d := requested(t, c)
	if err := e.StartDisclosure(t.Context(), d, workflowtest.Person("paula")); err != nil {
		t.Fatal(err)
	}
	<-reached
	kill()
	c.Before = nil
	e.Work(t, c.Rooms())
	if p := ended(t, e, d.ID); p.State != evidence.DisclosureReady {
		t.Errorf("ended as %+v", p)
	}
	if n := c.Count("disclosed", ""); n != 1 {
		t.Errorf("on record %d times", n)
	}
}

func TestDisclosureUnknown(t *testing.T) {
	e := engine(t)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	_, err := e.DisclosureProgress(ctx, workflowtest.NewID[evidence.DisclosureID](t))
	wantCode(t, err, evidence.NotFound)
}
