package worker_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.temporal.io/sdk/testsuite"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/analyze"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/analysis"
	"github.com/sealcase/sealcase/workflows/audit"
	"github.com/sealcase/sealcase/workflows/fixity"
	"github.com/sealcase/sealcase/workflows/intake"
	"github.com/sealcase/sealcase/workflows/workflowtest"
)

// touched counts what custody is asked to do, by operation.
type touched struct {
	mu    sync.Mutex
	count map[string]int
}

func watch(c *workflowtest.Custody) *touched {
	seen := &touched{count: map[string]int{}}
	c.Before = func(_ context.Context, operation, _ string) error {
		seen.mu.Lock()
		defer seen.mu.Unlock()
		seen.count[operation]++
		return nil
	}
	return seen
}

// after returns an attempt after one whose heartbeat said what is forged.
func after(forged any) *testsuite.TestActivityEnvironment {
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	env.SetHeartbeatDetails(forged)
	return env
}

// TestForgedHeartbeats writes, as whoever administers the engine can, that an
// earlier attempt had read, analysed or compared everything: nothing is skipped
// for it, and nothing that it says comes out.
func TestForgedHeartbeats(t *testing.T) {
	t.Parallel()
	worker := evidence.ServiceActor("worker")
	c := workflowtest.NewCustody()
	cs, in := workflowtest.NewID[evidence.CaseID](t), workflowtest.NewID[evidence.IntakeID](t)
	var ids []evidence.ItemID
	for i := range 5 {
		ids = append(ids, c.Receive(cs, in, fmt.Sprint(i), []byte("evidence")).ID)
	}
	c.Tamper(ids[3], []byte("something else"))
	seen := watch(c)

	read := map[evidence.ItemID]any{}
	for _, id := range ids {
		read[id] = map[string]any{"sha256": evidence.Sum([]byte("evidence")), "length": len("evidence")}
	}
	t.Run("sealing", func(t *testing.T) {
		a := &intake.Activities{Intakes: c, Sealing: c, Exhibits: c, Actor: worker}
		env := after(map[string]any{"read": read, "partial": map[evidence.ItemID][]byte{ids[0]: []byte("state")}})
		env.RegisterActivity(a)
		var got intake.SealResult
		do(t, env, a.SealBatch, intake.SealInput{Intake: in, Items: ids}, &got)
		if diff := cmp.Diff(intake.SealResult{Quarantined: []evidence.ItemID{ids[3]}}, got); diff != "" || seen.count["ReadBack"] != 5 {
			t.Errorf("read back %d of 5 (-want +got):\n%s", seen.count["ReadBack"], diff)
		}
	})
	c.Tamper(ids[1], []byte("changed since"))
	t.Run("verifying a range", func(t *testing.T) {
		a := &fixity.Activities{Cases: c, Exhibits: c, Deliveries: c, Actor: worker}
		env := after(map[string]any{"next": 6, "state": []byte("state"), "result": workflows.FixityResult{Items: 5, Verified: 5}})
		env.RegisterActivity(a)
		var got workflows.FixityResult
		do(t, env, a.VerifyRange, fixity.RangeInput{Case: cs, From: 1, Limit: 10}, &got)
		if got.Items != 5 || got.Verified != 3 || got.Failed != 1 || got.Skipped != 1 || seen.count["VerifyItem"] != 4 {
			t.Errorf("%d verified: %+v", seen.count["VerifyItem"], got)
		}
	})
	t.Run("verifying one", func(t *testing.T) {
		before := seen.count["VerifyItem"]
		a := &fixity.Activities{Cases: c, Exhibits: c, Deliveries: c, Actor: worker}
		env := after([]byte("state of a hash that never was"))
		env.RegisterActivity(a)
		var got evidence.Verification
		do(t, env, a.VerifyOne, workflows.VerifyInput{Actor: worker, Item: ids[1]}, &got)
		if got.OK || seen.count["VerifyItem"] != before+1 {
			t.Errorf("%+v", got)
		}
	})
	t.Run("analysing", func(t *testing.T) {
		a := &analysis.Activities{Custody: c, Actor: worker, Runner: &analyze.Runner{Analyzers: []analyze.Analyzer{lines{}}}}
		env := after(map[string]any{"done": 5, "result": workflows.AnalysisResult{Analysed: 5}})
		env.RegisterActivity(a)
		var got workflows.AnalysisResult
		do(t, env, a.AnalyseItems, workflows.AnalysisInput{Items: ids}, &got)
		if got.Analysed != 5 || seen.count["OpenForAnalysis"] != 5 {
			t.Errorf("%d of 5 opened: %+v", seen.count["OpenForAnalysis"], got)
		}
	})
	t.Run("comparing", func(t *testing.T) {
		compared := newComparer()
		a := &audit.Activities{Custody: c, Auditor: compared, Actor: worker}
		forged := evidence.Audit{Cases: 1000, Entries: 1 << 40, Objects: 1 << 40}
		env := after(map[string]any{"audit": forged, "after": "case-z"})
		env.RegisterActivity(a)
		var got evidence.Audit
		do(t, env, a.CompareEverything, forged, &got) // what the engine hands over says so, too
		if got.Cases != 3 || got.Entries != 30 || got.Objects != 9 || got.Found != 2 || len(got.Alarms) != 2 {
			t.Errorf("audit %+v", got)
		}
		if diff := cmp.Diff([]evidence.CaseID{""}, compared.began); diff != "" {
			t.Errorf("it began (-want +got):\n%s", diff)
		}
	})
}

// do runs an activity.
func do(t *testing.T, env *testsuite.TestActivityEnvironment, activity, input, result any) {
	t.Helper()
	value, err := env.ExecuteActivity(activity, input)
	if err != nil {
		t.Fatal(err)
	}
	if err := value.Get(result); err != nil {
		t.Fatal(err)
	}
}
