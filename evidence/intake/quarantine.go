package intake

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
)

// Quarantine sets an item apart whose stored bytes are not what was received.
// Idempotent; only a service may. A sealed item is a Conflict: it was read back
// equal once, and VerifyItem says what became of it.
func (s *Sealing) Quarantine(ctx context.Context, actor evidence.Actor, item evidence.Item, observed evidence.Digest, read int64) (evidence.Item, error) {
	if err := evidence.OnlyService(actor); err != nil {
		return evidence.Item{}, err
	}
	it, err := s.store.Item(ctx, item.ID)
	switch {
	case err != nil:
		return evidence.Item{}, evidence.Hide(err, "item")
	case it.State == evidence.ItemSealed:
		return evidence.Item{}, evidence.Errorf(evidence.Conflict, "the item is sealed and cannot be quarantined")
	case it.State == evidence.ItemQuarantined:
		return it, nil
	}
	if err := s.ensureReceipt(ctx, actor, it); err != nil {
		return evidence.Item{}, err
	}
	said := act.Quarantined{Intake: it.Intake, Observed: observed, Read: read}
	if observed.IsZero() && read == it.Length && !it.Collection.IsZero() {
		said.Why = "the bytes are not the collection that its receipt says they are"
	}
	e, err := act.New(it.Case, said, s.now(), actor, s.random, func(e *evidence.Entry) { e.AboutItem(it) })
	if err != nil {
		return evidence.Item{}, err
	}
	recorded, err := s.clerk.PutOnRecord(ctx, actor, e)
	if err != nil {
		return evidence.Item{}, err
	}
	return s.exhibits.Revise(ctx, it.ID, func(now *evidence.Item) bool {
		if now.State != evidence.ItemReceived {
			return false
		}
		now.State, now.Observed, now.At = evidence.ItemQuarantined, observed, recorded[0].Entry.At
		return true
	})
}

func (s *Sealing) ensureReceipt(ctx context.Context, actor evidence.Actor, it evidence.Item) error {
	w := &sealing{item: it}
	err := s.exhibits.ReceivedAs(ctx, it)
	if w.received = err == nil; err != nil && evidence.CodeOf(err) != evidence.NotFound {
		return err
	}
	if !w.received {
		if err := s.uploads.wasUploaded(ctx, it); err != nil {
			return err
		}
	}
	return s.recordReceipts(ctx, actor, []*sealing{w})
}
