package custody

import (
	"cmp"
	"context"
	"slices"
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

// CheckOpening returns nil when actor may open a case, and o is whole. It
// fails with Forbidden or Invalid, and performs no input or output.
func (s *Service) CheckOpening(actor evidence.Actor, o Opening) error {
	if err := allowRole(actor, openCases); err != nil {
		return err
	}
	if _, err := evidence.ParseID[evidence.CaseID](string(o.ID)); err != nil {
		return err
	}
	if err := cmp.Or(evidence.CheckText("the title", o.Title, evidence.MaxTitle, true), evidence.CheckText("the summary", o.Summary, evidence.MaxSummary, false)); err != nil {
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
