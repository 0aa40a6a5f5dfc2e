package worker_test

import (
	"context"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.temporal.io/sdk/client"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/workflowtest"
)

// registered triggers the schedule and waits until a run has ended.
func registered(t *testing.T, e *workflowtest.Engine, state string) (id string, got workflows.RegisterResult) {
	t.Helper()
	workflowtest.Eventually(t, "the schedule can be triggered", func() bool {
		return e.Temporal.ScheduleClient().GetHandle(t.Context(), workflows.RegisterSchedule).Trigger(t.Context(), client.ScheduleTriggerOptions{}) == nil
	})
	id = searched(t, e, workflows.AttributeKind+" = '"+workflows.RegisterType+"' AND "+workflows.AttributeState+" = '"+state+"'")
	if !strings.HasPrefix(id, workflows.RegisterSchedule) {
		t.Errorf("the search found %q", id)
	}
	if err := e.Temporal.GetWorkflow(t.Context(), id, "").Get(t.Context(), &got); err != nil {
		t.Error(err)
	}
	return id, got
}

// TestRegisterRunsOnASchedule: an outsider that is away is a result, and no
// failure.
func TestRegisterRunsOnASchedule(t *testing.T) {
	e := engine(t)
	e.Work(t, workflowtest.NewCustody().Rooms())
	id, got := registered(t, e, "waiting")
	if diff := cmp.Diff(workflows.RegisterResult{Published: 1, Size: 1, Behind: []string{"https://tsa.example"}}, got); diff != "" {
		t.Errorf("result (-want +got):\n%s", diff)
	}
	save(t, e, id, "register", "one_outsider_away")
}

// TestRegisterWaitsForOurOwnServers: each step is tried again, and a head that
// was registered while the answer was lost is not registered twice.
func TestRegisterWaitsForOurOwnServers(t *testing.T) {
	e := engine(t)
	c := workflowtest.NewCustody()
	sealed, away, lost := failTimes("SignRegister", 2, evidence.Sealed), failTimes("AnchorRegister", 1, evidence.Unavailable), failTimes("PublishHeads", 1, evidence.Unavailable)
	c.Before = func(ctx context.Context, operation, about string) error {
		if err := sealed(ctx, operation, about); err != nil {
			return err
		}
		return away(ctx, operation, about)
	}
	c.After = lost
	e.Work(t, c.Rooms())
	id, got := registered(t, e, "waiting")
	if got.Published != 1 || got.Size != 2 {
		t.Errorf("%+v", got)
	}
	save(t, e, id, "register", "Vault_sealed_for_a_while")
}
