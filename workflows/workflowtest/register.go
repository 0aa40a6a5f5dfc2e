package workflowtest

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/register"
)

// PublishHeads implements register.Custody: one head each time.
func (c *Custody) PublishHeads(ctx context.Context, _ evidence.Actor) (int, error) {
	if err := c.before(ctx, "PublishHeads", ""); err != nil {
		return 0, err
	}
	c.mu.Lock()
	c.heads++
	c.mu.Unlock()
	return 1, c.after(ctx, "PublishHeads", "")
}

// SignRegister implements register.Custody.
func (c *Custody) SignRegister(ctx context.Context, _ evidence.Actor) (int64, error) {
	if err := c.before(ctx, "SignRegister", ""); err != nil {
		return 0, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.heads, nil
}

// AnchorRegister implements register.Custody: of two outsiders the second one is
// away.
func (c *Custody) AnchorRegister(ctx context.Context, _ evidence.Actor) ([]register.Anchoring, error) {
	if err := c.before(ctx, "AnchorRegister", ""); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return []register.Anchoring{
		{Kind: evidence.AnchorWitness, By: "witness.example", Size: c.heads, New: true},
		{Kind: evidence.AnchorTimestamp, By: "https://tsa.example", Size: c.heads, Code: evidence.Unavailable, Message: "away"},
	}, nil
}

// MirrorLogs implements mirroring.Register: one log was behind.
func (c *Custody) MirrorLogs(ctx context.Context, _ evidence.Actor) (int, error) {
	if err := c.before(ctx, "MirrorLogs", ""); err != nil {
		return 0, err
	}
	return 1, c.after(ctx, "MirrorLogs", "")
}
