package exhibit

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
)

// AddVersions adds the next versions of items. Where one is taken, the item is
// read again and change applied to it, until that is recorded or change says
// that there is nothing to do.
func (x *Exhibits) AddVersions(ctx context.Context, versions []evidence.Item, change func(now *evidence.Item, wanted evidence.Item) bool) error {
	taken, err := x.store.AddItems(ctx, versions)
	if err != nil {
		return err
	}
	for _, i := range taken {
		if _, err := x.Revise(ctx, versions[i].ID, func(now *evidence.Item) bool { return change(now, versions[i]) }); err != nil {
			return err
		}
	}
	return nil
}

// Revise adds a version of an item that change makes of the highest one, with
// the time of the entry that says so, and returns it, or the item as it is when change reports false.
func (x *Exhibits) Revise(ctx context.Context, id evidence.ItemID, change func(*evidence.Item) bool) (evidence.Item, error) {
	for {
		it, err := x.store.Item(ctx, id)
		if err != nil {
			return evidence.Item{}, evidence.Hide(err, "item")
		}
		if !change(&it) {
			return it, nil
		}
		it.Version++
		if added, err := x.store.AddItem(ctx, it); added || err != nil {
			return it, err
		}
	}
}

// Current returns items of one case as they are now, in the order given.
func (x *Exhibits) Current(ctx context.Context, items []evidence.Item) ([]evidence.Item, error) {
	tiles := map[int][]evidence.Item{}
	current := make([]evidence.Item, len(items))
	for i, it := range items {
		if it.Case != items[0].Case || it.Exhibit < 1 {
			return nil, evidence.Errorf(evidence.Invalid, "the items are not of one case")
		}
		tile, ok := tiles[evidence.ItemTileOf(it.Exhibit)]
		if !ok {
			var err error
			if tile, err = x.store.ItemTile(ctx, it.Case, evidence.ItemTileOf(it.Exhibit)); err != nil {
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
