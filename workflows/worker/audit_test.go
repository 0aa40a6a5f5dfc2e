package worker_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/audit"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/workflowtest"
)

// comparer stands in for the auditor, which is tested with the real servers: it
// finds what a test wants found, case by case, and fails and waits on demand.
type comparer struct {
	cases []evidence.CaseID
	found map[evidence.CaseID][]evidence.Alarm
	wait  chan struct{} // closed when the audit may end; nil: at once

	mu    sync.Mutex
	fail  map[evidence.CaseID]error // once, before the case
	began []evidence.CaseID         // the After of each run
}

func (c *comparer) Run(ctx context.Context, from audit.Progress, raise audit.Raise, report func(audit.Progress)) (audit.Progress, error) {
	c.mu.Lock()
	c.began = append(c.began, from.After)
	c.mu.Unlock()
	for _, id := range c.cases {
		if id <= from.After {
			continue
		}
		c.mu.Lock()
		err := c.fail[id]
		delete(c.fail, id)
		c.mu.Unlock()
		if err != nil {
			return from, err
		}
		if err := raise(ctx, c.found[id]); err != nil {
			return from, err
		}
		from.After, from.Cases, from.Entries, from.Objects = id, from.Cases+1, from.Entries+10, from.Objects+3
		report(from)
	}
	if c.wait != nil {
		select {
		case <-c.wait:
		case <-ctx.Done():
			return from, ctx.Err()
		}
	}
	return from, nil
}

func newComparer() *comparer {
	c := &comparer{cases: []evidence.CaseID{"case-a", "case-b", "case-c"}, found: map[evidence.CaseID][]evidence.Alarm{}, fail: map[evidence.CaseID]error{}}
	at := evidence.At(time.Unix(1_800_000_000, 0))
	c.found["case-a"] = []evidence.Alarm{evidence.NewAlarm(evidence.AlarmEntry, "case-a", "3", "entry 3 differs", at)}
	c.found["case-c"] = []evidence.Alarm{evidence.NewAlarm(evidence.AlarmLock, "case-c", "x", "the legal hold was lifted", at)}
	return c
}

// audited waits until an audit has ended.
func audited(t *testing.T, e *workflowtest.Engine, id evidence.AuditID) (a evidence.Audit) {
	t.Helper()
	workflowtest.Eventually(t, "the audit ends", func() bool {
		var err error
		a, err = e.AuditProgress(t.Context(), id)
		return err == nil && a.State != evidence.AuditRunning
	})
	return a
}

func TestAuditOnDemand(t *testing.T) {
	e, custody, c := engine(t), workflowtest.NewCustody(), newComparer()
	c.wait, c.fail["case-c"] = make(chan struct{}), evidence.Errorf(evidence.Unavailable, "storage is away")
	e.Auditor = c
	e.Work(t, custody.Rooms())
	in := workflows.AuditInput{Audit: workflowtest.NewID[evidence.AuditID](t), By: "sue"}
	for range 2 { // a request that is repeated
		if err := e.StartAudit(t.Context(), in); err != nil {
			t.Fatal(err)
		}
	}
	workflowtest.Eventually(t, "progress shows", func() bool {
		a, err := e.AuditProgress(t.Context(), in.Audit)
		return err == nil && a.State == evidence.AuditRunning && a.Cases == 3 && a.Found == 2
	})
	close(c.wait)
	want := evidence.Audit{
		ID: in.Audit, State: evidence.AuditDone, By: "sue", Cases: 3, Entries: 30, Objects: 9, Found: 2,
		Alarms: []evidence.AlarmID{c.found["case-a"][0].ID, c.found["case-c"][0].ID},
	}
	got := audited(t, e, in.Audit)
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(evidence.Audit{}, "StartedAt", "EndedAt")); diff != "" || got.StartedAt.IsZero() || got.EndedAt.IsZero() {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]evidence.CaseID{"", ""}, c.began); diff != "" {
		t.Errorf("after the outage it began (-want +got):\n%s", diff)
	}
	if custody.Count("alarm", "") != 2 || custody.Count("audit done", string(in.Audit)) != 1 {
		t.Error("not on record once")
	}
	save(t, e, workflows.AuditWorkflow(in.Audit), "audit", "storage_away_for_a_while")
	_, err := e.AuditProgress(t.Context(), workflowtest.NewID[evidence.AuditID](t))
	wantCode(t, err, evidence.NotFound)
}

func TestAuditThatFails(t *testing.T) {
	e, c := engine(t), newComparer()
	c.fail["case-b"] = evidence.Errorf(evidence.Forbidden, "the worker may not read the keys")
	e.Auditor = c
	e.Work(t, workflowtest.NewCustody().Rooms())
	in := workflows.AuditInput{Audit: workflowtest.NewID[evidence.AuditID](t), By: "sue"}
	if err := e.StartAudit(t.Context(), in); err != nil {
		t.Fatal(err)
	}
	if a := audited(t, e, in.Audit); a.State != evidence.AuditFailed || a.Failure != "the worker may not read the keys" {
		t.Errorf("audit %+v", a)
	}
	save(t, e, workflows.AuditWorkflow(in.Audit), "audit", "failed")
}

func TestAuditOnASchedule(t *testing.T) {
	e, custody, c := engine(t), workflowtest.NewCustody(), newComparer()
	e.Auditor, e.Audits = c, time.Hour
	e.Work(t, custody.Rooms())()
	e.Audits = 2 * time.Second // a worker that is told otherwise
	e.Work(t, custody.Rooms())
	workflowtest.Eventually(t, "two audits ran", func() bool { return custody.Count("audit done", "") >= 2 })
	if n := custody.Count("alarm", ""); n != 2 {
		t.Errorf("%d alarms on record, want each once: 2", n)
	}
	searched(t, e, workflows.AttributeKind+" = '"+workflows.AuditType+"' AND "+workflows.AttributeState+" = 'differs'")
}
