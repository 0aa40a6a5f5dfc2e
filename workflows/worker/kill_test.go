package worker_test

import (
	"context"
	"testing"

	"github.com/sealcase/sealcase/deploy/local/servers"
	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows/workflowtest"
)

// Temporal is killed while an intake and a disclosure are under way; both go on
// where they were when it is back.
func TestWorkSurvivesTemporalKilled(t *testing.T) {
	stack := servertest.Own(t, servers.Temporal)
	e := workflowtest.NewEngine(t, stack.TemporalAddress)
	d := deliver(t, e, 300)
	reached := make(chan string, 1000)
	goOn, finished := make(chan struct{}), make(chan string, 1000)
	d.custody.After = func(_ context.Context, op, _ string) error {
		select {
		case finished <- op:
		default: // nobody waits any more
		}
		return nil
	}
	d.custody.Before = func(ctx context.Context, op, _ string) error {
		if op == "ReadBack" || op == "WriteBundle" {
			reached <- op
			select {
			case <-goOn:
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	}
	e.Work(t, d.custody.Rooms(), lines{})
	bundle := requested(t, d.custody)
	if err := e.StartDisclosure(t.Context(), bundle, workflowtest.Person("paula")); err != nil {
		t.Fatal(err)
	}
	for op := range reached {
		if op == "WriteBundle" {
			break
		}
	}
	d.start(t)
	d.complete(t)
	for op := range reached {
		if op == "ReadBack" {
			break
		}
	}
	if err := stack.Kill(servers.Temporal); err != nil {
		t.Fatal(err)
	}
	wantCode(t, e.Health(t.Context()), evidence.Unavailable)
	close(goOn) // what is under way ends while nobody can be told
	for op := range finished {
		if op == "WriteBundle" {
			break
		}
	}
	if err := stack.Restart(t.Context(), servers.Temporal); err != nil {
		t.Fatal(err)
	}
	workflowtest.Eventually(t, "Temporal answers", func() bool { return e.Health(t.Context()) == nil })
	d.done(t, 300, 0)
	if p := ended(t, e, bundle.ID); p.State != evidence.DisclosureReady {
		t.Errorf("the disclosure ended as %+v", p)
	}
	if n := d.custody.Count("disclosed", ""); n != 1 {
		t.Errorf("the disclosure is on record %d times", n)
	}
}
