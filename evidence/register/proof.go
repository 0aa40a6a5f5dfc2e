package register

import (
	"cmp"
	"context"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/logbook"
)

// maxProofTiles is how many tiles of 256 sizes after a head's registration are
// looked through for the checkpoint that most outsiders vouched for.
const maxProofTiles = 8

// RegisterProof shows that the register has the head of a log at exactly that
// size, under the checkpoint that most witnesses cosigned, the earliest of
// those. It is NotFound while the register has not taken that head in. Every
// part was checked again before it is given out: a cosignature or a token that
// is not good, or not by an outsider that this process is told of, is left out.
func (r *Register) RegisterProof(ctx context.Context, c evidence.CaseID, size int64) (*bundle.RegisterProof, error) {
	e, err := r.book.Log(evidence.RegisterID()).Entry(ctx, headEntryID(c, size))
	if err != nil {
		return nil, err
	}
	l := r.book.Log(evidence.RegisterID())
	newest, err := l.Head(ctx, 0)
	if err != nil {
		return nil, err
	}
	if newest.Note != nil {
		if _, err := l.Open(ctx, newest.Note); err != nil { // our key signed it
			return nil, err
		}
	}
	found, err := r.vouchedFor(ctx, e.Index, newest)
	if err != nil {
		return nil, err
	}
	p := &bundle.RegisterProof{Entry: e.Raw, Index: e.Index, Checkpoint: found.note, Timestamps: found.tokens}
	if p.Checkpoint, err = ledger.AddCosignatures(found.note, found.lines...); err != nil {
		return nil, err
	}
	if p.Inclusion, err = l.ProveInclusion(ctx, e.Index, found.size); err != nil {
		return nil, err
	}
	root, err := l.Root(ctx, found.size)
	if err != nil {
		return nil, err
	}
	return p, ledger.VerifyInclusion(ledger.LeafHash(e.Raw), e.Index, found.size, p.Inclusion, root)
}

// vouched is a checkpoint of the register with what outsiders gave for it.
type vouched struct {
	size   int64
	note   []byte
	lines  [][]byte // of witnesses
	tokens [][]byte
}

// vouchedFor returns the checkpoint to show an entry of the register under.
func (r *Register) vouchedFor(ctx context.Context, index int64, newest logbook.Head) (vouched, error) {
	bySize := map[int64][]evidence.Anchor{}
	first := (index + 1) / ledger.TileSize
	for tile := first; tile <= min(newest.Size/ledger.TileSize, first+maxProofTiles); tile++ {
		list, err := r.store.Anchors(ctx, tile)
		if err != nil {
			return vouched{}, err
		}
		for _, a := range list {
			if a.Size > index && a.Size <= newest.Size {
				bySize[a.Size] = append(bySize[a.Size], a)
			}
		}
	}
	var best vouched
	for size, anchors := range bySize {
		v, err := r.vouchedAt(ctx, size, anchors)
		if err != nil {
			return vouched{}, err
		}
		if better := cmp.Or(cmp.Compare(len(v.lines), len(best.lines)), cmp.Compare(len(v.tokens), len(best.tokens)),
			cmp.Compare(best.size, v.size)); best.note == nil || v.note != nil && better > 0 {
			best = v
		}
	}
	if best.note == nil {
		return r.vouchedByNobody(ctx, index, newest)
	}
	return best, nil
}

// vouchedByNobody is the register's newest signed checkpoint, when it has the
// entry.
func (r *Register) vouchedByNobody(ctx context.Context, index int64, newest logbook.Head) (vouched, error) {
	if newest.Signed <= index {
		h, err := r.registerHead(ctx)
		return vouched{size: h.Size, note: h.Note}, err
	}
	return vouched{size: newest.Signed, note: newest.Note}, nil
}

// vouchedAt checks what outsiders gave for the checkpoint at a size, against
// the register as this process knows it.
func (r *Register) vouchedAt(ctx context.Context, size int64, anchors []evidence.Anchor) (vouched, error) {
	l := r.book.Log(evidence.RegisterID())
	note, err := r.store.Checkpoint(ctx, evidence.RegisterID(), size)
	if err != nil || note == nil {
		return vouched{}, err
	}
	root, err := l.Root(ctx, size)
	if err != nil {
		return vouched{}, err
	}
	cp, err := l.Open(ctx, note)
	if err != nil {
		return vouched{}, err
	}
	if cp.Root != root {
		return vouched{}, evidence.Errorf(evidence.Tampered, "another register was signed at %d entries", size)
	}
	v := vouched{size: size, note: note}
	for _, a := range anchors {
		switch {
		case a.Kind == evidence.AnchorWitness && r.goodCosignature(note, a):
			v.lines = append(v.lines, a.Body)
		case a.Kind == evidence.AnchorTimestamp && r.goodToken(note, a):
			v.tokens = append(v.tokens, a.Body)
		}
	}
	return v, nil
}

func (r *Register) goodCosignature(note []byte, a evidence.Anchor) bool {
	i := slices.IndexFunc(r.witnesses, func(w Witness) bool { return w.Key().Name == a.By })
	if i < 0 {
		return false
	}
	cosigned, err := ledger.AddCosignatures(note, a.Body)
	if err != nil {
		return false
	}
	_, by, err := ledger.OpenCosignatures(cosigned, []evidence.WitnessKey{r.witnesses[i].Key()})
	return err == nil && len(by) == 1
}

func (r *Register) goodToken(note []byte, a evidence.Anchor) bool {
	i := slices.IndexFunc(r.authorities, func(t Authority) bool { return t.Name() == a.By })
	if i < 0 {
		return false
	}
	text, err := ledger.Text(note)
	return err == nil && r.authorities[i].Check(a.Body, text) == nil
}
