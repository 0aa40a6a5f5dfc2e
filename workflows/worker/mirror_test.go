package worker_test

import (
	"strings"
	"testing"

	"go.temporal.io/sdk/client"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/workflowtest"
)

// TestMirrorRunsOnASchedule: a run waits for servers that are away, and says how many
// logs were behind.
func TestMirrorRunsOnASchedule(t *testing.T) {
	e := engine(t)
	c := workflowtest.NewCustody()
	c.Before = failTimes("MirrorLogs", 2, evidence.Sealed)
	e.Work(t, c.Rooms())
	workflowtest.Eventually(t, "the schedule can be triggered", func() bool {
		return e.Temporal.ScheduleClient().GetHandle(t.Context(), workflows.MirrorSchedule).Trigger(t.Context(), client.ScheduleTriggerOptions{}) == nil
	})
	id := searched(t, e, workflows.AttributeKind+" = '"+workflows.MirrorType+"' AND "+workflows.AttributeState+" = 'mirrored'")
	var got workflows.MirrorResult
	if err := e.Temporal.GetWorkflow(t.Context(), id, "").Get(t.Context(), &got); err != nil || got.Behind != 1 || !strings.HasPrefix(id, workflows.MirrorSchedule) {
		t.Errorf("%s: %+v, %v", id, got, err)
	}
	save(t, e, id, "mirroring", "Vault_sealed_for_a_while")
}
