package exhibit

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/state"
)

// ReceivedAs returns nil when an item is what its receipt says. It fails with
// NotFound when no receipt is on record, and with Tampered when the registry has
// another item than was received: nothing is signed about it, in anybody's name.
func (x *Exhibits) ReceivedAs(ctx context.Context, it evidence.Item) error {
	e, err := x.book.Log(it.Case).Entry(ctx, act.ReceivedEntry(it.ID))
	if err == nil {
		_, err = AsReceived(it, e.Entry)
	}
	return err
}

// AsReceived is ReceivedAs with the receipt at hand. Until when it is locked is
// not compared: that is moved on.
func AsReceived(it evidence.Item, receipt evidence.Entry) (evidence.Item, error) {
	was, ok := state.Item(evidence.Item{}, receipt)
	now := it // less what comes later
	now.Version, now.State, now.MediaType, now.Seal, now.SealedAt = was.Version, was.State, was.MediaType, was.Seal, was.SealedAt
	now.Observed, now.Locked, now.At = was.Observed, was.Locked, was.At
	if !ok || now != was {
		return was, evidence.Errorf(evidence.Tampered, "the registry says something else of exhibit %d than its receipt: nothing is done with it; tell the supervisor", it.Exhibit)
	}
	return was, nil
}

// OnRecord returns nil when an item is on record as it is in the registry.
func (x *Exhibits) OnRecord(ctx context.Context, it evidence.Item) error {
	err := x.ReceivedAs(ctx, it)
	if evidence.CodeOf(err) == evidence.NotFound {
		err = evidence.Errorf(evidence.Conflict, "the receipt of exhibit %d is not on record yet; try again", it.Exhibit)
	}
	return err
}
