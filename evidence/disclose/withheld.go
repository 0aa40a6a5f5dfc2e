package disclose

import (
	"cmp"
	"context"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/internal/parallel"
)

// WithholdEntry asks to show the leaf hash of one entry only. The entry is named
// by its index in the log or by its identifier.
type WithholdEntry struct {
	Index  *int64           `json:"index,omitempty"`
	Entry  evidence.EntryID `json:"entry,omitempty"`
	Reason string           `json:"reason"`
}

// withheldEntries returns which of the first size entries of the log are to be
// withheld, in the order of their indexes. It fails with Invalid for one that is
// not there, is named twice, or must be shown.
func (s *Service) withheldEntries(ctx context.Context, r Request, size int64) ([]evidence.WithheldEntry, error) {
	list := make([]evidence.WithheldEntry, len(r.Entries))
	err := parallel.Each(ctx, len(list), func(ctx context.Context, i int) error {
		e, err := s.entryToWithhold(ctx, r.Case, r.Entries[i], size)
		if err != nil {
			return err
		}
		list[i] = evidence.WithheldEntry{Index: e.Index, Reason: r.Entries[i].Reason}
		return mayWithhold(e)
	})
	if err != nil || len(list) == 0 {
		return nil, err
	}
	slices.SortFunc(list, func(a, b evidence.WithheldEntry) int { return cmp.Compare(a.Index, b.Index) })
	for i := range list[1:] {
		if list[i].Index == list[i+1].Index {
			return nil, evidence.Errorf(evidence.Invalid, "entry %d is withheld twice", list[i].Index)
		}
	}
	return list, nil
}

// entryToWithhold finds an entry by its index or identifier.
func (s *Service) entryToWithhold(ctx context.Context, c evidence.CaseID, w WithholdEntry, size int64) (evidence.LogEntry, error) {
	switch {
	case (w.Index == nil) == (w.Entry == ""):
		return evidence.LogEntry{}, evidence.Errorf(evidence.Invalid, "an entry is withheld by its index or by its identifier: give one of them")
	case w.Index != nil && (*w.Index < 0 || *w.Index >= size):
		return evidence.LogEntry{}, evidence.Errorf(evidence.Invalid, "the log of this case has no entry %d", *w.Index)
	case w.Index != nil:
		list, err := s.book.Log(c).Entries(ctx, *w.Index, *w.Index+1)
		if err != nil {
			return evidence.LogEntry{}, err
		}
		return list[0], nil
	}
	e, err := s.book.Log(c).Entry(ctx, w.Entry)
	if code := evidence.CodeOf(err); code == evidence.NotFound || code == evidence.Conflict || err == nil && e.Index >= size {
		return e, evidence.Errorf(evidence.Invalid, "%s is not an entry of this case", w.Entry)
	}
	return e, err
}

// mayWithhold returns an Invalid error for an entry that a bundle must show, or
// withholds with a whole exhibit only (FORMAT.md section 5.1).
func mayWithhold(e evidence.LogEntry) error {
	switch rule, _ := act.RuleOf(e.Entry.Act); {
	case rule.Structural():
		return evidence.Errorf(evidence.Invalid, "entry %d (%s) cannot be withheld: without it nobody can check who signed the others, and whether they were allowed to", e.Index, rule.Act)
	case rule.Act == evidence.ActRequested:
		return evidence.Errorf(evidence.Invalid, "entry %d (%s) cannot be withheld: it says who had what left out of a bundle", e.Index, rule.Act)
	case rule.Withheld == act.WithExhibit:
		return evidence.Errorf(evidence.Invalid, "entry %d (%s) cannot be withheld by itself; withhold the exhibit", e.Index, rule.Act)
	default:
		return nil
	}
}
