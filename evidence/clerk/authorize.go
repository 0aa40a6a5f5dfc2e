package clerk

import (
	"context"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/logbook"
	"github.com/sealcase/sealcase/evidence/state"
)

// Allow returns nil when the actor is a member of the case, by its log, whose
// grant and roles have the permission. Our own services may see cases without
// being members.
func (s *Clerk) Allow(ctx context.Context, actor evidence.Actor, c evidence.CaseID, p act.Permission, thing string) error {
	_, err := s.Enter(ctx, actor, c, p, thing)
	return err
}

// Enter is Allow, and returns what the log says of the case. No record of the
// registry opens a case: whoever can write there could make anybody a member.
func (s *Clerk) Enter(ctx context.Context, actor evidence.Actor, c evidence.CaseID, p act.Permission, thing string) (logbook.Head, error) {
	service := actor.Service && actor.ID != "" && p == act.SeeCase
	if !service && (actor.ID == "" || actor.Service) {
		return logbook.Head{}, evidence.NoSuch(thing)
	}
	if _, err := evidence.ParseID[evidence.CaseID](string(c)); err != nil || c == evidence.RegisterID() && !service {
		return logbook.Head{}, evidence.NoSuch(thing)
	}
	l := s.book.Log(c)
	h, err := l.Head(ctx, logbook.AccessAge)
	if said := l.Known(); err != nil && !service && len(said.Versions) > 0 && said.Grant(actor.ID) == "" {
		return logbook.Head{}, evidence.NoSuch(thing) // that a log cannot be used tells that there is one
	}
	if err != nil || service {
		return h, err
	}
	if _, opened := h.Said.Now(); !opened {
		if err := h.Whole(); err != nil {
			return logbook.Head{}, err
		}
		return logbook.Head{}, evidence.NoSuch(thing)
	}
	err = h.Said.Allows(actor.ID, actor.Roles, p)
	if evidence.CodeOf(err) == evidence.NotFound {
		err = evidence.NoSuch(thing)
	}
	return h, err
}

// CaseNow returns what the log says of a case, to be decided on: all of it.
func (s *Clerk) CaseNow(ctx context.Context, c evidence.CaseID) (now evidence.Case, said *state.Case, err error) {
	h, err := s.book.Log(c).Head(ctx, 0)
	if err == nil {
		err = h.Whole()
	}
	if err != nil {
		return evidence.Case{}, nil, err
	}
	now, ok := h.Said.Now()
	if !ok {
		return evidence.Case{}, nil, evidence.NoSuch("case")
	}
	return now, h.Said, nil
}

// sameRoles reports whether two lists name the same roles.
func sameRoles(a, b []evidence.Role) bool {
	sorted := func(list []evidence.Role) []evidence.Role {
		list = slices.Clone(list)
		slices.Sort(list)
		return slices.Compact(list)
	}
	return slices.Equal(sorted(a), sorted(b))
}
