package exhibit

import (
	"context"
	"log/slog"
	"slices"
	"sync"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/internal/parallel"
	"github.com/sealcase/sealcase/evidence/logbook"
	"github.com/sealcase/sealcase/evidence/state"
)

// EntriesOf returns the entries about an item, each of which is in the log
// where the registry says that it is: entries that are not are Tampered. That none
// is kept back is not shown by it; the whole log is what shows that.
func (x *Exhibits) EntriesOf(ctx context.Context, it evidence.Item) ([]evidence.LogEntry, error) {
	entries, err := x.store.EntriesOfItem(ctx, it.ID)
	if err != nil || len(entries) == 0 {
		return entries, err
	}
	l := x.book.Log(it.Case)
	for _, e := range slices.Backward(entries) { // of the last one, others may have recorded it just now
		there, err := l.Has(ctx, e)
		if err != nil {
			return nil, err
		}
		if e.Entry.Case != it.Case || e.Entry.Item != it.ID || !there {
			return nil, evidence.Errorf(evidence.Tampered, "the entry %d about this item is not the one that was recorded; tell the supervisor", e.Index)
		}
	}
	return entries, nil
}

// Said returns an item as the checked entries about it have it, and these. It
// is NotFound when none of them receives it in that case.
func (x *Exhibits) Said(ctx context.Context, h logbook.Head, c evidence.CaseID, id evidence.ItemID) (evidence.Item, []evidence.LogEntry, error) {
	entries, err := x.EntriesOf(ctx, evidence.Item{ID: id, Case: c})
	if err != nil {
		return evidence.Item{}, nil, err
	}
	it, err := x.fold(h, c, entries)
	return it, entries, err
}

// fold returns an item as entries about it have it that are in the log of its case.
func (x *Exhibits) fold(h logbook.Head, c evidence.CaseID, entries []evidence.LogEntry) (evidence.Item, error) {
	var it evidence.Item
	told, among := 0, 0 // entries that tell what the item is: all, and those that h has
	checked := x.book.Log(c).Known().Size
	for _, e := range entries {
		if e.Index < checked {
			it, _ = state.Item(it, e.Entry)
		}
		if state.Tells(e.Entry) && e.Index < checked {
			told++
			if e.Index < h.Said.Size {
				among++
			}
		}
	}
	if it.Version == 0 {
		return evidence.Item{}, evidence.Errorf(evidence.NotFound, "no entry says that the item was received")
	}
	if h.Said.Told.Short(it.Exhibit, min(among, 255)) {
		return evidence.Item{}, evidence.Errorf(evidence.Tampered, "the registry keeps back an entry about exhibit %d: what it says of the exhibit now cannot be shown; tell the supervisor, and have an audit run", it.Exhibit)
	}
	x.remembered.add(it, min(told, 255))
	it.Locked = h.Said.Locks.Until(it.Exhibit, it.Locked)
	return it, nil
}

// AsSaid returns items of a case, which the registry gives, as the log has them.
// Those that are not on record (yet) are left out.
func (x *Exhibits) AsSaid(ctx context.Context, h logbook.Head, c evidence.CaseID, rows []evidence.Item) ([]evidence.Item, error) {
	items := make([]evidence.Item, len(rows))
	var unknown []int
	for i, row := range rows {
		if row.Case == c && x.remembered.has(row, h.Said.Told.Of(row.Exhibit)) {
			items[i] = row
			items[i].Locked = h.Said.Locks.Until(row.Exhibit, row.Locked)
		} else {
			unknown = append(unknown, i)
		}
	}
	unknown, err := x.asTold(ctx, h, c, rows, unknown, items)
	if err != nil {
		return nil, err
	}
	err = parallel.Each(ctx, len(unknown), func(ctx context.Context, n int) error {
		i := unknown[n]
		row := rows[i]
		it, _, err := x.Said(ctx, h, c, row.ID)
		if err != nil && evidence.CodeOf(err).Retryable() {
			return err
		}
		if err != nil || it.Exhibit != row.Exhibit {
			x.logger.WarnContext(ctx, "an item of the registry is not shown: the log does not have it so",
				slog.String("case", string(c)), slog.Int("exhibit", row.Exhibit), slog.Any("error", err))
			return nil
		}
		items[i] = it
		return nil
	})
	return slices.DeleteFunc(items, func(it evidence.Item) bool { return it.ID == "" }), err
}

// asTold fills in those items, of rows at places, that the entries in their partitions
// say whole: all that tell of them, as the log counts them. It returns the places of
// the others.
func (x *Exhibits) asTold(ctx context.Context, h logbook.Head, c evidence.CaseID, rows []evidence.Item, places []int, items []evidence.Item) (rest []int, err error) {
	var tiles []int
	for _, i := range places {
		tiles = append(tiles, evidence.ItemTileOf(max(rows[i].Exhibit, 1)))
	}
	slices.Sort(tiles)
	tiles = slices.Compact(tiles)
	if len(places) < 2*len(tiles) { // a few are asked for one by one
		return places, nil
	}
	parts := make([][]evidence.LogEntry, len(tiles))
	err = parallel.Each(ctx, len(tiles), func(ctx context.Context, i int) (err error) {
		parts[i], err = x.store.EntriesTelling(ctx, c, tiles[i])
		if code := evidence.CodeOf(err); code != "" && !code.Retryable() {
			parts[i], err = nil, nil // what is wrong with one does not hide the others
		}
		return err
	})
	if err != nil {
		return nil, err
	}
	found, err := x.book.Log(c).Recorded(ctx, slices.Concat(parts...))
	if err != nil {
		return nil, err
	}
	of := map[evidence.ItemID][]evidence.LogEntry{}
	for _, e := range found {
		if e.Entry.Case == c && state.Tells(e.Entry) {
			of[e.Entry.Item] = append(of[e.Entry.Item], e)
		}
	}
	for _, i := range places {
		row := rows[i]
		it, err := x.fold(h, c, of[row.ID])
		if err != nil || it.Exhibit != row.Exhibit {
			rest = append(rest, i)
			continue
		}
		items[i] = it
	}
	return rest, nil
}

// rememberedMost is how many items a process remembers as the log has them.
const rememberedMost = 1 << 14

// remembered keeps items as the log has them, so that a list need not look up the
// entries of each again: an item is as it was while no entry more tells of it.
type remembered struct {
	mu    sync.Mutex
	items map[evidence.ItemID]rememberedItem
}

type rememberedItem struct {
	item evidence.Item
	told int // state.Tally, of the entries that it is made of
}

func (r *remembered) add(it evidence.Item, told int) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.items == nil || len(r.items) >= rememberedMost {
		r.items = map[evidence.ItemID]rememberedItem{}
	}
	r.items[it.ID] = rememberedItem{it, told}
}

// has reports whether a row is what so many entries say of the item.
func (r *remembered) has(row evidence.Item, told int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.items[row.ID] == rememberedItem{row, told} && told < 255
}
