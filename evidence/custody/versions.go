package custody

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
)

// addVersions adds the next versions of items. Where one is taken, the item is
// read again and change applied to it, until that is recorded or change says
// that there is nothing to do.
func (s *Service) addVersions(ctx context.Context, versions []evidence.Item, change func(now *evidence.Item, wanted evidence.Item) bool) error {
	taken, err := s.registry.AddItems(ctx, versions)
	if err != nil {
		return err
	}
	for _, i := range taken {
		if _, err := s.revise(ctx, versions[i].ID, func(now *evidence.Item) bool { return change(now, versions[i]) }); err != nil {
			return err
		}
	}
	return nil
}

// revise adds a version of an item that change makes of the highest one, with
// the time of the entry that says so, and returns it, or the item as it is when change reports false.
func (s *Service) revise(ctx context.Context, id evidence.ItemID, change func(*evidence.Item) bool) (evidence.Item, error) {
	for {
		it, err := s.registry.Item(ctx, id)
		if err != nil {
			return evidence.Item{}, evidence.Hide(err, "item")
		}
		if !change(&it) {
			return it, nil
		}
		it.Version++
		if added, err := s.registry.AddItem(ctx, it); added || err != nil {
			return it, err
		}
	}
}

// currentItems returns items of one case as they are now, in the order given.
func (s *Service) currentItems(ctx context.Context, items []evidence.Item) ([]evidence.Item, error) {
	tiles := map[int][]evidence.Item{}
	current := make([]evidence.Item, len(items))
	for i, it := range items {
		if it.Case != items[0].Case || it.Exhibit < 1 {
			return nil, evidence.Errorf(evidence.Invalid, "the items are not of one case")
		}
		tile, ok := tiles[evidence.ItemTileOf(it.Exhibit)]
		if !ok {
			var err error
			if tile, err = s.registry.ItemTile(ctx, it.Case, evidence.ItemTileOf(it.Exhibit)); err != nil {
				return nil, err
			}
			tiles[evidence.ItemTileOf(it.Exhibit)] = tile
		}
		for _, found := range tile {
			if found.ID == it.ID {
				current[i] = found
			}
		}
		if current[i].ID == "" {
			return nil, evidence.NoSuch("item")
		}
	}
	return current, nil
}

// Quarantine sets an item apart whose stored bytes are not what was received.
// Idempotent; only a service may. A sealed item is a Conflict: it was read back
// equal once, and VerifyItem says what became of it.
func (s *Service) Quarantine(ctx context.Context, actor evidence.Actor, item evidence.Item, observed evidence.Digest, read int64) (evidence.Item, error) {
	if err := evidence.OnlyService(actor); err != nil {
		return evidence.Item{}, err
	}
	it, err := s.registry.Item(ctx, item.ID)
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
	e, err := s.entryOf(it.Case, said, actor, func(e *evidence.Entry) { e.AboutItem(it) })
	if err != nil {
		return evidence.Item{}, err
	}
	recorded, err := s.PutOnRecord(ctx, actor, e)
	if err != nil {
		return evidence.Item{}, err
	}
	return s.revise(ctx, it.ID, func(now *evidence.Item) bool {
		if now.State != evidence.ItemReceived {
			return false
		}
		now.State, now.Observed, now.At = evidence.ItemQuarantined, observed, recorded[0].Entry.At
		return true
	})
}

func (s *Service) ensureReceipt(ctx context.Context, actor evidence.Actor, it evidence.Item) error {
	w := &sealing{item: it}
	err := s.receivedAs(ctx, it)
	if w.received = err == nil; err != nil && evidence.CodeOf(err) != evidence.NotFound {
		return err
	}
	if !w.received {
		if err := s.wasUploaded(ctx, it); err != nil {
			return err
		}
	}
	return s.recordReceipts(ctx, actor, []*sealing{w})
}
