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
// It looks at the tiles of exhibits that entries say were received, and at those
// that the registry has: no number leads it to more.
func (r *run) items(ctx context.Context, c evidence.CaseID, read *caseRead, f *findings) error {
	lost := lost{f: f}
	for _, tile := range r.tilesOf(c, read) {
		list, older, bad, err := r.config.Registry.ItemsOfTile(ctx, c, tile)
		if err := r.unreadable(f, numbers("exhibit", "exhibits", int64(tile*itemTile+1), int64(tile+1)*itemTile), err); err != nil {
			return err
		}
		if err != nil {
			continue
		}
		here := evidence.Runs{{First: int64(tile*itemTile + 1), Last: int64(tile+1) * itemTile}}
		for n := range read.received.And(here).All() {
			if !slices.Contains(bad, int(n)) && !slices.ContainsFunc(list, func(it evidence.Item) bool { return it.Exhibit == int(n) }) {
				lost.take(n)
			}
		}
		for _, run := range evidence.RunsOf(bad) {
			f.add(evidence.AlarmRecord, "exhibit "+itoa(run.First), "the registry's record of %s cannot be read, or is kept under a key that is not its own", numbers("exhibit", "exhibits", run.First, run.Last))
		}
		for _, it := range list {
			if err := r.unreadable(f, exhibit(it), r.item(ctx, it, older, read, f)); err != nil {
				return err
			}
			r.progress.Objects += 2
			if err := r.step(ctx, f); err != nil {
				return err
			}
		}
		if err := r.step(ctx, f); err != nil {
			return err
		}
	}
	lost.tell()
	return nil
}

// tilesOf returns the tiles of exhibits that anybody knows of.
func (r *run) tilesOf(c evidence.CaseID, read *caseRead) []int {
	tiles := slices.Clone(r.tiles[c])
	for n := range read.received.All() {
		if tile := int(n-1) / itemTile; len(tiles) == 0 || tiles[len(tiles)-1] != tile {
			tiles = append(tiles, tile)
		}
	}
	slices.Sort(tiles)
	return slices.Compact(tiles)
}

// lost is a run of exhibits that the registry lacks. It is one alarm.
type lost struct {
	f           *findings
	first, last int64 // 0: none
}

func (l *lost) take(n int64) {
	if l.first != 0 && l.last != n-1 {
		l.tell()
	}
	if l.first == 0 {
		l.first = n
	}
	l.last = n
}

func (l *lost) tell() {
	switch l.first {
	case 0:
	case l.last:
		l.f.add(evidence.AlarmRecord, "exhibit "+itoa(l.first), "the log says that exhibit %d was received, the registry does not have it", l.first)
	default:
		l.f.add(evidence.AlarmRecord, "exhibit "+itoa(l.first), "the log says that the exhibits %d to %d were received, the registry does not have them", l.first, l.last)
	}
	l.first = 0
}

// item compares one item with its entries, in every version that the registry has,
// and what is stored with both.
func (r *run) item(ctx context.Context, got evidence.Item, older []evidence.Item, read *caseRead, f *findings) error {
	var versions []evidence.Item
	err := r.settle(ctx, f, func(f *findings) error {
		tile, before, _, err := r.config.Registry.ItemsOfTile(ctx, got.Case, (got.Exhibit-1)/itemTile)
		if err != nil {
			return err
		}
		older = before
		if i := slices.IndexFunc(tile, func(it evidence.Item) bool { return it.Exhibit == got.Exhibit }); i >= 0 {
			got = tile[i]
		}
		if versions, err = r.fromEntries(ctx, got, read); err != nil {
			return err
		}
		r.itemRecord(got, newest(versions), f)
		r.olderRecords(got, older, versions, f)
		return nil
	})
	if err != nil || len(versions) == 0 {
		return err
	}
	return r.itemObjects(ctx, newest(versions), read.said, f)
}

// newest returns the last version; the zero Item when there is none.
func newest(versions []evidence.Item) evidence.Item {
	if len(versions) == 0 {
		return evidence.Item{}
	}
	return versions[len(versions)-1]
}

// fromEntries returns the versions of the item as its entries have it; none when
// there are no entries. Which entries are about it the registry says; that they are
// in the log, or signed by whoever acted where they came since, it does not.
func (r *run) fromEntries(ctx context.Context, got evidence.Item, read *caseRead) (versions []evidence.Item, err error) {
	entries, err := r.config.Registry.EntriesOfItem(ctx, got.ID)
	if err != nil {
		return nil, err
	}
	for _, e := range entries {
		if e.Entry.Case != got.Case || !read.has(e) && !read.signedSince(e) {
			continue
		}
		if it, changed := state.Item(newest(versions), e.Entry); changed {
			versions = append(versions, it)
		}
	}
	return versions, nil
}

// olderRecords compares the versions of an item below the one that the registry
// shows with those that its entries made.
func (r *run) olderRecords(got evidence.Item, older, versions []evidence.Item, f *findings) {
	if len(versions) == 0 {
		return // it is told that there are none
	}
	have := map[int]bool{}
	for _, it := range older {
		if it.Exhibit != got.Exhibit {
			continue
		}
		have[it.Version] = true
		if it.Version > len(versions) || it != versions[it.Version-1] {
			f.differs(evidence.AlarmRecord, got.ID, exhibit(got)+" version "+itoa(int64(it.Version)), fmt.Sprint(it), "the registry's record of version %d of %s is not what the log says", it.Version, exhibit(got))
		}
	}
	for version := 1; version < min(got.Version, len(versions)); version++ {
		if !have[version] {
			f.addItem(evidence.AlarmRecord, got.ID, exhibit(got)+" version "+itoa(int64(version)), "the registry has lost the record of version %d of %s", version, exhibit(got))
		}
	}
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
		{"time of sealing", got.SealedAt, want.SealedAt}, {"version", got.Version, want.Version}, {"time of the version", got.At, want.At},
	} {
		if d.got != d.want {
			f.differs(evidence.AlarmRecord, got.ID, exhibit(got)+" "+d.what, fmt.Sprint(d.got), "the registry says something else of the %s of %s than the log", d.what, exhibit(got))
		}
	}
}

// seconds is what S3 rounds times to.
const seconds = time.Second
