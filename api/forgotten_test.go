package api_test

import (
	"context"
	"encoding/json"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/state"
	"github.com/sealcase/sealcase/workflows"
)

// forgotten is a world whose workflow server keeps nothing of what has ended,
// as after its retention.
type forgotten struct {
	*world
	disclosure evidence.Disclosure
	counts     state.Counts

	mu      sync.Mutex
	started bool
	set     []evidence.PersonID // for whom a disclosure was set going
}

func gone() error { return evidence.Errorf(evidence.NotFound, "there is no such work under way") }

func (f *forgotten) Disclosure(context.Context, evidence.Actor, evidence.DisclosureID) (evidence.Disclosure, error) {
	return f.disclosure, nil
}

func (f *forgotten) DisclosureProgress(context.Context, evidence.DisclosureID) (workflows.DisclosureProgress, error) {
	return workflows.DisclosureProgress{}, gone()
}

func (f *forgotten) StartDisclosure(_ context.Context, d evidence.Disclosure, actor evidence.Actor) error {
	f.set = append(f.set, actor.ID)
	return nil
}

func (f *forgotten) Intake(context.Context, evidence.Actor, evidence.IntakeID) (evidence.Intake, error) {
	return evidence.Intake{ID: anInput, Case: aCase, OpenedBy: "p-emil"}, nil
}

func (f *forgotten) IntakeStatus(context.Context, evidence.Actor, evidence.IntakeID) (state.Counts, error) {
	return f.counts, nil
}

func (f *forgotten) IntakeProgress(context.Context, evidence.IntakeID) (workflows.IntakeProgress, error) {
	return workflows.IntakeProgress{}, gone()
}

func (f *forgotten) NotifyIntake(context.Context, evidence.IntakeID) error { return f.known() }

func (f *forgotten) CompleteIntake(context.Context, evidence.IntakeID) error { return f.known() }

func (f *forgotten) known() error {
	f.mu.Lock()
	defer f.mu.Unlock()
	if !f.started {
		return gone()
	}
	return nil
}

func (f *forgotten) StartIntake(_ context.Context, in evidence.Intake, actor evidence.Actor) error {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.started = in.ID == anInput && actor.ID == "p-emil"
	return nil
}

func (f *forgotten) config(c *api.Config) { c.Intakes, c.Bundles, c.Uploads, c.Workflows = f, f, f, f }

func decoded[T any](t *testing.T, resp *http.Response, status int) T {
	t.Helper()
	var v T
	if resp.StatusCode != status {
		t.Fatalf("status %d, want %d", resp.StatusCode, status)
	}
	if err := json.NewDecoder(resp.Body).Decode(&v); err != nil {
		t.Fatal(err)
	}
	return v
}

// What has ended can be looked at for as long as its record is kept.
func TestDisclosureOutlivesItsWorkflow(t *testing.T) {
	id := evidence.Derive[evidence.DisclosureID]("x")
	for state, want := range map[evidence.DisclosureState]workflows.DisclosureProgress{
		evidence.DisclosureReady:     {State: evidence.DisclosureReady, Items: 7, OfItems: 7, Bytes: 99, OfBytes: 99},
		evidence.DisclosureFailed:    {State: evidence.DisclosureFailed, Failure: "why", Items: 7, OfItems: 7, Bytes: 99, OfBytes: 99},
		evidence.DisclosureRequested: {State: evidence.DisclosureRequested, OfItems: 7, Bytes: 99, OfBytes: 99},
	} {
		t.Run(string(state), func(t *testing.T) {
			f := &forgotten{world: newWorld(), disclosure: evidence.Disclosure{ID: id, Case: aCase, State: state, Items: 7, Length: 99, By: "p-paula"}}
			if state == evidence.DisclosureFailed {
				f.disclosure.Failure = "why"
			}
			got := decoded[api.DisclosureView](t, do(t, serve(t, f.world, f.config), http.MethodGet, "/api/v1/disclosures/"+string(id), nil, nil), http.StatusOK)
			if diff := cmp.Diff(want, got.Progress); diff != "" {
				t.Error(diff)
			}
			var set []evidence.PersonID // only what was cut off is set going, once, for whoever asked
			if state == evidence.DisclosureRequested {
				set = []evidence.PersonID{"p-paula"}
			}
			if diff := cmp.Diff(set, f.set); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestIntakeOutlivesItsWorkflow(t *testing.T) {
	for name, tc := range map[string]struct {
		counts state.Counts
		want   workflows.IntakeProgress
	}{
		"ended":       {state.Counts{Sealed: 3, Quarantined: 1}, workflows.IntakeProgress{State: workflows.IntakeDone, Received: 4, Sealed: 3, Quarantined: 1}},
		"a late item": {state.Counts{Sealed: 3, Received: 1}, workflows.IntakeProgress{State: workflows.IntakeSealing, Received: 4, Sealed: 3}},
	} {
		t.Run(name, func(t *testing.T) {
			f := &forgotten{world: newWorld(), counts: tc.counts}
			server := serve(t, f.world, f.config)
			got := decoded[api.IntakeView](t, do(t, server, http.MethodGet, "/api/v1/intakes/"+string(anInput), nil, nil), http.StatusOK)
			if diff := cmp.Diff(tc.want, got.Progress); diff != "" {
				t.Error(diff)
			}
			decoded[workflows.IntakeProgress](t, do(t, server, http.MethodPost, "/api/v1/intakes/"+string(anInput)+"/complete", nil, nil), http.StatusAccepted)
			if f.known() != nil {
				t.Error("nobody works on the intake")
			}
		})
	}
}

// An item that comes when its intake's workflow is long gone is sealed all the
// same: a new one is started.
func TestALateItemIsTakenUp(t *testing.T) {
	f := &forgotten{world: newWorld()}
	server := serve(t, f.world, f.config)
	at := create(t, server, 5, "late.txt").Header.Get("Location")
	if resp := patch(t, server, at, 0, "hello", "Repr-Digest", repr("hello")); resp.StatusCode != http.StatusNoContent {
		t.Fatalf("status %d", resp.StatusCode)
	}
	for deadline := time.Now().Add(10 * time.Second); f.known() != nil; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("nobody seals the item")
		}
	}
}
