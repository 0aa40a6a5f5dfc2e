package custody

import (
	"context"
	"slices"
	"strconv"

	"github.com/sealcase/sealcase/evidence"
)

// ExtendLocks keeps the data and seals of items of one case locked until at
// least until. One entry when something moved, naming the exhibits; the items
// show the later time from then on. Idempotent; only a service may.
func (s *Service) ExtendLocks(ctx context.Context, actor evidence.Actor, items []evidence.Item, until evidence.Instant) error {
	if err := onlyService(actor); err != nil || len(items) == 0 {
		return err
	}
	current, err := s.currentItems(ctx, items)
	if err != nil {
		return err
	}
	h, err := s.log(items[0].Case).refresh(ctx, 0)
	if err != nil {
		return err
	}
	due := slices.DeleteFunc(current, func(it evidence.Item) bool {
		return !h.tally.lockedUntil(it.Exhibit, it.Locked).Time().Before(until.Time())
	})
	if len(due) == 0 {
		return nil
	}
	err = each(ctx, len(due), func(ctx context.Context, i int) error {
		if err := s.objects.Extend(ctx, due[i].Data, until); err != nil {
			return err
		}
		if due[i].Seal.IsZero() {
			return nil
		}
		return s.objects.Extend(ctx, due[i].Seal, until)
	})
	if err != nil {
		return err
	}
	return s.recordExtended(ctx, actor, due, until)
}

func (s *Service) recordExtended(ctx context.Context, actor evidence.Actor, items []evidence.Item, until evidence.Instant) error {
	numbers := make([]int, len(items))
	for i, it := range items {
		numbers[i] = it.Exhibit
	}
	slices.Sort(numbers)
	exhibits := formatExhibits(slices.Compact(numbers))
	c := items[0].Case
	e, err := s.entry(evidence.DeriveEntryID("extended", string(c), exhibits, until.String()), c, evidence.ActExtended, actor)
	if err != nil {
		return err
	}
	e.Details = map[string]string{detailExhibits: exhibits, detailUntil: until.String(), "items": strconv.Itoa(len(numbers))}
	_, err = s.record(ctx, e)
	return err
}
