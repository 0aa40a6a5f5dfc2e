package intake

import (
	"context"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows/pulse"
)

// readers is how many items of a batch are read at the same time. Most are
// small, and waiting for storage is most of the work.
const readers = 4

// reading is what read-back found.
type reading struct {
	digest evidence.Digest // zero when the bytes are gone
	length int64
}

// batch is one attempt at SealBatch.
type batch struct {
	*Activities
	pulse *pulse.Pulse

	mu   sync.Mutex
	done map[evidence.ItemID]reading // read to the end by this attempt
}

// progress is what heartbeats say, for people who look on: how many items were
// read. Nothing is read from it.
func (b *batch) progress() any {
	b.mu.Lock()
	defer b.mu.Unlock()
	return len(b.done)
}

// place is where an item is within the batch.
type place struct {
	id   evidence.ItemID
	item evidence.Item
	err  error // why it could not be read now
}

func (b *batch) run(ctx context.Context, ids []evidence.ItemID) (SealResult, error) {
	states := make([]place, len(ids))
	var group errgroup.Group
	group.SetLimit(readers)
	for i, id := range ids {
		group.Go(func() error {
			states[i].id = id
			states[i].item, states[i].err = b.read(ctx, id)
			return nil
		})
	}
	_ = group.Wait() // each item carries its own error
	if err := ctx.Err(); err != nil {
		return SealResult{}, err
	}
	return b.conclude(ctx, states)
}

// read reads an item back, unless that is no longer asked for.
func (b *batch) read(ctx context.Context, id evidence.ItemID) (evidence.Item, error) {
	it, err := b.Exhibits.Item(ctx, b.Actor, id)
	if err != nil {
		return it, err
	}
	if it.State != evidence.ItemReceived {
		return it, nil
	}
	digest, length, err := b.Sealing.ReadBack(ctx, b.Actor, it, func(int64) { b.pulse.Move() })
	switch evidence.CodeOf(err) {
	case "":
	case evidence.NotFound, evidence.Incomplete, evidence.Tampered, evidence.DigestMismatch, evidence.LengthMismatch:
		// What storage has is not what it took: that is a finding, not a fault.
	default:
		return it, err
	}
	b.pulse.Move()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.done[id] = reading{digest, length}
	return it, nil
}

// conclude seals what is equal and quarantines what is not.
func (b *batch) conclude(ctx context.Context, states []place) (SealResult, error) {
	var (
		result SealResult
		equal  []evidence.Item
		failed error
	)
	for _, s := range states {
		read := b.done[s.item.ID]
		switch {
		case s.err != nil:
			failed = s.err
			result.Left = append(result.Left, s.id)
		case s.item.State == evidence.ItemSealed:
		case s.item.State == evidence.ItemQuarantined:
			result.Quarantined = append(result.Quarantined, s.item.ID)
		case read.digest == s.item.Digest && read.length == s.item.Length:
			equal = append(equal, s.item)
		default:
			if _, err := b.Sealing.Quarantine(ctx, b.Actor, s.item, read.digest, read.length); err != nil {
				return result, err
			}
			result.Quarantined = append(result.Quarantined, s.item.ID)
		}
		b.pulse.Move()
	}
	if len(result.Left) == len(states) && failed != nil {
		return result, failed
	}
	if len(equal) == 0 {
		return result, nil
	}
	sealed, err := b.Sealing.SealItems(ctx, b.Actor, equal)
	for _, it := range sealed {
		if it.State != evidence.ItemSealed { // the log contradicts it: an alarm says so, and nothing is analysed
			result.Left = append(result.Left, it.ID)
		}
	}
	return result, err
}
