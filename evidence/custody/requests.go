package custody

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/canon"
)

// detailWithheld is the detail of a request that says what is withheld and why:
// canonical JSON, an array of withheldGroup.
const detailWithheld = "withheld"

// withheldGroup is one reason, and the exhibits that are withheld for it. A case
// has more exhibits than an entry has room for their identifiers.
type withheldGroup struct {
	Exhibits string `json:"exhibits"` // numbers and ranges: "1-200,205"
	Reason   string `json:"reason"`
}

// requestEntry returns the identifier of the entry with which a bundle was asked
// for.
func requestEntry(id evidence.DisclosureID) evidence.EntryID {
	return evidence.DeriveEntryID(string(evidence.ActRequested), string(id))
}

// recordRequest puts the wish for a bundle on record with all that it says, so
// that the disclosure can be made again from the log. A request that is on record
// must say the same.
func (s *Service) recordRequest(ctx context.Context, actor evidence.Actor, r DisclosureRequest, highest int, entries []evidence.WithheldEntry) (evidence.LogEntry, error) {
	e, err := s.entry(requestEntry(r.ID), r.Case, evidence.ActRequested, actor)
	if err != nil {
		return evidence.LogEntry{}, err
	}
	e.Purpose = r.Purpose
	if e.Details, err = s.requestDetails(ctx, r, highest, entries); err != nil {
		return evidence.LogEntry{}, err
	}
	known, err := s.log(r.Case).recorded(ctx, e.ID)
	if evidence.CodeOf(err) == evidence.NotFound {
		var recorded []evidence.LogEntry
		if recorded, err = s.record(ctx, actor, e); err == nil {
			known = recorded[0]
		}
	}
	if err != nil {
		return evidence.LogEntry{}, err
	}
	said := known.Entry
	details := maps.Clone(said.Details)
	delete(details, detailClock)
	details[detailHighest] = e.Details[detailHighest] // what came in since is for the caller
	if said.Case != r.Case || said.Actor.ID != actor.ID || said.Purpose != e.Purpose || !maps.Equal(details, e.Details) {
		return evidence.LogEntry{}, evidence.Errorf(evidence.Conflict, "another bundle was asked for under this identifier; draw a new one")
	}
	return known, nil
}

func (s *Service) requestDetails(ctx context.Context, r DisclosureRequest, highest int, entries []evidence.WithheldEntry) (map[string]string, error) {
	details := map[string]string{
		bundle.DetailDisclosure: string(r.ID), detailTitle: r.Title, "recipient": r.Recipient, detailHighest: strconv.Itoa(highest),
	}
	if err := describeEntries(details, entries); err != nil || len(r.Withheld) == 0 {
		return details, err
	}
	numbers, err := s.exhibitsOf(ctx, r, highest)
	if err != nil {
		return nil, err
	}
	byReason := map[string][]int{}
	for i, w := range r.Withheld {
		byReason[w.Reason] = append(byReason[w.Reason], numbers[i])
	}
	var groups []withheldGroup
	for _, reason := range slices.Sorted(maps.Keys(byReason)) {
		slices.Sort(byReason[reason])
		groups = append(groups, withheldGroup{formatExhibits(byReason[reason]), reason})
	}
	text, err := canon.Marshal(groups)
	details[detailWithheld] = string(text)
	return details, err
}
