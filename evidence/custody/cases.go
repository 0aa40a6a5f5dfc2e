package custody

import (
	"cmp"
	"context"
	"log/slog"
	"maps"
	"slices"
	"strings"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/internal/parallel"
	"github.com/sealcase/sealcase/evidence/state"
)

// Case returns a case as it stands.
func (s *Service) Case(ctx context.Context, actor evidence.Actor, c evidence.CaseID) (evidence.Case, error) {
	h, err := s.clerk.Enter(ctx, actor, c, act.SeeCase, "case")
	if err != nil {
		return evidence.Case{}, err
	}
	now, _ := h.Said.Now()
	return now, nil
}

// Cases returns a page of the cases of which actor is a member, by the log of
// each, the one that they became a member of last first. Of all their places only those of the page
// are opened. The cursor is the Next of the page before; "" for the first.
func (s *Service) Cases(ctx context.Context, actor evidence.Actor, cursor string, limit int) (evidence.Page[evidence.Case], error) {
	if err := act.CheckRole(actor, act.SeeCase); err != nil {
		return evidence.Page[evidence.Case]{}, err
	}
	after, err := parsePlace(cursor)
	if err != nil {
		return evidence.Page[evidence.Case]{}, err
	}
	places, err := s.placesOf(ctx, actor.ID)
	if err != nil {
		return evidence.Page[evidence.Case]{}, err
	}
	slices.SortFunc(places, byPlace)
	first := 0
	if cursor != "" {
		for first < len(places) && byPlace(places[first], after) <= 0 {
			first++
		}
	}
	last := min(len(places), first+evidence.PageLimit(limit))
	found := make([]evidence.Case, last-first)
	err = parallel.Each(ctx, last-first, func(ctx context.Context, i int) error {
		var err error
		c := places[first+i].Case
		found[i], err = s.Case(ctx, actor, c)
		switch code := evidence.CodeOf(err); {
		case code == "", code == evidence.NotFound:
			return nil
		case !code.Retryable(): // one case that cannot be read does not hide the others
			s.logger.ErrorContext(ctx, "a case cannot be listed", slog.String("case", string(c)), slog.Any("error", err))
			return nil
		default:
			return err
		}
	})
	page := evidence.Page[evidence.Case]{Total: -1}
	page.Items = slices.DeleteFunc(found, func(c evidence.Case) bool { return c.ID == "" })
	if first == 0 && last == len(places) { // the places that are not opened, rows only say
		page.Total = int64(len(page.Items))
	}
	if last < len(places) {
		page.Next = placeOf(places[last-1])
	}
	return page, err
}

// placesOf returns the places that the registry says somebody has in cases. The
// log of each case says whether it is so.
func (s *Service) placesOf(ctx context.Context, p evidence.PersonID) ([]evidence.Member, error) {
	records, err := s.store.RecordsAbout(ctx, state.KindMember, p)
	if err != nil {
		return nil, err
	}
	newest := map[evidence.CaseID]evidence.Member{}
	for _, r := range records {
		if m, err := state.Decode[evidence.Member](r); err == nil && m.Case == r.Case && m.Version >= newest[m.Case].Version {
			newest[m.Case] = m
		}
	}
	return slices.DeleteFunc(slices.Collect(maps.Values(newest)), func(m evidence.Member) bool { return !m.Active() }), nil
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

// project writes the records that follow from what a log says of a case and its
// members, all of them: one that is missing comes back. Those that are there stay:
// nothing in the registry is ever changed. Intakes are written as they are opened.
func (s *Service) project(ctx context.Context, said *state.Case) error {
	return s.store.AddRecords(ctx, slices.DeleteFunc(said.Records(), func(r state.Record) bool { return r.Kind == state.KindIntake }))
}
