package custody

import (
	"context"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
)

// WishMember returns the wish of actor to make p a member of a case with a grant
// ("" for all), again if they were one before. It is Conflict when they are one.
func (s *Service) WishMember(ctx context.Context, actor evidence.Actor, c evidence.CaseID, p evidence.Person, g evidence.Grant) (Wish, error) {
	h, err := s.clerk.Enter(ctx, actor, c, act.SeeCase, "case")
	if err != nil {
		return Wish{}, err
	}
	added := act.MemberAdded{Person: p.ID, Name: p.Name, Login: p.Login, Grant: g}
	if times := h.Said.Times(p.ID); times > 0 {
		added.Time = times + 1
	}
	return Wish{Case: c, Say: added}, nil
}

// WishRemoved returns the wish of actor to remove a member from a case, for a
// reason.
func (s *Service) WishRemoved(ctx context.Context, actor evidence.Actor, c evidence.CaseID, p evidence.PersonID, reason string) (Wish, error) {
	h, err := s.clerk.Enter(ctx, actor, c, act.SeeCase, "case")
	if err != nil {
		return Wish{}, err
	}
	removed := act.MemberRemoved{Person: p}
	if times := h.Said.Times(p); times > 1 {
		removed.Time = times
	}
	return Wish{Case: c, Say: removed, Purpose: reason}, nil
}

// Members returns the members of a case as it stands, in the order in which they
// came.
func (s *Service) Members(ctx context.Context, actor evidence.Actor, c evidence.CaseID) ([]evidence.Member, error) {
	h, err := s.clerk.Enter(ctx, actor, c, act.SeeCase, "case")
	if err != nil {
		return nil, err
	}
	return h.Said.Active(), nil
}

// Member returns a member of a case as it stands; NotFound for who is none.
func (s *Service) Member(ctx context.Context, actor evidence.Actor, c evidence.CaseID, p evidence.PersonID) (evidence.Member, error) {
	list, err := s.Members(ctx, actor, c)
	if err != nil {
		return evidence.Member{}, err
	}
	i := slices.IndexFunc(list, func(m evidence.Member) bool { return m.Person == p })
	if i < 0 {
		return evidence.Member{}, evidence.Errorf(evidence.NotFound, "%s is no member of this case", p)
	}
	return list[i], nil
}
