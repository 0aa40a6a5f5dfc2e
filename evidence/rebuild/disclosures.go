package rebuild

import (
	"context"
	"maps"
	"path"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/state"
)

// itemTile is how many exhibits the registry gives at once.
const itemTile = 64

// disclosures makes the disclosures of the case anew: those that are ready as
// they were, from the log and the manifest; those that were asked for to be made
// again.
func (m *making) disclosures(ctx context.Context) error {
	if len(m.said.Disclosures) == 0 {
		return nil
	}
	manifests := map[evidence.DisclosureID]evidence.Disclosure{}
	for d, err := range m.Mirror.Disclosures(ctx, m.odd("")) {
		if err != nil {
			return err
		}
		if d.Case == m.id {
			manifests[d.ID] = d
		}
	}
	for _, said := range m.said.Disclosures {
		d := said.Disclosure
		var err error
		if d.Withheld, err = m.withheld(ctx, said); err != nil {
			return err
		}
		if d.State == evidence.DisclosureReady {
			err = m.ready(ctx, &d, manifests[d.ID])
		} else if !m.pending(&d, said) {
			continue
		}
		if err != nil {
			return err
		}
		if _, err := m.Registry.AddDisclosure(ctx, d); err != nil {
			return err
		}
		m.report.Disclosures++
	}
	return nil
}

// ready completes a disclosure that is on record with what only the manifest
// says, where that agrees with the log, and with where the proof lies.
func (m *making) ready(ctx context.Context, d *evidence.Disclosure, manifest evidence.Disclosure) error {
	agrees := manifest.Digest == d.Digest && manifest.TagDigest == d.TagDigest && manifest.LogSize == d.LogSize &&
		manifest.Recipient == d.Recipient && manifest.By == d.By && manifest.State == d.State && manifest.Bundle == d.Bundle && manifest.Items == d.Items
	if agrees {
		*d = manifest
	} else if manifest.ID != "" {
		m.problem(m.id, "the manifest of %s says something else than the log; the log counts", d.ID)
	}
	good, err := m.holds(ctx, d.Bundle, d.Digest)
	if err != nil {
		return err
	}
	if !good {
		m.problem(m.id, "the bundle of %s is not stored as it was disclosed", d.ID)
	}
	if !d.Proof.IsZero() {
		return nil
	}
	d.Proof, err = m.oldest(ctx, d.Bundle.Bucket, path.Join(path.Dir(d.Bundle.Key), "bundle.proof.json"))
	if err == nil && d.Proof.IsZero() {
		m.problem(m.id, "the proof of %s is not stored", d.ID)
	}
	return err
}

// pending completes a disclosure that was asked for and not made: it stands on
// the first good head that was signed after it was asked for. It reports false
// where there is none without exhibits that came later: then none was ever to be
// made.
func (m *making) pending(d *evidence.Disclosure, said state.Disclosure) bool {
	i := slices.IndexFunc(m.heads, said.Covers)
	if i < 0 || said.Exhibits < 0 {
		m.lost(m.id, "the bundle %s was asked for while exhibits came in, and is not made; whoever wants it asks for it anew", d.ID)
		return false
	}
	d.LogSize, d.Items = m.heads[i], said.Exhibits-len(d.Withheld)
	m.lost(m.id, "the bundle %s was asked for and had not been made, or could not be; whoever looks at it has it made again", d.ID)
	return true
}

// withheld returns the items that a disclosure leaves out: those that were named
// and those that are quarantined.
func (m *making) withheld(ctx context.Context, said state.Disclosure) (list []evidence.Withheld, err error) {
	for _, group := range said.Withhold {
		for n := range group.Numbers.And(m.there(said.Exhibits)).All() {
			it, err := m.exhibit(ctx, int(n))
			if err != nil {
				return nil, err
			}
			list = append(list, evidence.Withheld{Item: it.ID, Reason: group.Reason})
		}
	}
	for _, exhibit := range slices.Sorted(maps.Values(m.said.Quarantined)) {
		if exhibit > said.Exhibits {
			continue
		}
		it, err := m.exhibit(ctx, exhibit)
		if err != nil {
			return nil, err
		}
		if !slices.ContainsFunc(list, func(w evidence.Withheld) bool { return w.Item == it.ID }) {
			list = append(list, evidence.Withheld{Item: it.ID, Reason: state.ReasonQuarantined})
		}
	}
	return list, nil
}

// there returns the numbers of the exhibits that were received, up to one: what a
// request names beyond them is not looked for.
func (m *making) there(highest int) evidence.Runs {
	return evidence.RunsOf(slices.Sorted(slices.Values(m.received))).And(evidence.Runs{{First: 1, Last: int64(highest)}})
}

// exhibit returns an item by its number.
func (m *making) exhibit(ctx context.Context, n int) (evidence.Item, error) {
	tile, err := m.Registry.ItemTile(ctx, m.id, (n-1)/itemTile)
	i := slices.IndexFunc(tile, func(it evidence.Item) bool { return it.Exhibit == n })
	if err != nil || i < 0 {
		return evidence.Item{}, err
	}
	return tile[i], nil
}
