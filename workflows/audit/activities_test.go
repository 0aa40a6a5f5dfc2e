package audit_test

import (
	"context"
	"testing"

	"go.temporal.io/sdk/testsuite"

	"github.com/sealcase/sealcase/evidence"
	compared "github.com/sealcase/sealcase/evidence/audit"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/audit"
)

// books stands for custody: it keeps which outcomes were put on record.
type books struct{ ended []evidence.Audit }

func (b *books) RaiseAlarms(_ context.Context, _ evidence.Actor, list []evidence.Alarm) ([]evidence.Alarm, error) {
	return list, nil
}

func (b *books) RecordAudit(_ context.Context, _ evidence.Actor, a evidence.Audit) error {
	b.ended = append(b.ended, a)
	return nil
}

// thorough stands for the auditor: it finds one difference in each of two cases,
// and fails behind the first when it is told to.
type thorough struct {
	fails bool
	began []evidence.CaseID
}

func (a *thorough) Run(ctx context.Context, from compared.Progress, raise compared.Raise, report func(compared.Progress)) (compared.Progress, error) {
	a.began = append(a.began, from.After)
	for _, c := range []evidence.CaseID{"case-a", "case-b"} {
		if c <= from.After {
			continue
		}
		if err := raise(ctx, []evidence.Alarm{{ID: evidence.AlarmID(c), Case: c}}); err != nil {
			return from, err
		}
		from.After, from.Cases = c, from.Cases+1
		report(from)
		if a.fails {
			a.fails = false
			return from, evidence.Errorf(evidence.Unavailable, "storage is away")
		}
	}
	return from, nil
}

// TestHeartbeatsAreNotBelieved: whoever runs the engine of workflows can say that
// everything was compared, and that nothing differs. An attempt compares
// everything, and puts on record itself what it came to.
func TestHeartbeatsAreNotBelieved(t *testing.T) {
	b, auditor := &books{}, &thorough{fails: true}
	activities := &audit.Activities{Custody: b, Auditor: auditor}
	suite := testsuite.WorkflowTestSuite{}
	run := func() error {
		env := suite.NewTestActivityEnvironment()
		env.RegisterActivity(activities)
		env.SetHeartbeatDetails(workflows.AuditBeat{Audit: evidence.Audit{ID: "audit-x", State: evidence.AuditDone, Cases: 99}})
		_, err := env.ExecuteActivity(activities.CompareEverything, evidence.Audit{ID: "audit-x", State: evidence.AuditDone, Cases: 77})
		return err
	}
	if err := run(); err == nil || len(b.ended) != 0 {
		t.Fatalf("the first attempt: %v, on record %+v", err, b.ended)
	}
	if err := run(); err != nil {
		t.Fatal(err)
	}
	if len(auditor.began) != 2 || auditor.began[0] != "" || auditor.began[1] != "" {
		t.Errorf("it began after %q", auditor.began)
	}
	if len(b.ended) != 1 || b.ended[0].State != evidence.AuditDone || b.ended[0].Cases != 2 || b.ended[0].Found != 2 || b.ended[0].EndedAt.IsZero() {
		t.Errorf("on record %+v", b.ended)
	}
}

// TestOnlyFailuresAreTold: the engine of workflows cannot have an audit that
// nobody ran put on record as done.
func TestOnlyFailuresAreTold(t *testing.T) {
	b := &books{}
	activities := &audit.Activities{Custody: b, Auditor: &thorough{}}
	suite := testsuite.WorkflowTestSuite{}
	env := suite.NewTestActivityEnvironment()
	env.RegisterActivity(activities)
	if _, err := env.ExecuteActivity(activities.RecordFailure, evidence.Audit{ID: "audit-x", State: evidence.AuditDone, Cases: 77}); err != nil {
		t.Fatal(err)
	}
	if len(b.ended) != 1 || b.ended[0].State != evidence.AuditFailed {
		t.Errorf("on record %+v", b.ended)
	}
}
