package workflowtest

import (
	"context"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/disclose"
	"github.com/sealcase/sealcase/evidence/exhibit"
	"github.com/sealcase/sealcase/evidence/state"
)

// PendingItems implements intake.Custody.
func (c *Custody) PendingItems(ctx context.Context, _ evidence.Actor, id evidence.IntakeID, from, limit int) ([]evidence.Item, int, error) {
	if err := c.before(ctx, "PendingItems", string(id)); err != nil {
		return nil, 0, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	var pending []evidence.Item
	from = max(from, 1)
	for ; from <= len(c.items) && len(pending) < limit; from++ {
		if it := c.items[from-1]; it.Intake == id && it.State == evidence.ItemReceived {
			pending = append(pending, it)
		}
	}
	return pending, from, nil
}

// ReadBack implements intake.Custody.
func (c *Custody) ReadBack(ctx context.Context, _ evidence.Actor, it evidence.Item, progress exhibit.ReadProgress) (evidence.Digest, int64, error) {
	if err := c.before(ctx, "ReadBack", string(it.ID)); err != nil {
		return evidence.Digest{}, 0, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	content := c.content[it.ID]
	if content == nil {
		return evidence.Digest{}, 0, evidence.Errorf(evidence.NotFound, "there is no such object")
	}
	progress(int64(len(content)))
	return evidence.Sum(content), int64(len(content)), nil
}

// SealItems implements intake.Custody.
func (c *Custody) SealItems(ctx context.Context, _ evidence.Actor, items []evidence.Item) ([]evidence.Item, error) {
	if err := c.before(ctx, "SealItems", ""); err != nil {
		return nil, err
	}
	c.mu.Lock()
	var sealed []evidence.Item
	for _, it := range items {
		c.once("sealed", string(it.ID))
		c.find(it.ID).State = evidence.ItemSealed
		sealed = append(sealed, *c.find(it.ID))
	}
	c.mu.Unlock()
	return sealed, c.after(ctx, "SealItems", "")
}

// Quarantine implements intake.Custody.
func (c *Custody) Quarantine(ctx context.Context, _ evidence.Actor, it evidence.Item, observed evidence.Digest, _ int64) (evidence.Item, error) {
	if err := c.before(ctx, "Quarantine", string(it.ID)); err != nil {
		return it, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.once("quarantined", string(it.ID))
	found := c.find(it.ID)
	found.State, found.Observed = evidence.ItemQuarantined, observed
	return *found, nil
}

// IntakeStatus implements intake.Custody.
func (c *Custody) IntakeStatus(_ context.Context, _ evidence.Actor, id evidence.IntakeID) (state.Counts, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	var n state.Counts
	for _, it := range c.items {
		if it.Intake != id {
			continue
		}
		n.Bytes += it.Length
		switch it.State {
		case evidence.ItemSealed:
			n.Sealed++
		case evidence.ItemQuarantined:
			n.Quarantined++
		default:
			n.Received++
		}
	}
	return n, nil
}

// Intake implements fixity.Custody.
func (c *Custody) Intake(ctx context.Context, _ evidence.Actor, id evidence.IntakeID) (evidence.Intake, error) {
	return evidence.Intake{ID: id, FirstExhibit: 1}, c.before(ctx, "Intake", string(id))
}

// CloseIntake implements intake.Custody.
func (c *Custody) CloseIntake(ctx context.Context, _ evidence.Actor, id evidence.IntakeID, counts state.Counts) error {
	if err := c.before(ctx, "CloseIntake", string(id)); err != nil {
		return err
	}
	c.mu.Lock()
	c.once("intake-closed", string(id))
	c.closed[id] = counts
	c.mu.Unlock()
	return c.after(ctx, "CloseIntake", string(id))
}

// VerifyItem implements fixity.Custody.
func (c *Custody) VerifyItem(ctx context.Context, actor evidence.Actor, id evidence.ItemID, progress exhibit.ReadProgress) (evidence.Verification, error) {
	if err := c.before(ctx, "VerifyItem", string(id)); err != nil {
		return evidence.Verification{}, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	it := c.find(id)
	if it == nil {
		return evidence.Verification{}, evidence.Errorf(evidence.NotFound, "there is no such item")
	}
	progress(it.Length)
	c.verify++
	v := evidence.Verification{Item: id, Exhibit: it.Exhibit, Expected: it.Digest, Observed: evidence.Sum(c.content[id]), SealOK: true}
	if v.OK = v.Expected == v.Observed; !v.OK {
		v.Differs = []string{"the stored bytes have another SHA-256"}
	}
	return v, nil
}

// ExtendLocks implements fixity.Custody.
func (c *Custody) ExtendLocks(ctx context.Context, _ evidence.Actor, items []evidence.Item, until evidence.Instant) error {
	if err := c.before(ctx, "ExtendLocks", ""); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, it := range items {
		c.find(it.ID).Locked = until
		c.record = append(c.record, "extended "+string(it.ID))
	}
	return nil
}

// WriteBundle implements disclosure.Custody: three items of a thousand bytes.
func (c *Custody) WriteBundle(ctx context.Context, _ evidence.Actor, id evidence.DisclosureID, progress func(disclose.Progress)) (evidence.Disclosure, error) {
	for i := range 3 {
		progress(disclose.Progress{Items: i, OfItems: 3, Bytes: int64(i) * 1000, OfBytes: 3000})
		if err := c.before(ctx, "WriteBundle", string(id)); err != nil {
			return evidence.Disclosure{}, err
		}
	}
	c.mu.Lock()
	d := c.bundles[id]
	d.State, d.Items, d.Length, d.At = evidence.DisclosureWritten, 3, 3000, evidence.At(time.Now())
	c.bundles[id] = d
	c.once("written", string(id))
	c.mu.Unlock()
	return d, c.after(ctx, "WriteBundle", string(id))
}

// FinishDisclosure implements disclosure.Custody.
func (c *Custody) FinishDisclosure(ctx context.Context, _ evidence.Actor, id evidence.DisclosureID) (evidence.Disclosure, error) {
	if err := c.before(ctx, "FinishDisclosure", string(id)); err != nil {
		return evidence.Disclosure{}, err
	}
	c.mu.Lock()
	d := c.bundles[id]
	d.State = evidence.DisclosureReady
	c.bundles[id] = d
	c.once("disclosed", string(id))
	c.mu.Unlock()
	return d, c.after(ctx, "FinishDisclosure", string(id))
}

// FailDisclosure implements disclosure.Custody.
func (c *Custody) FailDisclosure(ctx context.Context, _ evidence.Actor, id evidence.DisclosureID, message string) error {
	if err := c.before(ctx, "FailDisclosure", string(id)); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	d := c.bundles[id]
	d.State, d.Failure = evidence.DisclosureFailed, message
	c.bundles[id] = d
	c.once("failed", string(id))
	return nil
}
