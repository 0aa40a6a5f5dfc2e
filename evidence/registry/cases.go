package registry

import (
	"context"
	"maps"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/state"
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

// AddRecords adds records of what logs say; those whose keys are taken stay as they
// are.
func (r *Registry) AddRecords(ctx context.Context, list []state.Record) error {
	byKind := map[state.Kind][]document{}
	for _, rec := range list {
		byKind[rec.Kind] = append(byKind[rec.Kind], document{
			ID: rec.Key, Case: string(rec.Case), Person: string(rec.Person), Version: int64(rec.Version), Body: string(rec.Body),
		})
	}
	for _, kind := range slices.Sorted(maps.Keys(byKind)) {
		if _, err := r.insertAll(ctx, string(kind), byKind[kind]); err != nil {
			return err
		}
	}
	return nil
}

// Record returns the record with a key, or NotFound.
func (r *Registry) Record(ctx context.Context, kind state.Kind, key string) (state.Record, error) {
	d, ok, err := r.one(ctx, string(kind), key)
	if err == nil && !ok {
		err = evidence.Errorf(evidence.NotFound, "there is no such record")
	}
	return recordOf(kind, d), err
}

// RecordsOf returns the records of a case of one kind.
func (r *Registry) RecordsOf(ctx context.Context, kind state.Kind, c evidence.CaseID) ([]state.Record, error) {
	return recordsOf(kind)(r.find(ctx, string(kind), "case", string(c)))
}

// RecordsAbout returns the records of one kind about a person.
func (r *Registry) RecordsAbout(ctx context.Context, kind state.Kind, p evidence.PersonID) ([]state.Record, error) {
	return recordsOf(kind)(r.find(ctx, string(kind), "person", string(p)))
}

func recordsOf(kind state.Kind) func([]document, error) ([]state.Record, error) {
	return func(found []document, err error) ([]state.Record, error) {
		list := make([]state.Record, len(found))
		for i, d := range found {
			list[i] = recordOf(kind, d)
		}
		return list, err
	}
}

func recordOf(kind state.Kind, d document) state.Record {
	return state.Record{
		Kind: kind, Key: d.ID, Case: evidence.CaseID(d.Case), Person: evidence.PersonID(d.Person),
		Bundle: evidence.DisclosureID(d.Disclosure), Version: int(d.Version), Body: []byte(d.Body),
	}
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
