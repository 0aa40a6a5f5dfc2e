package audit

import (
	"context"
	"iter"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// registered yields the entries of a log as the registry has them, by index,
// whatever is missing between them; misfiled hears of those that are kept under
// keys that are not their own. An error that it yields besides one that a
// later try may not have is of the entry at that index only.
func (r *run) registered(ctx context.Context, c evidence.CaseID, misfiled func(index int64)) iter.Seq2[evidence.LogEntry, error] {
	return func(yield func(evidence.LogEntry, error) bool) {
		for tile, empty := int64(0), 0; empty < 2; tile++ { // one that is empty may be one that was emptied
			list, odd, err := r.config.Registry.FiledEntries(ctx, c, tile)
			if err != nil && evidence.CodeOf(err).Retryable() {
				yield(evidence.LogEntry{}, err)
				return
			}
			if err != nil {
				if !r.oneByOne(ctx, c, tile, err, yield) {
					return
				}
				continue
			}
			if len(list) == 0 {
				empty++
			}
			for _, index := range odd {
				misfiled(index)
			}
			for _, e := range list {
				if !yield(e, nil) {
					return
				}
			}
		}
	}
}

// oneByOne yields the entries of a tile of which one cannot be read, which must
// not hide the others. It reports whether there is more to yield.
func (r *run) oneByOne(ctx context.Context, c evidence.CaseID, tile int64, why error, yield func(evidence.LogEntry, error) bool) bool {
	told := false
	for index := tile * ledger.TileSize; index < (tile+1)*ledger.TileSize; index++ {
		e, ok, err := r.config.Registry.EntryAt(ctx, c, index)
		if err == nil && !ok {
			continue
		}
		if err != nil {
			e, told = evidence.LogEntry{Index: index}, true
		}
		if !yield(e, err) || err != nil && evidence.CodeOf(err).Retryable() {
			return false
		}
	}
	if told { // it is what was found one by one
		return true
	}
	return yield(evidence.LogEntry{Index: (tile+1)*ledger.TileSize - 1}, why)
}
