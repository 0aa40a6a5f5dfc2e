package disclosure

import (
	"context"
	"sync"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/disclose"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/pulse"
)

// Custody is what the activities need of the rooms (package rooms).
type Custody interface {
	WriteBundle(ctx context.Context, actor evidence.Actor, id evidence.DisclosureID, progress func(disclose.Progress)) (evidence.Disclosure, error)
	FinishDisclosure(ctx context.Context, actor evidence.Actor, id evidence.DisclosureID) (evidence.Disclosure, error)
	FailDisclosure(ctx context.Context, actor evidence.Actor, id evidence.DisclosureID, message string) error
}

// Activities are the side effects of the Disclosure workflow.
type Activities struct {
	Custody Custody
	Actor   evidence.Actor // the worker
}

// FailInput is why a bundle could not be made.
type FailInput struct {
	Disclosure evidence.DisclosureID `json:"disclosure"`
	Message    string                `json:"message"` // safe to show
}

// WriteBundle writes the bundle into storage and returns how much it holds. Its
// heartbeats are workflows.DisclosureProgress, which Client reads. A retry
// writes anew, unless the bundle is there.
func (a *Activities) WriteBundle(ctx context.Context, id evidence.DisclosureID) (workflows.DisclosureProgress, error) {
	var (
		mu sync.Mutex
		at workflows.DisclosureProgress
	)
	ctx, beat := pulse.Start(ctx, func() any {
		mu.Lock()
		defer mu.Unlock()
		return at
	})
	defer beat.Stop()
	d, err := a.Custody.WriteBundle(ctx, a.Actor, id, func(p disclose.Progress) {
		beat.Move()
		mu.Lock()
		defer mu.Unlock()
		at.Items, at.OfItems, at.Bytes, at.OfBytes = p.Items, p.OfItems, p.Bytes, p.OfBytes
	})
	if err != nil {
		return workflows.DisclosureProgress{}, pulse.Cause(ctx, err)
	}
	return workflows.DisclosureProgress{
		State: d.State, Items: d.Items, OfItems: d.Items, Bytes: d.Length, OfBytes: d.Length,
	}, nil
}

// FinishDisclosure puts the bundle on record. Idempotent.
func (a *Activities) FinishDisclosure(ctx context.Context, id evidence.DisclosureID) error {
	_, err := a.Custody.FinishDisclosure(ctx, a.Actor, id)
	return err
}

// FailDisclosure puts on record that there will be no bundle, and why.
func (a *Activities) FailDisclosure(ctx context.Context, in FailInput) error {
	return a.Custody.FailDisclosure(ctx, a.Actor, in.Disclosure, in.Message)
}
