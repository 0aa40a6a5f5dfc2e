package custody

import (
	"context"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/state"
)

// WishClass returns the wish of actor to have a case be of another class, for a
// reason and, where it is to be sealed, by an order. To unseal one takes two: it
// is the wish to ask for it where nobody else has, or where actor may only ask,
// and Conflict for who asked already.
func (s *Service) WishClass(ctx context.Context, actor evidence.Actor, c evidence.CaseID, to evidence.Class, reason, order string) (Wish, error) {
	h, err := s.clerk.Enter(ctx, actor, c, act.SeeCase, "case")
	if err != nil {
		return Wish{}, err
	}
	now, _ := h.Said.Now()
	w := Wish{Case: c, Purpose: reason, Authority: order}
	change := act.ClassChanged{From: h.Said.Class(), To: to, Version: now.Version + 1}
	if change.From == evidence.ClassSealed && to != evidence.ClassSealed {
		other, asked := h.Said.Asks(to, actor.ID)
		if !asked || h.Said.Allows(actor.ID, actor.Roles, act.CloseCase) != nil {
			if slices.ContainsFunc(h.Said.Asked, func(r state.ClassRequest) bool { return r.By == actor.ID && r.To == to }) {
				return Wish{}, evidence.Errorf(evidence.Conflict, "you have asked for it already; a supervisor who may manage the case, and is somebody else, does it")
			}
			w.Say = act.ClassRequested{To: to, Version: change.Version}
			return w, nil
		}
		change.Request = other.Entry
	}
	w.Say = change
	return w, nil
}
