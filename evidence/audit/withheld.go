package audit

import (
	"context"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/state"
)

// withheld returns what a disclosure leaves out, and why, as the log says it: the
// exhibits that are named, and those that were quarantined.
func (r *run) withheld(ctx context.Context, c evidence.CaseID, read *caseRead, d state.Disclosure) (map[evidence.ItemID]string, error) {
	list := map[evidence.ItemID]string{}
	for it, exhibit := range read.said.Quarantined {
		if exhibit <= d.Exhibits {
			list[it] = state.ReasonQuarantined
		}
	}
	for _, g := range d.Withhold {
		last, items := -1, []evidence.Item(nil)
		for n := range g.Numbers.And(read.received).All() {
			if tile := (int(n) - 1) / itemTile; tile != last {
				var err error
				if items, _, _, err = r.config.Registry.ItemsOfTile(ctx, c, tile); err != nil {
					return nil, err
				}
				last = tile // what cannot be read of it is not there: what it is withheld for differs
			}
			if i := slices.IndexFunc(items, func(it evidence.Item) bool { return it.Exhibit == int(n) }); i >= 0 {
				list[items[i].ID] = g.Reason
			}
		}
	}
	return list, nil
}

// withheldWith compares which entries requests withhold with exhibits with those
// that are about them, by the log: what the registry says of an entry beside it is
// not asked.
func (r *run) withheldWith(ctx context.Context, c evidence.CaseID, read *caseRead, withheld []map[evidence.ItemID]string, f *findings) error {
	about := map[evidence.ItemID][]int64{}
	for _, items := range withheld {
		for it := range items {
			about[it] = nil
		}
	}
	if len(about) == 0 {
		return nil
	}
	for tile := int64(0); ; tile++ {
		entries, _, err := r.config.Registry.FiledEntries(ctx, c, tile)
		if err != nil {
			return err
		}
		if err := r.step(ctx, f); err != nil {
			return err
		}
		for _, e := range entries {
			if !read.has(e) {
				continue
			}
			if list, ok := about[e.Entry.Item]; ok {
				about[e.Entry.Item] = append(list, e.Index)
			}
		}
		if len(entries) < ledger.TileSize {
			break
		}
	}
	for i, d := range read.said.Disclosures {
		if !slices.Equal(with(d, read.said, withheld[i], about), d.With) {
			f.add(evidence.AlarmRecord, string(d.ID)+" withheld", "the request of the bundle %s withholds other entries with its exhibits than those about them", d.ID)
		}
	}
	return nil
}

// with returns which entries a request should withhold with exhibits.
func with(d state.Disclosure, said state.Case, items map[evidence.ItemID]string, about map[evidence.ItemID][]int64) evidence.Runs {
	var list []int64
	for it, reason := range items {
		if _, quarantined := said.Quarantined[it]; !state.Hidden(quarantined, reason) {
			continue
		}
		for _, index := range about[it] {
			single := slices.ContainsFunc(d.Entries, func(w evidence.WithheldEntry) bool { return w.Index == index })
			if index < d.Known && !single {
				list = append(list, index)
			}
		}
	}
	slices.Sort(list)
	return evidence.RunsOf(list)
}
