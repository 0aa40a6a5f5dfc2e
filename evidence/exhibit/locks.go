package exhibit

import (
	"cmp"
	"context"
	"log/slog"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/internal/parallel"
)

// ExtendLocks keeps the data and seals of items of one case locked until at
// least until. One entry when something moved, naming the exhibits; the items
// show the later time from then on. Items whose data or seal storage has lost
// are left out, so that one loss does not cost the others their locks:
// VerifyItem is what reports it. Idempotent; only a service may.
func (s *Service) ExtendLocks(ctx context.Context, actor evidence.Actor, items []evidence.Item, until evidence.Instant) error {
	if err := evidence.OnlyService(actor); err != nil || len(items) == 0 {
		return err
	}
	current, err := s.Current(ctx, items)
	if err != nil {
		return err
	}
	h, err := s.book.Log(items[0].Case).Head(ctx, 0)
	if err != nil {
		return err
	}
	due := slices.DeleteFunc(current, func(it evidence.Item) bool {
		return !h.Said.Locks.Until(it.Exhibit, it.Locked).Time().Before(until.Time())
	})
	if len(due) == 0 {
		return nil
	}
	moved := make([]bool, len(due))
	err = parallel.Each(ctx, len(due), func(ctx context.Context, i int) error {
		err := s.extendItem(ctx, due[i], until)
		if moved[i] = err == nil; IsLoss(err) {
			s.logger.ErrorContext(ctx, "extending the lock of an item that storage has lost",
				slog.String("item", string(due[i].ID)), slog.Any("error", err))
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	var extended []evidence.Item
	for i, it := range due {
		if moved[i] {
			extended = append(extended, it)
		}
	}
	if len(extended) == 0 {
		return nil
	}
	return s.recordExtended(ctx, actor, extended, until)
}

// extendItem extends what storage has of an item; that one of its two objects
// is lost does not keep the other from being locked.
func (s *Service) extendItem(ctx context.Context, it evidence.Item, until evidence.Instant) error {
	err := s.objects.Extend(ctx, it.Data, until)
	if err != nil && !IsLoss(err) || it.Seal.IsZero() {
		return err
	}
	return cmp.Or(s.objects.Extend(ctx, it.Seal, until), err)
}

func (s *Service) recordExtended(ctx context.Context, actor evidence.Actor, items []evidence.Item, until evidence.Instant) error {
	numbers := make([]int, len(items))
	for i, it := range items {
		numbers[i] = it.Exhibit
	}
	slices.Sort(numbers)
	exhibits := evidence.RunsOf(numbers).String()
	c := items[0].Case
	e, err := act.New(c, act.Extended{Exhibits: exhibits, Until: until, Items: len(numbers)}, s.now(), actor, s.random, nil)
	if err != nil {
		return err
	}
	_, err = s.clerk.PutOnRecord(ctx, actor, e)
	return err
}
