package registry

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/sealcase/sealcase/evidence"
)

// AddDisclosure adds a version of a disclosure and reports false when it is
// taken.
func (r *Registry) AddDisclosure(ctx context.Context, d evidence.Disclosure) (added bool, err error) {
	body, err := encode(d)
	if err != nil {
		return false, err
	}
	return r.insert(ctx, disclosures, document{
		ID: fmt.Sprintf("%s/%04d", d.ID, d.Version), Disclosure: string(d.ID), Case: string(d.Case),
		Version: int64(d.Version), Body: body,
	})
}

// Disclosure returns a disclosure at its highest version, or NotFound.
func (r *Registry) Disclosure(ctx context.Context, id evidence.DisclosureID) (evidence.Disclosure, error) {
	found, err := r.find(ctx, disclosures, "disclosure", string(id))
	if err != nil {
		return evidence.Disclosure{}, err
	}
	if len(found) == 0 {
		return evidence.Disclosure{}, evidence.Errorf(evidence.NotFound, "there is no disclosure %s", id)
	}
	return decode[evidence.Disclosure](found[len(found)-1])
}

// Disclosures returns the disclosures of a case, each at its highest version,
// the one requested last first.
func (r *Registry) Disclosures(ctx context.Context, c evidence.CaseID) ([]evidence.Disclosure, error) {
	versions, err := decodeAll[evidence.Disclosure](r.find(ctx, disclosures, "case", string(c)))
	if err != nil {
		return nil, err
	}
	newest := map[evidence.DisclosureID]evidence.Disclosure{}
	for _, d := range versions { // by version
		newest[d.ID] = d
	}
	list := make([]evidence.Disclosure, 0, len(newest))
	for _, d := range newest {
		list = append(list, d)
	}
	slices.SortFunc(list, func(a, b evidence.Disclosure) int {
		return cmp.Or(b.RequestedAt.Time().Compare(a.RequestedAt.Time()), cmp.Compare(a.ID, b.ID))
	})
	return list, nil
}
