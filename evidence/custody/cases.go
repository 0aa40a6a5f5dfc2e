package custody

import (
	"cmp"
	"context"
	"log/slog"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/state"
)

// Case returns a case as it stands.
func (s *Service) Case(ctx context.Context, actor evidence.Actor, c evidence.CaseID) (evidence.Case, error) {
	h, err := s.enter(ctx, actor, c, act.SeeCase, "case")
	if err != nil {
		return evidence.Case{}, err
	}
	now, _ := h.said.Now()
	return now, nil
}

// Cases returns the cases of which actor is a member, newest first. The registry
// says where to look, and the log of each whether it is so.
func (s *Service) Cases(ctx context.Context, actor evidence.Actor) ([]evidence.Case, error) {
	if err := allowRole(actor, act.SeeCase); err != nil {
		return nil, err
	}
	places, err := s.registry.RecordsAbout(ctx, state.KindMember, actor.ID)
	if err != nil {
		return nil, err
	}
	var ids []evidence.CaseID
	for _, p := range places {
		if !slices.Contains(ids, p.Case) {
			ids = append(ids, p.Case)
		}
	}
	found := make([]evidence.Case, len(ids))
	err = each(ctx, len(ids), func(ctx context.Context, i int) error {
		var err error
		found[i], err = s.Case(ctx, actor, ids[i])
		switch code := evidence.CodeOf(err); {
		case code == "", code == evidence.NotFound, code == evidence.Forbidden:
			return nil
		case !code.Retryable(): // one case that cannot be read does not hide the others
			s.logger.ErrorContext(ctx, "a case cannot be listed", slog.String("case", string(ids[i])), slog.Any("error", err))
			return nil
		default:
			return err
		}
	})
	list := slices.DeleteFunc(found, func(c evidence.Case) bool { return c.ID == "" })
	slices.SortFunc(list, func(a, b evidence.Case) int {
		return cmp.Or(b.OpenedAt.Time().Compare(a.OpenedAt.Time()), cmp.Compare(b.Number, a.Number))
	})
	return list, err
}

// Members returns the members of a case as it stands, in the order in which they
// came.
func (s *Service) Members(ctx context.Context, actor evidence.Actor, c evidence.CaseID) ([]evidence.Member, error) {
	h, err := s.enter(ctx, actor, c, act.SeeCase, "case")
	if err != nil {
		return nil, err
	}
	return h.said.Active(), nil
}

// project writes the records that follow from what a log says of a case and its
// members, all of them: one that is missing comes back. Those that are there stay:
// nothing in the registry is ever changed. Intakes are written as they are opened.
func (s *Service) project(ctx context.Context, said *state.Case) error {
	return s.registry.AddRecords(ctx, slices.DeleteFunc(said.Records(), func(r state.Record) bool { return r.Kind == state.KindIntake }))
}
