package custody

import (
	"context"
	"slices"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/logbook"
	"github.com/sealcase/sealcase/evidence/state"
)

// accessAge is how old what a process knows of a log may be when it decides who
// may read: within that time whoever loses access loses it in every process.
const accessAge = 500 * time.Millisecond

// noSuch is what anybody hears of what does not exist and of what they may not
// know to exist: the same words for both.
func noSuch(thing string) error {
	return evidence.Errorf(evidence.NotFound, "there is no such %s, or you are not a member of its case", thing)
}

// allowRole returns nil when the actor's roles have the permission.
func allowRole(actor evidence.Actor, p act.Permission) error {
	if actor.ID == "" || actor.Service {
		return evidence.Errorf(evidence.Forbidden, "only a person who is signed in may do this")
	}
	if !p.AllowsRole(actor.Roles...) {
		return evidence.Errorf(evidence.Forbidden, "your role does not allow this")
	}
	return nil
}

// allow returns nil when the actor is a member of the case, by its log, whose
// grant and roles have the permission. Our own services may see cases without
// being members.
func (s *Service) allow(ctx context.Context, actor evidence.Actor, c evidence.CaseID, p act.Permission, thing string) error {
	_, err := s.enter(ctx, actor, c, p, thing)
	return err
}

// enter is allow, and returns what the log says of the case. No record of the
// registry opens a case: whoever can write there could make anybody a member.
func (s *Service) enter(ctx context.Context, actor evidence.Actor, c evidence.CaseID, p act.Permission, thing string) (logbook.Head, error) {
	service := actor.Service && actor.ID != "" && p == act.SeeCase
	if !service && (actor.ID == "" || actor.Service) {
		return logbook.Head{}, noSuch(thing)
	}
	if _, err := evidence.ParseID[evidence.CaseID](string(c)); err != nil || c == evidence.RegisterID() && !service {
		return logbook.Head{}, noSuch(thing)
	}
	h, err := s.book.Log(c).Head(ctx, accessAge)
	if err != nil || service {
		return h, err
	}
	if _, opened := h.Said.Now(); !opened {
		if err := h.Whole(); err != nil {
			return logbook.Head{}, err
		}
		return logbook.Head{}, noSuch(thing)
	}
	err = h.Said.Allows(actor.ID, actor.Roles, p)
	if evidence.CodeOf(err) == evidence.NotFound {
		err = noSuch(thing)
	}
	return h, err
}

// caseNow returns what the log says of a case, to be decided on: all of it.
func (s *Service) caseNow(ctx context.Context, c evidence.CaseID) (now evidence.Case, said *state.Case, err error) {
	h, err := s.book.Log(c).Head(ctx, 0)
	if err == nil {
		err = h.Whole()
	}
	if err != nil {
		return evidence.Case{}, nil, err
	}
	now, ok := h.Said.Now()
	if !ok {
		return evidence.Case{}, nil, noSuch("case")
	}
	return now, h.Said, nil
}

// Follow takes in what other processes recorded of a case before the call. It
// tells nothing of it.
func (s *Service) Follow(ctx context.Context, c evidence.CaseID) error {
	_, err := s.book.Log(c).Head(ctx, 0)
	return err
}

// onlyService returns nil when a process of ours acts on its own account.
func onlyService(actor evidence.Actor) error {
	if !actor.Service || actor.ID == "" {
		return evidence.Errorf(evidence.Forbidden, "only the program itself does this")
	}
	return nil
}

// hide turns NotFound into the words of noSuch.
func hide(err error, thing string) error {
	if evidence.CodeOf(err) == evidence.NotFound {
		return noSuch(thing)
	}
	return err
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
