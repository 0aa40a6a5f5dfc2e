package exhibit

import (
	"context"
	"iter"

	"github.com/sealcase/sealcase/evidence"
)

// All yields the exhibits 1 to last of a case as they stand.
func (x *Exhibits) All(ctx context.Context, c evidence.CaseID, last int) iter.Seq2[evidence.Item, error] {
	return func(yield func(evidence.Item, error) bool) {
		next := 1
		for tile := 0; tile*evidence.ItemTile < last; tile++ {
			items, err := x.store.ItemTile(ctx, c, tile)
			if err != nil {
				yield(evidence.Item{}, err)
				return
			}
			for _, it := range items {
				if it.Exhibit > last || it.Exhibit == next && !yield(it, nil) {
					return
				}
				next++
			}
			if next <= min(last, (tile+1)*evidence.ItemTile) {
				yield(evidence.Item{}, evidence.Errorf(evidence.Incomplete, "exhibit %d of the case is missing from the registry", next))
				return
			}
		}
	}
}
