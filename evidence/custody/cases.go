package custody

import (
	"cmp"
	"context"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

// Opening is what a new case begins with.
type Opening struct {
	ID       evidence.CaseID   `json:"id"`
	Title    string            `json:"title"`
	Summary  string            `json:"summary,omitempty"`
	TimeZone string            `json:"time_zone"`         // IANA name
	Members  []evidence.Person `json:"members,omitempty"` // besides the opener
}

// Limits of what people type, in bytes.
const (
	maxTitle = 200
	maxText  = 4000
)

// checkText returns an Invalid error when text is longer than limit, or needed
// and empty, or cannot be shown.
func checkText(what, text string, limit int, needed bool) error {
	switch {
	case needed && strings.TrimSpace(text) == "":
		return evidence.Errorf(evidence.Invalid, "%s is missing", what)
	case len(text) > limit:
		return evidence.Errorf(evidence.Invalid, "%s may have %d bytes, this has %d", what, limit, len(text))
	case strings.ToValidUTF8(text, "") != text || strings.ContainsRune(text, 0):
		return evidence.Errorf(evidence.Invalid, "%s is not valid UTF-8 text", what)
	}
	return nil
}

// CheckOpening returns nil when actor may open a case, and o is whole. It
// fails with Forbidden or Invalid, and performs no input or output.
func (s *Service) CheckOpening(actor evidence.Actor, o Opening) error {
	if err := allowRole(actor, openCases); err != nil {
		return err
	}
	if _, err := evidence.ParseID[evidence.CaseID](string(o.ID)); err != nil {
		return err
	}
	if err := cmp.Or(checkText("the title", o.Title, maxTitle, true), checkText("the summary", o.Summary, maxText, false)); err != nil {
		return err
	}
	if _, err := time.LoadLocation(o.TimeZone); err != nil || o.TimeZone == "" || o.TimeZone == "Local" {
		return evidence.Errorf(evidence.Invalid, "%q is not a time zone; use a name like Europe/Berlin or UTC", o.TimeZone)
	}
	for _, p := range o.Members {
		if err := checkPerson(p); err != nil {
			return err
		}
	}
	return nil
}

func checkPerson(p evidence.Person) error {
	if p.ID == "" || strings.ContainsAny(string(p.ID), "/\x00") {
		return evidence.Errorf(evidence.Invalid, "a member needs an identity")
	}
	return nil
}

// RecordOpening opens a case: it gives it the unit's next number, records it,
// and makes the opener and o.Members its members. Idempotent under o.ID.
func (s *Service) RecordOpening(ctx context.Context, actor evidence.Actor, o Opening) (evidence.Case, error) {
	if err := s.CheckOpening(actor, o); err != nil {
		return evidence.Case{}, err
	}
	number, err := s.giveNumber(ctx, o.ID)
	if err != nil {
		return evidence.Case{}, err
	}
	now := s.now()
	c := evidence.Case{
		ID: o.ID, Number: number, Version: 1, Title: o.Title, Summary: o.Summary, State: evidence.StateIntake,
		TimeZone: o.TimeZone, OpenedAt: now, OpenedBy: actor.ID, At: now, By: actor.ID,
	}
	added, err := s.registry.AddCase(ctx, c)
	if err != nil {
		return evidence.Case{}, err
	}
	if !added {
		if c, err = s.registry.Case(ctx, o.ID); err != nil {
			return evidence.Case{}, err
		}
		if c.OpenedBy != actor.ID {
			return evidence.Case{}, noSuch("case")
		}
	}
	if err := s.recordOpened(ctx, actor, c); err != nil {
		return evidence.Case{}, err
	}
	for _, p := range o.Members {
		if p.ID == actor.ID {
			continue
		}
		if _, err := s.addMember(ctx, actor, c.ID, p); err != nil {
			return evidence.Case{}, err
		}
	}
	// The opener comes last: only now does anybody see the case, whole.
	_, err = s.registry.AddMember(ctx, evidence.Member{
		Case: c.ID, Person: actor.ID, Login: actor.Login, Name: actor.Name, AddedAt: c.OpenedAt, AddedBy: actor.ID,
	})
	return c, err
}

func (s *Service) recordOpened(ctx context.Context, actor evidence.Actor, c evidence.Case) error {
	e, err := s.entry(evidence.DeriveEntryID("opened", string(c.ID)), c.ID, evidence.ActOpened, actor)
	if err != nil {
		return err
	}
	e.At = c.OpenedAt
	e.Details = map[string]string{"number": c.Number, "title": c.Title, "time_zone": c.TimeZone}
	_, err = s.record(ctx, e)
	return err
}

// RecordMember makes p a member of the case. Idempotent.
func (s *Service) RecordMember(ctx context.Context, actor evidence.Actor, c evidence.CaseID, p evidence.Person) (evidence.Member, error) {
	if err := s.allow(ctx, actor, c, manageCase, "case"); err != nil {
		return evidence.Member{}, err
	}
	if err := checkPerson(p); err != nil {
		return evidence.Member{}, err
	}
	return s.addMember(ctx, actor, c, p)
}

// addMember puts the act on record first: nobody sees a case without it.
func (s *Service) addMember(ctx context.Context, actor evidence.Actor, c evidence.CaseID, p evidence.Person) (evidence.Member, error) {
	known, err := s.registry.Member(ctx, c, p.ID)
	if err == nil || evidence.CodeOf(err) != evidence.NotFound {
		return known, err
	}
	e, err := s.entry(evidence.DeriveEntryID("member-added", string(c), string(p.ID)), c, evidence.ActMemberAdded, actor)
	if err != nil {
		return evidence.Member{}, err
	}
	e.Details = map[string]string{"person": string(p.ID), "name": p.Name}
	recorded, err := s.record(ctx, e)
	if err != nil {
		return evidence.Member{}, err
	}
	e = recorded[0].Entry
	m := evidence.Member{Case: c, Person: p.ID, Login: p.Login, Name: p.Name, AddedAt: e.At, AddedBy: e.Actor.ID}
	if added, err := s.registry.AddMember(ctx, m); added || err != nil {
		return m, err
	}
	return s.registry.Member(ctx, c, p.ID)
}

// RecordTransition brings the case from one state to another. It fails with
// Conflict when the case is not in state from, or when to may not follow.
// Retrying a transition that happened returns the case as it left it.
func (s *Service) RecordTransition(ctx context.Context, actor evidence.Actor, c evidence.CaseID, from, to evidence.CaseState, reason string) (evidence.Case, error) {
	if err := s.allow(ctx, actor, c, moveCase, "case"); err != nil {
		return evidence.Case{}, err
	}
	if err := checkText("the reason", reason, maxText, true); err != nil {
		return evidence.Case{}, err
	}
	if err := from.Transition(to); err != nil {
		return evidence.Case{}, err
	}
	for {
		now, err := s.registry.Case(ctx, c)
		if err != nil {
			return evidence.Case{}, hide(err, "case")
		}
		if now.State == to && now.By == actor.ID {
			return now, s.recordTransitioned(ctx, actor, now, from, reason)
		}
		if now.State != from {
			return evidence.Case{}, evidence.Errorf(evidence.Conflict, "the case is %s, not %s any more; read it again", now.State, from)
		}
		now.Version, now.State, now.At, now.By = now.Version+1, to, s.now(), actor.ID
		added, err := s.registry.AddCase(ctx, now)
		if err != nil {
			return evidence.Case{}, err
		}
		if added {
			return now, s.recordTransitioned(ctx, actor, now, from, reason)
		}
	}
}

func (s *Service) recordTransitioned(ctx context.Context, actor evidence.Actor, c evidence.Case, from evidence.CaseState, reason string) error {
	id := evidence.DeriveEntryID("transitioned", string(c.ID), strconv.Itoa(c.Version))
	e, err := s.entry(id, c.ID, evidence.ActTransitioned, actor)
	if err != nil {
		return err
	}
	e.At, e.Purpose = c.At, reason
	e.Details = map[string]string{"from": string(from), "to": string(c.State)}
	_, err = s.record(ctx, e)
	return err
}

// Case returns a case as it stands.
func (s *Service) Case(ctx context.Context, actor evidence.Actor, c evidence.CaseID) (evidence.Case, error) {
	if err := s.allow(ctx, actor, c, seeCase, "case"); err != nil {
		return evidence.Case{}, err
	}
	found, err := s.registry.Case(ctx, c)
	return found, hide(err, "case")
}

// Cases returns the cases of which actor is a member, newest first.
func (s *Service) Cases(ctx context.Context, actor evidence.Actor) ([]evidence.Case, error) {
	if err := allowRole(actor, seeCase); err != nil {
		return nil, err
	}
	places, err := s.registry.Memberships(ctx, actor.ID)
	if err != nil {
		return nil, err
	}
	list := make([]evidence.Case, len(places))
	err = each(ctx, len(places), func(ctx context.Context, i int) error {
		var err error
		list[i], err = s.registry.Case(ctx, places[i].Case)
		return err
	})
	slices.SortFunc(list, func(a, b evidence.Case) int {
		return cmp.Or(b.OpenedAt.Time().Compare(a.OpenedAt.Time()), cmp.Compare(b.Number, a.Number))
	})
	return list, err
}

// Members returns the members of a case, in the order in which they came.
func (s *Service) Members(ctx context.Context, actor evidence.Actor, c evidence.CaseID) ([]evidence.Member, error) {
	if err := s.allow(ctx, actor, c, seeCase, "case"); err != nil {
		return nil, err
	}
	list, err := s.registry.Members(ctx, c)
	slices.SortFunc(list, func(a, b evidence.Member) int {
		return cmp.Or(a.AddedAt.Time().Compare(b.AddedAt.Time()), cmp.Compare(a.Person, b.Person))
	})
	return list, err
}
