package disclose

import (
	"context"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// newestStatement returns what the root among the keys stated last; nil when there
// is none among them.
func (s *Service) newestStatement(ctx context.Context, keys []evidence.PublicKey) (*attest.Signed, error) {
	if !attest.NewTrust(s.origin, keys).Rooted() {
		return nil, nil
	}
	signed, err := s.clerk.Stated(ctx)
	return &signed, err
}

// statedAfter returns the statements that a log has from an index up to another,
// and the number of the newest one before that.
func (s proofs) statedAfter(ctx context.Context, c evidence.CaseID, from, to int64) (list []attest.Signed, newest int64, err error) {
	l := s.book.Log(c)
	if _, err := l.Head(ctx, 0); err != nil {
		return nil, 0, err
	}
	for _, had := range l.Known().Statements {
		if had.Index >= to {
			break
		}
		newest = max(newest, had.Serial)
		if had.Index < from {
			continue
		}
		e, err := l.Entry(ctx, attest.StatementEntry(c, had.Root, had.Serial))
		if err != nil {
			return nil, 0, err
		}
		list = append(list, attest.SignedFrom(e.Entry.Details))
	}
	return list, newest, nil
}

// addStated adds to a proof the statements that its head, of size entries, has since
// the bundle, and those by which the register's head is signed. Where one of these
// revoked the key of the proof's own head, the proof shows no register.
func (s proofs) addStated(ctx context.Context, root []evidence.PublicKey, d evidence.Disclosure, size int64, p *bundle.Proof) error {
	list, newest, err := s.statedAfter(ctx, d.Case, d.LogSize, size)
	if err != nil || p.Register == nil {
		p.Stated = list
		return err
	}
	register, _, err := s.statedAfter(ctx, evidence.RegisterID(), 0, attest.Everything)
	if err != nil {
		return err
	}
	by := attest.NewTrust(s.origin, root)
	all := slices.Clone(list)
	for _, signed := range register {
		if said, err := signed.Read(); err == nil && said.Serial > newest {
			all = append(all, signed)
		}
	}
	for _, signed := range all {
		if _, err := by.Follow(signed); err != nil {
			return err
		}
	}
	p.Stated = all
	if len(all) == len(list) {
		return nil
	}
	if _, _, err := ledger.OpenCheckpoint(p.Checkpoint, by.For(attest.RoleLog, attest.Everything)); err != nil {
		p.Stated, p.Register = list, nil
	}
	return nil
}
