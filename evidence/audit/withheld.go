package audit

import (
	"context"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/replay"
)

// withheld returns what a disclosure leaves out, and why, as the log says it: the
// exhibits that are named, and those that were quarantined.
func (r *run) withheld(ctx context.Context, c evidence.CaseID, said replay.Case, d replay.Disclosure) (map[evidence.ItemID]string, error) {
	list := map[evidence.ItemID]string{}
	for it, exhibit := range said.Quarantined {
		if exhibit <= d.Exhibits {
			list[it] = replay.ReasonQuarantined
		}
	}
	for _, g := range d.Withhold {
		read, items := -1, []evidence.Item(nil)
		for n := range g.Numbers.UpTo(int64(said.Highest)) {
			if tile := (int(n) - 1) / itemTile; tile != read {
				var err error
				if items, err = r.config.Registry.ItemTile(ctx, c, tile); err != nil && evidence.CodeOf(err) != evidence.Tampered {
					return nil, err
				}
				read = tile // one that cannot be read has no items: what they are withheld for differs
			}
			if i := slices.IndexFunc(items, func(it evidence.Item) bool { return it.Exhibit == int(n) }); i >= 0 {
				list[items[i].ID] = g.Reason
			}
		}
	}
	return list, nil
}

// withheldWith compares which entries a request withholds with exhibits with those
// that are about them.
func (r *run) withheldWith(ctx context.Context, said replay.Case, d replay.Disclosure, items map[evidence.ItemID]string, f *findings) error {
	var with []int64
	for it, reason := range items {
		if _, quarantined := said.Quarantined[it]; quarantined && reason == replay.ReasonQuarantined {
			continue // left out for that only, its entries are shown
		}
		entries, err := r.config.Registry.EntriesOfItem(ctx, it)
		if err != nil {
			return err
		}
		for _, e := range entries {
			single := slices.ContainsFunc(d.Entries, func(w evidence.WithheldEntry) bool { return w.Index == e.Index })
			if e.Index < d.Known && !single {
				with = append(with, e.Index)
			}
		}
	}
	slices.Sort(with)
	if !slices.Equal(evidence.RunsOf(with), d.With) {
		f.add(evidence.AlarmRecord, string(d.ID)+" withheld", "a bundle for %s withholds other entries with its exhibits than the registry has about them: one was kept back, or more is withheld than exhibits call for", d.Recipient)
	}
	return nil
}
