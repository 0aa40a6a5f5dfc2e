package disclose

import (
	"context"
	"io"
	"iter"
	"slices"
	"strconv"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/state"
)

// bundleSource is a disclosure's bundle.Source: the case as its log stood when
// the disclosure was asked for.
type bundleSource struct {
	s        *Service
	d        evidence.Disclosure
	withheld map[evidence.ItemID]string // reasons
	hidden   map[evidence.ItemID]bool   // withheld with all their entries
	entries  map[int64]string           // reasons
	facts    bundle.Facts
}

// bundleSource collects what is known before the first byte is written.
func (s *Service) bundleSource(ctx context.Context, d evidence.Disclosure) (*bundleSource, error) {
	a, err := s.asked(ctx, d)
	if err != nil {
		return nil, err
	}
	src := &bundleSource{s: s, d: d, withheld: map[evidence.ItemID]string{}, hidden: map[evidence.ItemID]bool{}, entries: map[int64]string{}}
	for _, w := range d.Withheld {
		src.withheld[w.Item] = w.Reason
	}
	for _, w := range d.Entries {
		src.entries[w.Index] = w.Reason
	}
	f := bundle.Facts{Disclosure: d, Generator: "sealcase/" + s.version, At: d.RequestedAt, Page: s.page}
	if f.Case, _, err = s.clerk.CaseNow(ctx, d.Case); err != nil {
		return nil, err
	}
	if f.Checkpoint, err = s.checkpointAt(ctx, d.Case, d.LogSize); err != nil {
		return nil, err
	}
	if f.Keys, err = s.clerk.Trusted(ctx); err != nil {
		return nil, err
	}
	if f.Stated, err = s.newestStatement(ctx, f.Keys); err != nil {
		return nil, err
	}
	src.facts = f
	if err := src.readItems(ctx); err != nil {
		return nil, err
	}
	if err := src.scan(ctx, a); err != nil {
		return nil, err
	}
	return src, a.agrees()
}

// checkpointAt returns the signed head of so many entries of a case's log.
func (s *Service) checkpointAt(ctx context.Context, c evidence.CaseID, size int64) ([]byte, error) {
	note, err := s.store.Checkpoint(ctx, c, size)
	if err == nil && note == nil {
		err = evidence.Errorf(evidence.Incomplete, "the checkpoint of %d entries that a disclosure stands on is missing from the registry", size)
	}
	return note, err
}

// readItems finds which items are disclosed, withheld, and withheld with all
// their entries: all withheld ones but those that are left out for being
// quarantined only.
func (b *bundleSource) readItems(ctx context.Context) error {
	for it, err := range b.s.exhibits.All(ctx, b.d.Case, b.last()) {
		if err != nil {
			return err
		}
		reason, withheld := b.withheld[it.ID]
		if !withheld {
			b.facts.Items++
			b.facts.Bytes += it.Length
			continue
		}
		hidden := state.Hidden(it.State == evidence.ItemQuarantined, reason)
		if hidden {
			b.hidden[it.ID] = true
		}
		b.facts.Withheld = append(b.facts.Withheld, bundle.WithheldItem{Item: it, Reason: reason, Hidden: hidden})
	}
	return nil
}

// scan walks through the log once: for how many entries are withheld, for what
// earlier disclosures stand on, and for what was asked.
func (b *bundleSource) scan(ctx context.Context, a *asked) error {
	for e, err := range b.log(ctx) {
		if err == nil {
			err = a.take(e)
		}
		if err != nil {
			return err
		}
		if b.reason(e) != "" {
			b.facts.Entries++
		}
		if e.Entry.Act != evidence.ActDisclosed {
			continue
		}
		size, err := strconv.ParseInt(e.Entry.Details[bundle.DetailLogSize], 10, 64)
		if err != nil {
			return evidence.Errorf(evidence.Tampered, "entry %d of the log does not say what the disclosure that it records stands on", e.Index)
		}
		note, err := b.s.checkpointAt(ctx, b.d.Case, size)
		if err != nil {
			return err
		}
		id := evidence.DisclosureID(e.Entry.Details[bundle.DetailDisclosure])
		b.facts.Earlier = append(b.facts.Earlier, bundle.Earlier{Disclosure: id, Checkpoint: note})
	}
	return nil
}

// reason returns why an entry is withheld, "" for one that is shown.
func (b *bundleSource) reason(e evidence.LogEntry) string {
	if reason, ok := b.entries[e.Index]; ok {
		return reason
	}
	if b.hidden[e.Entry.Item] {
		return b.withheld[e.Entry.Item]
	}
	return ""
}

// log yields the entries that the bundle's checkpoint covers.
func (b *bundleSource) log(ctx context.Context) iter.Seq2[evidence.LogEntry, error] {
	return b.s.logUpTo(ctx, b.d.Case, b.d.LogSize)
}

// logUpTo yields the first size entries of a log.
func (s *Service) logUpTo(ctx context.Context, c evidence.CaseID, size int64) iter.Seq2[evidence.LogEntry, error] {
	return func(yield func(evidence.LogEntry, error) bool) {
		for from := int64(0); from < size; from += ledger.TileSize {
			list, err := s.book.Log(c).Entries(ctx, from, min(size, from+ledger.TileSize))
			if err != nil {
				yield(evidence.LogEntry{}, err)
				return
			}
			for _, e := range list {
				if !yield(e, nil) {
					return
				}
			}
		}
	}
}

// last is the highest exhibit number when the disclosure was asked for.
func (b *bundleSource) last() int { return b.d.Items + len(b.d.Withheld) }

// Facts implements bundle.Source.
func (b *bundleSource) Facts(context.Context) (bundle.Facts, error) {
	f := b.facts
	f.Withheld = slices.Clone(f.Withheld)
	return f, nil
}

// Entries implements bundle.Source.
func (b *bundleSource) Entries(ctx context.Context) iter.Seq2[bundle.Entry, error] {
	return func(yield func(bundle.Entry, error) bool) {
		for e, err := range b.log(ctx) {
			if !yield(bundle.Entry{Raw: e.Raw, Withheld: b.reason(e)}, err) || err != nil {
				return
			}
		}
	}
}

// Items implements bundle.Source.
func (b *bundleSource) Items(ctx context.Context) iter.Seq2[evidence.Item, error] {
	return func(yield func(evidence.Item, error) bool) {
		for it, err := range b.s.exhibits.All(ctx, b.d.Case, b.last()) {
			if _, ok := b.withheld[it.ID]; ok && err == nil {
				continue
			}
			if !yield(it, err) || err != nil {
				return
			}
		}
	}
}

// Seal implements bundle.Source.
func (b *bundleSource) Seal(ctx context.Context, it evidence.Item) ([]byte, error) {
	return b.s.readWhole(ctx, it.Seal)
}

// Open implements bundle.Source.
func (b *bundleSource) Open(ctx context.Context, it evidence.Item) (io.ReadCloser, error) {
	return b.s.objects.Open(ctx, it.Data, 0, -1)
}

// maxSmallObject is how long a seal or a proof may be.
const maxSmallObject = 16 << 20

// readWhole returns the bytes of a small object of ours.
func (s *Service) readWhole(ctx context.Context, ref evidence.ObjectRef) ([]byte, error) {
	if ref.IsZero() {
		return nil, evidence.Errorf(evidence.Incomplete, "the object is not there")
	}
	r, err := s.objects.Open(ctx, ref, 0, -1)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	data, err := io.ReadAll(io.LimitReader(r, maxSmallObject+1))
	if err != nil {
		return nil, evidence.WrapError(evidence.Unavailable, err, "the object store broke off; try again")
	}
	if len(data) > maxSmallObject {
		return nil, evidence.Errorf(evidence.Tampered, "an object of ours is larger than any that is written")
	}
	return data, nil
}
