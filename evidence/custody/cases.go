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

// Cases returns a page of the cases of which actor is a member, the one that
// they became a member of last first. Of all their places only those of the page
// are opened. The cursor is the Next of the page before; "" for the first.
func (s *Service) Cases(ctx context.Context, actor evidence.Actor, cursor string, limit int) (Page[evidence.Case], error) {
	if err := allowRole(actor, seeCase); err != nil {
		return Page[evidence.Case]{}, err
	}
	after, err := parsePlace(cursor)
	if err != nil {
		return Page[evidence.Case]{}, err
	}
	places, err := s.registry.Memberships(ctx, actor.ID)
	if err != nil {
		return Page[evidence.Case]{}, err
	}
	slices.SortFunc(places, byPlace)
	first := 0
	if cursor != "" {
		for first < len(places) && byPlace(places[first], after) <= 0 {
			first++
		}
	}
	last := min(len(places), first+evidence.PageLimit(limit))
	page := Page[evidence.Case]{Items: make([]evidence.Case, last-first), Total: int64(len(places))}
	err = each(ctx, last-first, func(ctx context.Context, i int) error {
		var err error
		page.Items[i], err = s.registry.Case(ctx, places[first+i].Case)
		return err
	})
	if last < len(places) {
		page.Next = placeOf(places[last-1])
	}
	return page, err
}

// byPlace compares two places in the list of cases: newest first.
func byPlace(a, b evidence.Member) int {
	return cmp.Or(b.AddedAt.Time().Compare(a.AddedAt.Time()), cmp.Compare(a.Case, b.Case))
}

// placeOf returns the cursor of the page that begins after a place in the list
// of cases. It holds the place itself, so that a page begins where the one before
// ended whatever came meanwhile.
func placeOf(m evidence.Member) string { return m.AddedAt.String() + "/" + string(m.Case) }

func parsePlace(cursor string) (evidence.Member, error) {
	if cursor == "" {
		return evidence.Member{}, nil
	}
	at, c, _ := strings.Cut(cursor, "/")
	var added evidence.Instant
	err := added.UnmarshalText([]byte(at))
	if err == nil {
		_, err = evidence.ParseID[evidence.CaseID](c)
	}
	if err != nil {
		return evidence.Member{}, evidence.Errorf(evidence.Invalid, "%.100q is not a place in this list; begin with its first page", cursor)
	}
	return evidence.Member{AddedAt: added, Case: evidence.CaseID(c)}, nil
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
