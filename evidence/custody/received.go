package custody

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/state"
)

// receivedAs returns nil when an item is what its receipt says. It fails with
// NotFound when no receipt is on record, and with Tampered when the registry has
// another item than was received: nothing is signed about it, in anybody's name.
func (s *Service) receivedAs(ctx context.Context, it evidence.Item) error {
	e, err := s.book.Log(it.Case).Entry(ctx, act.ReceivedEntry(it.ID))
	if err == nil {
		_, err = asReceived(it, e.Entry)
	}
	return err
}

// asReceived is receivedAs with the receipt at hand. Until when it is locked is
// not compared: that is moved on.
func asReceived(it evidence.Item, receipt evidence.Entry) (evidence.Item, error) {
	was, ok := state.Item(evidence.Item{}, receipt)
	now := it // less what comes later
	now.Version, now.State, now.MediaType, now.Seal, now.SealedAt = was.Version, was.State, was.MediaType, was.Seal, was.SealedAt
	now.Observed, now.Locked, now.At = was.Observed, was.Locked, was.At
	if !ok || now != was {
		return was, evidence.Errorf(evidence.Tampered, "the registry says something else of exhibit %d than its receipt: nothing is done with it; tell the supervisor", it.Exhibit)
	}
	return was, nil
}

// onRecord returns nil when an item is on record as it is in the registry.
func (s *Service) onRecord(ctx context.Context, it evidence.Item) error {
	err := s.receivedAs(ctx, it)
	if evidence.CodeOf(err) == evidence.NotFound {
		err = evidence.Errorf(evidence.Conflict, "the receipt of exhibit %d is not on record yet; try again", it.Exhibit)
	}
	return err
}
