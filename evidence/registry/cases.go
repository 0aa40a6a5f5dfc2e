package registry

import (
	"context"
	"fmt"
	"maps"
	"slices"

	"github.com/sealcase/sealcase/evidence"
)

// AddCaseNumber gives a case its number. It reports false when the number is
// taken or the case has one.
func (r *Registry) AddCaseNumber(ctx context.Context, number string, c evidence.CaseID) (added bool, err error) {
	return r.insert(ctx, caseNumbers, document{ID: number, Case: string(c)})
}

// HasCaseNumber reports whether a case has that number.
func (r *Registry) HasCaseNumber(ctx context.Context, number string) (bool, error) {
	_, ok, err := r.one(ctx, caseNumbers, number)
	return ok, err
}

// CaseNumber returns the number of a case, "" when it has none yet.
func (r *Registry) CaseNumber(ctx context.Context, c evidence.CaseID) (string, error) {
	found, err := r.find(ctx, caseNumbers, "case", string(c))
	if err != nil || len(found) == 0 {
		return "", err
	}
	return found[0].ID, nil
}

// AddCase adds a version of a case and reports false when it is taken.
func (r *Registry) AddCase(ctx context.Context, c evidence.Case) (added bool, err error) {
	body, err := encode(c)
	if err != nil {
		return false, err
	}
	return r.insert(ctx, cases, document{
		ID: fmt.Sprintf("%s/%06d", c.ID, c.Version), Case: string(c.ID), Version: int64(c.Version), Body: body,
	})
}

// Case returns a case at its highest version, or NotFound.
func (r *Registry) Case(ctx context.Context, c evidence.CaseID) (evidence.Case, error) {
	found, err := r.find(ctx, cases, "case", string(c))
	if err != nil {
		return evidence.Case{}, err
	}
	if len(found) == 0 {
		return evidence.Case{}, evidence.Errorf(evidence.NotFound, "there is no case %s", c)
	}
	return decode[evidence.Case](found[len(found)-1])
}

// AddMember adds a member and reports false when that person is one.
func (r *Registry) AddMember(ctx context.Context, m evidence.Member) (added bool, err error) {
	body, err := encode(m)
	if err != nil {
		return false, err
	}
	return r.insert(ctx, members, document{
		ID: fmt.Sprintf("%s/%s", m.Case, m.Person), Case: string(m.Case), Person: string(m.Person), Body: body,
	})
}

// Member returns a person's place in a case, or NotFound.
func (r *Registry) Member(ctx context.Context, c evidence.CaseID, p evidence.PersonID) (evidence.Member, error) {
	d, ok, err := r.one(ctx, members, fmt.Sprintf("%s/%s", c, p))
	if err != nil {
		return evidence.Member{}, err
	}
	if !ok {
		return evidence.Member{}, evidence.Errorf(evidence.NotFound, "%s is not a member of %s", p, c)
	}
	return decode[evidence.Member](d)
}

// Members returns the members of a case.
func (r *Registry) Members(ctx context.Context, c evidence.CaseID) ([]evidence.Member, error) {
	return decodeAll[evidence.Member](r.find(ctx, members, "case", string(c)))
}

// Memberships returns a person's places in all cases.
func (r *Registry) Memberships(ctx context.Context, p evidence.PersonID) ([]evidence.Member, error) {
	return decodeAll[evidence.Member](r.find(ctx, members, "person", string(p)))
}

// AddIntake adds an intake and reports false when its identifier is taken.
func (r *Registry) AddIntake(ctx context.Context, in evidence.Intake) (added bool, err error) {
	body, err := encode(in)
	if err != nil {
		return false, err
	}
	return r.insert(ctx, intakes, document{ID: string(in.ID), Body: body})
}

// Intake returns an intake, or NotFound.
func (r *Registry) Intake(ctx context.Context, id evidence.IntakeID) (evidence.Intake, error) {
	d, ok, err := r.one(ctx, intakes, string(id))
	if err != nil {
		return evidence.Intake{}, err
	}
	if !ok {
		return evidence.Intake{}, evidence.Errorf(evidence.NotFound, "there is no intake %s", id)
	}
	return decode[evidence.Intake](d)
}

// CaseIDs returns the identifiers of all cases that have a number or a version,
// in their order: some 50 bytes of memory a case. What is no identifier is left
// out. It reads two collections whole, and is for audits and for setting up
// again.
func (r *Registry) CaseIDs(ctx context.Context) ([]evidence.CaseID, error) {
	seen := map[evidence.CaseID]bool{}
	for _, collection := range []string{caseNumbers, cases} {
		found, err := r.all(ctx, collection, "case")
		if err != nil {
			return nil, err
		}
		for _, d := range found {
			if id, err := evidence.ParseID[evidence.CaseID](d.Case); err == nil {
				seen[id] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(seen)), nil
}
