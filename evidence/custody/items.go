package custody

import (
	"context"
	"strconv"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
)

// Items returns the items of a case by exhibit number, from cursor (an exhibit
// number; "" for the first) on.
func (s *Service) Items(ctx context.Context, actor evidence.Actor, c evidence.CaseID, cursor string, limit int) (Page[evidence.Item], error) {
	if err := s.allow(ctx, actor, c, act.SeeCase, "case"); err != nil {
		return Page[evidence.Item]{}, err
	}
	from, err := parseCursor(cursor)
	if err != nil {
		return Page[evidence.Item]{}, err
	}
	h, err := s.log(c).refresh(ctx, 0)
	if err != nil {
		return Page[evidence.Item]{}, err
	}
	page := Page[evidence.Item]{Items: []evidence.Item{}, Total: int64(h.said.Counts.Items())}
	limit = evidence.PageLimit(limit)
	for next := max(from, 1); ; {
		tile, err := s.registry.ItemTile(ctx, c, tileOf(next))
		if err != nil {
			return Page[evidence.Item]{}, err
		}
		for _, it := range tile {
			if it.Exhibit < next {
				continue
			}
			if len(page.Items) == limit {
				page.Next = strconv.Itoa(it.Exhibit)
				return page, nil
			}
			it.Locked = h.said.Locks.Until(it.Exhibit, it.Locked)
			page.Items = append(page.Items, it)
		}
		if len(tile) < itemTile {
			return page, nil
		}
		next = (tileOf(next)+1)*itemTile + 1
		if len(page.Items) == limit {
			if next <= h.said.Highest {
				page.Next = strconv.Itoa(next)
			}
			return page, nil
		}
	}
}

// parseCursor reads a place in a list; "" is 0.
func parseCursor(cursor string) (int, error) {
	if cursor == "" {
		return 0, nil
	}
	n, err := strconv.Atoi(cursor)
	if err != nil || n < 0 || n > 1<<40 {
		return 0, evidence.Errorf(evidence.Invalid, "%.20q is not a place in this list", cursor)
	}
	return n, nil
}

// Item returns an item as it stands.
func (s *Service) Item(ctx context.Context, actor evidence.Actor, id evidence.ItemID) (evidence.Item, error) {
	return s.item(ctx, actor, id, act.SeeCase)
}

// item returns an item to an actor who has a permission in its case.
func (s *Service) item(ctx context.Context, actor evidence.Actor, id evidence.ItemID, p act.Permission) (evidence.Item, error) {
	it, err := s.registry.Item(ctx, id)
	if err != nil {
		return evidence.Item{}, hide(err, "item")
	}
	if err := s.allow(ctx, actor, it.Case, p, "item"); err != nil {
		return evidence.Item{}, err
	}
	h, err := s.log(it.Case).refresh(ctx, time.Second)
	if err != nil {
		return evidence.Item{}, err
	}
	it.Locked = h.said.Locks.Until(it.Exhibit, it.Locked)
	return it, nil
}

// ItemLog returns the entries about an item, in the order of the log.
func (s *Service) ItemLog(ctx context.Context, actor evidence.Actor, id evidence.ItemID) ([]evidence.LogEntry, error) {
	it, err := s.item(ctx, actor, id, act.SeeCase)
	if err != nil {
		return nil, err
	}
	return s.entriesOfItem(ctx, it)
}

// ItemSeal returns the item's seal, a DSSE envelope (package seal). An item
// that is not sealed has none: Conflict.
func (s *Service) ItemSeal(ctx context.Context, actor evidence.Actor, id evidence.ItemID) ([]byte, error) {
	it, err := s.item(ctx, actor, id, act.SeeCase)
	if err != nil {
		return nil, err
	}
	if it.Seal.IsZero() {
		return nil, evidence.Errorf(evidence.Conflict, "the item is %s and has no seal", it.State)
	}
	return s.readSeal(ctx, it.Seal)
}
