package disclose

import (
	"context"
	"maps"
	"slices"
	"sync"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/internal/parallel"
	"github.com/sealcase/sealcase/evidence/logbook"
	"github.com/sealcase/sealcase/evidence/state"
)

// recordRequest puts the wish for a bundle on record with all that it says, so
// that the disclosure can be made again from the log. A request that is on record
// must say the same, but for what came into the case since. It returns what is on
// record.
func (s *Service) recordRequest(ctx context.Context, actor evidence.Actor, r Request, h logbook.Head, entries []evidence.WithheldEntry) (evidence.LogEntry, act.Request, error) {
	wish, err := s.requested(ctx, r, h, entries)
	if err != nil {
		return evidence.LogEntry{}, act.Request{}, err
	}
	payload, err := wish.Payload()
	if err != nil {
		return evidence.LogEntry{}, act.Request{}, err
	}
	e, err := act.New(r.Case, payload, s.now(), actor, s.random, func(e *evidence.Entry) { e.Purpose = r.Purpose })
	if err != nil {
		return evidence.LogEntry{}, act.Request{}, err
	}
	known, err := s.book.Log(r.Case).Entry(ctx, e.ID)
	if evidence.CodeOf(err) == evidence.NotFound {
		var recorded []evidence.LogEntry
		if recorded, err = s.clerk.PutOnRecord(ctx, actor, e); err == nil {
			known = recorded[0]
		}
	}
	if err != nil {
		return evidence.LogEntry{}, act.Request{}, err
	}
	said, err := act.ReadRequest(known.Entry.Details)
	if err != nil {
		return evidence.LogEntry{}, act.Request{}, err
	}
	wish.Highest, wish.LogSize, wish.With = said.Highest, said.LogSize, said.With
	same, err := wish.Payload()
	if err != nil {
		return evidence.LogEntry{}, act.Request{}, err
	}
	if known.Entry.Case != r.Case || known.Entry.Actor.ID != actor.ID || known.Entry.Purpose != e.Purpose || !act.SameDetails(known.Entry.Details, act.Details(same)) {
		return evidence.LogEntry{}, act.Request{}, evidence.Errorf(evidence.Conflict, "another bundle was asked for under this identifier; draw a new one")
	}
	return known, said, nil
}

// requested returns what the entry says that asks for a bundle: of a case whose
// log stands at h.
func (s *Service) requested(ctx context.Context, r Request, h logbook.Head, entries []evidence.WithheldEntry) (act.Request, error) {
	wish := act.Request{
		Disclosure: r.ID, Title: r.Title, Recipient: r.Recipient, Highest: int64(h.Said.Highest), LogSize: h.Size,
	}
	single := map[string][]int64{}
	for _, w := range entries {
		single[w.Reason] = append(single[w.Reason], w.Index)
	}
	wish.Entries = withholdings(single)
	items, err := s.itemsOf(ctx, r, h.Said.Highest)
	if err != nil {
		return act.Request{}, err
	}
	exhibits := map[string][]int64{}
	for i, it := range items {
		exhibits[r.Withheld[i].Reason] = append(exhibits[r.Withheld[i].Reason], int64(it.Exhibit))
	}
	wish.Exhibits = withholdings(exhibits)
	wish.With, err = s.withheldWith(ctx, r, items, h.Size, entries)
	return wish, err
}

// withholdings returns what is withheld by the reasons, in their order.
func withholdings(byReason map[string][]int64) (list []act.Withholding) {
	for _, reason := range slices.Sorted(maps.Keys(byReason)) {
		slices.Sort(byReason[reason])
		list = append(list, act.Withholding{Numbers: evidence.RunsOf(byReason[reason]), Reason: reason})
	}
	return list
}

// itemsOf returns the items that are to be withheld, which are among the first
// highest exhibits of the case.
func (s *Service) itemsOf(ctx context.Context, r Request, highest int) ([]evidence.Item, error) {
	items := make([]evidence.Item, len(r.Withheld))
	return items, parallel.Each(ctx, len(items), func(ctx context.Context, i int) error {
		it, err := s.store.Item(ctx, r.Withheld[i].Item)
		if err == nil && (it.Case != r.Case || it.Exhibit > highest) || evidence.CodeOf(err) == evidence.NotFound {
			return evidence.Errorf(evidence.Invalid, "%s is not an exhibit of this case", r.Withheld[i].Item)
		}
		items[i] = it
		return err
	})
}

// withheldWith returns which of the first size entries of the log are about items
// that are withheld, but those that are withheld by themselves. Whoever makes the
// bundle reads the whole log and sees when the registry kept one back.
func (s *Service) withheldWith(ctx context.Context, r Request, items []evidence.Item, size int64, single []evidence.WithheldEntry) (evidence.Runs, error) {
	alone := make(map[int64]bool, len(single))
	for _, w := range single {
		alone[w.Index] = true
	}
	var mu sync.Mutex
	var with []int64
	err := parallel.Each(ctx, len(items), func(ctx context.Context, i int) error {
		if !state.Hidden(items[i].State == evidence.ItemQuarantined, r.Withheld[i].Reason) {
			return nil
		}
		entries, err := s.exhibits.EntriesOf(ctx, items[i])
		mu.Lock()
		defer mu.Unlock()
		for _, e := range entries {
			if e.Index < size && !alone[e.Index] {
				with = append(with, e.Index)
			}
		}
		return err
	})
	slices.Sort(with)
	return evidence.RunsOf(with), err
}
