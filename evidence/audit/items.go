package audit

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/state"
)

// itemTile is how many exhibits the registry gives at once.
const itemTile = 64

// items compares the items of a case, and what is stored of them, with the log.
func (r *run) items(ctx context.Context, c evidence.CaseID, said state.Case, f *findings) error {
	for tile := 0; ; tile++ {
		list, err := r.config.Registry.ItemTile(ctx, c, tile)
		if err != nil && evidence.CodeOf(err) != evidence.Tampered {
			return err
		}
		if err != nil {
			f.add(evidence.AlarmRecord, "items "+itoa(int64(tile)), "exhibits %d to %d cannot be read: %s", tile*itemTile+1, (tile+1)*itemTile, evidence.MessageOf(err))
		}
		for n := tile*itemTile + 1; n <= min((tile+1)*itemTile, said.Highest); n++ {
			if err == nil && !slices.ContainsFunc(list, func(it evidence.Item) bool { return it.Exhibit == n }) {
				f.add(evidence.AlarmRecord, "exhibit "+itoa(int64(n)), "the log says that exhibit %d was received, the registry does not have it", n)
			}
		}
		for _, it := range list {
			if err := r.unreadable(f, exhibit(it), r.item(ctx, it, said, f)); err != nil {
				return err
			}
			r.progress.Objects += 2
		}
		r.report(r.progress)
		if len(list) == 0 && (tile+1)*itemTile >= said.Highest {
			return nil
		}
	}
}

// item compares one item with its entries, and what is stored with both.
func (r *run) item(ctx context.Context, got evidence.Item, said state.Case, f *findings) error {
	var want evidence.Item
	err := r.settle(ctx, f, func(f *findings) error {
		tile, err := r.config.Registry.ItemTile(ctx, got.Case, (got.Exhibit-1)/itemTile)
		if err != nil {
			return err
		}
		if i := slices.IndexFunc(tile, func(it evidence.Item) bool { return it.Exhibit == got.Exhibit }); i >= 0 {
			got = tile[i]
		}
		if want, err = r.fromEntries(ctx, got); err != nil {
			return err
		}
		r.itemRecord(got, want, f)
		return nil
	})
	if err != nil || want.Version == 0 {
		return err
	}
	return r.itemObjects(ctx, want, said, f)
}

// fromEntries returns the item as its entries have it; the zero Item when there
// are none.
func (r *run) fromEntries(ctx context.Context, got evidence.Item) (evidence.Item, error) {
	entries, err := r.config.Registry.EntriesOfItem(ctx, got.ID)
	if err != nil {
		return evidence.Item{}, err
	}
	var it evidence.Item
	for _, e := range entries {
		if e.Entry.Case == got.Case {
			it, _ = state.Item(it, e.Entry)
		}
	}
	return it, nil
}

// itemRecord compares an item of the registry with what the log says of it.
func (r *run) itemRecord(got, want evidence.Item, f *findings) {
	if want.Version == 0 {
		young := got.State == evidence.ItemReceived && r.config.Clock().Sub(got.ReceivedAt.Time()) < r.config.Grace
		if !young { // its receipt is on the way
			f.addItem(evidence.AlarmRecord, got.ID, exhibit(got), "the registry has %s, and the log does not say that it was received", exhibit(got))
		}
		return
	}
	for _, d := range []struct {
		what      string
		got, want any
	}{
		{"case", got.Case, want.Case}, {"exhibit number", got.Exhibit, want.Exhibit}, {"name", got.Name, want.Name},
		{"path", got.Path, want.Path}, {"length", got.Length, want.Length}, {"SHA-256", got.Digest, want.Digest},
		{"state", got.State, want.State}, {"intake", got.Intake, want.Intake}, {"stored object", got.Data, want.Data},
		{"stored seal", got.Seal, want.Seal}, {"receiver", got.ReceivedBy, want.ReceivedBy}, {"custodian", got.Custodian, want.Custodian},
		{"time of receipt", got.ReceivedAt, want.ReceivedAt}, {"date of change at the source", got.ModifiedAt, want.ModifiedAt},
		{"media type", got.MediaType, want.MediaType}, {"SHA-256 read back", got.Observed, want.Observed}, {"lock", got.Locked, want.Locked},
	} {
		if d.got != d.want {
			f.differs(evidence.AlarmRecord, got.ID, exhibit(got)+" "+d.what, fmt.Sprint(d.got), "the registry says something else of the %s of %s than the log", d.what, exhibit(got))
		}
	}
}

// seconds is what S3 rounds times to.
const seconds = time.Second
