package exhibit

import (
	"context"
	"strconv"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
)

// Items returns the items of a case by exhibit number, from cursor (an exhibit
// number; "" for the first) on. The registry says which there are, and the log
// what they are: a row that says something else is not shown as it is.
func (s *Service) Items(ctx context.Context, actor evidence.Actor, c evidence.CaseID, cursor string, limit int) (evidence.Page[evidence.Item], error) {
	if err := s.clerk.Allow(ctx, actor, c, act.SeeCase, "case"); err != nil {
		return evidence.Page[evidence.Item]{}, err
	}
	from, err := parseCursor(cursor)
	if err != nil {
		return evidence.Page[evidence.Item]{}, err
	}
	h, err := s.book.Log(c).Head(ctx, 0)
	if err != nil {
		return evidence.Page[evidence.Item]{}, err
	}
	rows, next, err := s.itemRows(ctx, c, max(from, 1), evidence.PageLimit(limit), h.Said.Highest)
	if err != nil {
		return evidence.Page[evidence.Item]{}, err
	}
	page := evidence.Page[evidence.Item]{Total: int64(h.Said.Counts.Items())}
	if next > 0 {
		page.Next = strconv.Itoa(next)
	}
	page.Items, err = s.AsSaid(ctx, h, c, rows)
	return page, err
}

// itemRows returns at most limit rows of items from an exhibit number on, and the
// number that the next page begins with; 0 at the end.
func (s *Service) itemRows(ctx context.Context, c evidence.CaseID, from, limit, highest int) (rows []evidence.Item, next int, err error) {
	for {
		tile, err := s.store.ItemTile(ctx, c, evidence.ItemTileOf(from))
		if err != nil {
			return nil, 0, err
		}
		for _, it := range tile {
			if it.Exhibit < from {
				continue
			}
			if len(rows) == limit {
				return rows, it.Exhibit, nil
			}
			rows = append(rows, it)
		}
		if from = (evidence.ItemTileOf(from)+1)*evidence.ItemTile + 1; from > highest {
			return rows, 0, nil
		}
		if len(rows) == limit {
			return rows, from, nil
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

// item returns an item to an actor who has a permission in its case, as the log
// has it. The registry says only in which case to look.
func (s *Service) item(ctx context.Context, actor evidence.Actor, id evidence.ItemID, p act.Permission) (evidence.Item, error) {
	row, err := s.store.Item(ctx, id)
	if err != nil {
		return evidence.Item{}, evidence.Hide(err, "item")
	}
	h, err := s.clerk.Enter(ctx, actor, row.Case, p, "item")
	if err != nil {
		return evidence.Item{}, err
	}
	it, _, err := s.Said(ctx, h, row.Case, id)
	return it, evidence.Hide(err, "item")
}

// ItemLog returns the entries about an item, in the order of the log.
func (s *Service) ItemLog(ctx context.Context, actor evidence.Actor, id evidence.ItemID) ([]evidence.LogEntry, error) {
	it, err := s.item(ctx, actor, id, act.SeeCase)
	if err != nil {
		return nil, err
	}
	return s.EntriesOf(ctx, it)
}

// ItemSeal returns the item's seal, a DSSE envelope (package seal). An item
// that is not sealed has none: Conflict.
func (s *Service) ItemSeal(ctx context.Context, actor evidence.Actor, id evidence.ItemID) ([]byte, error) {
	it, err := s.item(ctx, actor, id, act.SeeCase)
	if err != nil {
		return nil, err
	}
	if it.State != evidence.ItemSealed {
		return nil, evidence.Errorf(evidence.Conflict, "the item is %s and has no seal", it.State)
	}
	return s.OpenSeal(ctx, it)
}
