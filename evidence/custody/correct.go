package custody

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
)

// WishCorrected returns the wish of actor to correct an entry of a case's log: to
// say what is right instead. It is NotFound for an entry that the log does not
// have.
func (s *Service) WishCorrected(ctx context.Context, actor evidence.Actor, c evidence.CaseID, id evidence.EntryID, right string) (Wish, error) {
	if err := s.clerk.Allow(ctx, actor, c, act.SeeCase, "case"); err != nil {
		return Wish{}, err
	}
	e, err := s.book.Log(c).Entry(ctx, id)
	if code := evidence.CodeOf(err); code == evidence.NotFound || code == evidence.Conflict {
		return Wish{}, evidence.NoSuch("entry")
	}
	if err != nil {
		return Wish{}, err
	}
	return Wish{Case: c, Say: act.Corrected{Entry: id, Index: e.Index}, Purpose: right}, nil
}
