package audit

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/state"
)

// disclosures compares what the registry says of disclosures, and the bundles
// that are stored, with the log.
func (r *run) disclosures(ctx context.Context, c evidence.CaseID, said state.Case, f *findings) error {
	var ready []evidence.Disclosure
	withheld := make([]map[evidence.ItemID]string, len(said.Disclosures))
	for i, d := range said.Disclosures {
		var err error
		if withheld[i], err = r.withheld(ctx, c, said, d); err != nil {
			return err
		}
	}
	if err := r.withheldWith(ctx, c, said, withheld, f); err != nil {
		return err
	}
	err := r.settle(ctx, f, func(f *findings) error {
		got, err := r.config.Registry.Disclosures(ctx, c)
		if err != nil {
			return err
		}
		ready = nil
		for n, want := range said.Disclosures {
			i := slices.IndexFunc(got, func(d evidence.Disclosure) bool { return d.ID == want.ID })
			if i < 0 {
				f.add(evidence.AlarmRecord, string(want.ID), "the log says that a bundle was asked for at %s, the registry has lost it", want.RequestedAt)
				continue
			}
			r.disclosure(got[i], want, withheld[n], f)
			d := got[i]
			if want.State == evidence.DisclosureReady { // the log says what the bundle is, whatever the registry does
				d.Bundle, d.Length = want.Bundle, want.Length
			}
			if d.State == evidence.DisclosureReady || want.State == evidence.DisclosureReady {
				ready = append(ready, d)
			}
		}
		for _, d := range got {
			known := slices.ContainsFunc(said.Disclosures, func(w state.Disclosure) bool { return w.ID == d.ID })
			if !known && d.State == evidence.DisclosureReady {
				f.add(evidence.AlarmRecord, string(d.ID), "the registry has a bundle for %s, and the log does not say that it was made", d.Recipient)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, d := range ready {
		if err := r.bundleObject(ctx, "the bundle "+string(d.ID), d.Bundle, d.Length, f); err != nil {
			return err
		}
		if d.Proof.IsZero() { // it is on record and its proof is on the way
			continue
		}
		if err := r.bundleObject(ctx, "the proof of "+string(d.ID), d.Proof, -1, f); err != nil {
			return err
		}
	}
	return nil
}

// bundleObject compares a stored bundle or its proof with what it should be, and
// keeps it locked.
func (r *run) bundleObject(ctx context.Context, what string, ref evidence.ObjectRef, length int64, f *findings) error {
	r.progress.Objects++
	stored, err := r.object(ctx, "", what, ref, length, f)
	if err != nil || stored.Ref.IsZero() {
		return err
	}
	return r.keepLocked(ctx, what, stored, f)
}

// disclosure compares one disclosure of the registry with what the log says.
func (r *run) disclosure(got evidence.Disclosure, want state.Disclosure, withheld map[evidence.ItemID]string, f *findings) {
	made := want.State == evidence.DisclosureReady
	left := make(map[evidence.ItemID]string, len(got.Withheld))
	for _, w := range got.Withheld {
		left[w.Item] = w.Reason
	}
	for _, d := range []struct {
		what    string
		differs bool
	}{
		{"recipient", got.Recipient != want.Recipient}, {"title", got.Title != want.Title},
		{"purpose", got.Purpose != want.Purpose}, {"person who asked", got.By != want.By},
		{"time of the request", got.RequestedAt != want.RequestedAt},
		{"withheld exhibits", len(left) != len(got.Withheld) || !maps.Equal(left, withheld)},
		{"withheld entries", !slices.Equal(got.Entries, want.Entries)}, {"head of the log", !want.Covers(got.LogSize)},
		{"number of exhibits", got.Items+len(got.Withheld) != want.Exhibits},
		{"SHA-256", made && got.Digest != want.Digest}, {"number of entries", made && got.LogSize != want.LogSize},
		{"number of items", made && got.Items != want.Items},
		{"stored bundle", made && got.Bundle != want.Bundle}, {"length", made && got.Length != want.Length}, {"state", made && got.State != want.State && got.State != evidence.DisclosureWritten},
		{"state", !made && got.State == evidence.DisclosureReady},
	} {
		if d.differs {
			f.differs(evidence.AlarmRecord, "", string(want.ID)+" "+d.what, fmt.Sprint(got), "the registry says something else of the %s of a bundle for %s than the log", d.what, want.Recipient)
		}
	}
}
