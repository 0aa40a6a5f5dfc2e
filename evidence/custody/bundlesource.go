package custody

import (
	"context"
	"io"
	"iter"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// exhibits yields the exhibits 1 to last of a case as they stand.
func (s *Service) exhibits(ctx context.Context, c evidence.CaseID, last int) iter.Seq2[evidence.Item, error] {
	return func(yield func(evidence.Item, error) bool) {
		next := 1
		for tile := 0; tile*itemTile < last; tile++ {
			items, err := s.registry.ItemTile(ctx, c, tile)
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
			if next <= min(last, (tile+1)*itemTile) {
				yield(evidence.Item{}, evidence.Errorf(evidence.Incomplete, "exhibit %d of the case is missing from the registry", next))
				return
			}
		}
	}
}

// bundleSource is a disclosure's bundle.Source: the case as its log stood when
// the disclosure was asked for.
type bundleSource struct {
	s        *Service
	d        evidence.Disclosure
	withheld map[evidence.ItemID]string // reasons
	facts    bundle.Facts
}

// bundleSource collects what is known before the first byte is written.
func (s *Service) bundleSource(ctx context.Context, d evidence.Disclosure) (*bundleSource, error) {
	src := &bundleSource{s: s, d: d, withheld: map[evidence.ItemID]string{}}
	for _, w := range d.Withheld {
		src.withheld[w.Item] = w.Reason
	}
	f := bundle.Facts{Disclosure: d, Generator: "sealcase/" + s.config.Version, At: d.RequestedAt}
	var err error
	if f.Case, err = s.registry.Case(ctx, d.Case); err != nil {
		return nil, err
	}
	if f.Checkpoint, err = s.registry.Checkpoint(ctx, d.Case, d.LogSize); err != nil {
		return nil, err
	}
	if f.Checkpoint == nil {
		return nil, evidence.Errorf(evidence.Incomplete, "the checkpoint that the disclosure stands on is missing from the registry")
	}
	if f.Keys, err = s.trusted(ctx); err != nil {
		return nil, err
	}
	members, err := s.registry.Members(ctx, d.Case)
	if err != nil {
		return nil, err
	}
	for _, m := range members {
		f.People = append(f.People, evidence.Person{ID: m.Person, Name: m.Name})
	}
	for it, err := range s.exhibits(ctx, d.Case, src.last()) {
		if err != nil {
			return nil, err
		}
		if reason, ok := src.withheld[it.ID]; ok {
			f.Withheld = append(f.Withheld, bundle.WithheldItem{Item: it, Reason: reason})
			continue
		}
		f.Items++
		f.Bytes += it.Length
	}
	src.facts = f
	return src, nil
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
func (b *bundleSource) Entries(ctx context.Context) iter.Seq2[[]byte, error] {
	return func(yield func([]byte, error) bool) {
		for from := int64(0); from < b.d.LogSize; from += ledger.TileSize {
			list, err := b.s.readLog(ctx, b.d.Case, from, min(b.d.LogSize, from+ledger.TileSize))
			if err != nil {
				yield(nil, err)
				return
			}
			for _, e := range list {
				if !yield(e.Raw, nil) {
					return
				}
			}
		}
	}
}

// Items implements bundle.Source.
func (b *bundleSource) Items(ctx context.Context) iter.Seq2[evidence.Item, error] {
	return func(yield func(evidence.Item, error) bool) {
		for it, err := range b.s.exhibits(ctx, b.d.Case, b.last()) {
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
