package audit

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/state"
)

// disclosures compares what the registry says of disclosures, and the bundles
// that are stored, with the log.
func (r *run) disclosures(ctx context.Context, c evidence.CaseID, read *caseRead, f *findings) error {
	said, ready := read.said, []evidence.Disclosure(nil)
	withheld := make([]map[evidence.ItemID]string, len(said.Disclosures))
	for i, d := range said.Disclosures {
		var err error
		if withheld[i], err = r.withheld(ctx, c, read, d); err != nil {
			return err
		}
	}
	if err := r.withheldWith(ctx, c, read, withheld, f); err != nil {
		return err
	}
	err := r.settle(ctx, f, func(f *findings) error {
		got, err := r.registeredDisclosures(ctx, c, f)
		if err != nil {
			return err
		}
		ready = nil
		for n, want := range said.Disclosures {
			i := slices.IndexFunc(got, func(d evidence.Disclosure) bool { return d.ID == want.ID })
			if i < 0 {
				f.add(evidence.AlarmRecord, string(want.ID), "the log says that the bundle %s was asked for, the registry has lost it", want.ID)
				continue
			}
			r.disclosure(got[i], want, withheld[n], read, f)
			d := got[i]
			if want.State == evidence.DisclosureReady { // the log says what the bundle is, whatever the registry does
				d.Bundle, d.Length = want.Bundle, want.Length
			}
			if d.State == evidence.DisclosureReady || want.State == evidence.DisclosureReady {
				ready = append(ready, d)
			}
		}
		for _, d := range got {
			known := slices.ContainsFunc(said.Disclosures, func(w state.Disclosure) bool { return w.ID == d.ID })
			if !known && d.State == evidence.DisclosureReady {
				f.add(evidence.AlarmRecord, string(d.ID), "the registry has the bundle %s, and the log does not say that it was made", d.ID)
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for _, d := range ready {
		if err := r.bundleObject(ctx, "the bundle "+string(d.ID), d.Bundle, d.Length, f); err != nil {
			return err
		}
		if d.Proof.IsZero() { // it is on record and its proof is on the way
			continue
		}
		if err := r.bundleObject(ctx, "the proof of "+string(d.ID), d.Proof, -1, f); err != nil {
			return err
		}
	}
	return nil
}

// disclosureRecords is the collection of disclosures, which the fold does not
// project: the registry knows more of one than its log says.
const disclosureRecords state.Kind = "disclosures"

// registeredDisclosures returns the disclosures that the registry has of a case,
// as they stand. What cannot be read of one does not hide the others.
func (r *run) registeredDisclosures(ctx context.Context, c evidence.CaseID, f *findings) ([]evidence.Disclosure, error) {
	found, err := r.config.Registry.RecordsOf(ctx, disclosureRecords, c)
	if err != nil {
		return nil, err
	}
	newest := map[evidence.DisclosureID]evidence.Disclosure{}
	var older []evidence.Disclosure
	for _, rec := range found { // by version
		id, _, _ := strings.Cut(rec.Key, "/")
		var d evidence.Disclosure
		switch _, notID := evidence.ParseID[evidence.DisclosureID](id); {
		case notID != nil:
			f.differs(evidence.AlarmRecord, "", "disclosures", rec.Key, "the registry has a record among the disclosures of the case that is none")
		case json.Unmarshal(rec.Body, &d) != nil, string(d.ID) != id, d.ID != rec.Bundle, d.Case != c, d.Version != rec.Version:
			f.differs(evidence.AlarmRecord, "", id+" "+itoa(int64(rec.Version)), string(rec.Body), "the registry's record of the bundle %s, version %d, cannot be read, or is not its own", id, rec.Version)
		default:
			if below, ok := newest[d.ID]; ok {
				older = append(older, below)
				if !follows(below.State, d.State) {
					f.differs(evidence.AlarmRecord, "", id+" "+itoa(int64(rec.Version))+" state", string(rec.Body), "the registry's record of the bundle %s, version %d, says %q, which does not follow %q", id, rec.Version, shortened(string(d.State)), shortened(string(below.State)))
				}
			}
			newest[d.ID] = d
			if what := unlike(d); what != "" {
				f.differs(evidence.AlarmRecord, "", id+" "+itoa(int64(rec.Version))+" "+what, string(rec.Body), "the registry's record of the bundle %s, version %d, has another %s than one that is %s can have", id, rec.Version, what, shortened(string(d.State)))
			}
		}
	}
	for _, d := range older {
		if !sameRequest(d, newest[d.ID]) {
			f.differs(evidence.AlarmRecord, "", string(d.ID)+" "+itoa(int64(d.Version)), fmt.Sprint(d), "the registry's record of the bundle %s, version %d, says something else than the one that follows", d.ID, d.Version)
		}
	}
	list := slices.Collect(maps.Values(newest))
	slices.SortFunc(list, func(a, b evidence.Disclosure) int { return strings.Compare(string(a.ID), string(b.ID)) })
	return list, nil
}

// follows reports whether the making of a bundle goes from a state to another one.
// Nothing follows a bundle that is ready, or one that failed.
func follows(from, to evidence.DisclosureState) bool {
	switch from {
	case evidence.DisclosureRequested:
		return to == evidence.DisclosureWritten || to == evidence.DisclosureFailed
	case evidence.DisclosureWritten:
		return to == evidence.DisclosureReady || to == evidence.DisclosureFailed
	}
	return false
}

// unlike returns what a record of a disclosure says that none in its state can say,
// "" for nothing: one that is only asked for has no bundle, and only one that
// failed says why.
func unlike(d evidence.Disclosure) string {
	asked := d.State == evidence.DisclosureRequested
	switch {
	case asked != (d.Version == 1):
		return "version"
	case asked && d.At != d.RequestedAt, d.At.Time().Before(d.RequestedAt.Time()):
		return "time of the version"
	case (asked || d.State == evidence.DisclosureWritten) && !d.Proof.IsZero():
		return "proof"
	case asked && (!d.Bundle.IsZero() || d.Length != 0 || !d.Digest.IsZero() || !d.TagDigest.IsZero()):
		return "bundle"
	case (d.State == evidence.DisclosureFailed) != (d.Failure != ""):
		return "failure"
	}
	return ""
}

// sameRequest reports whether a version of a disclosure says what another one does
// of what was asked for, and of the bundle where one was made, which never change.
func sameRequest(a, b evidence.Disclosure) bool {
	return a.Title == b.Title && a.Recipient == b.Recipient && a.Purpose == b.Purpose && a.By == b.By && a.RequestedAt == b.RequestedAt &&
		a.Items == b.Items && a.LogSize == b.LogSize && slices.Equal(a.Withheld, b.Withheld) && slices.Equal(a.Entries, b.Entries) &&
		(a.Version == 1 || a.Bundle == b.Bundle && a.Digest == b.Digest && a.TagDigest == b.TagDigest && a.Length == b.Length)
}

// bundleObject compares a stored bundle or its proof with what it should be, and
// keeps it locked.
func (r *run) bundleObject(ctx context.Context, what string, ref evidence.ObjectRef, length int64, f *findings) error {
	r.progress.Objects++
	stored, err := r.object(ctx, "", what, ref, length, f)
	if err != nil || stored.Ref.IsZero() {
		return err
	}
	return r.keepLocked(ctx, what, stored, f)
}

// maySign reports whether there is a head of the size that a bundle is to stand on.
// It is signed before the record is written, and may be newer than what was read of
// the log.
func (r *run) maySign(d evidence.Disclosure, read *caseRead) bool {
	if _, signed := slices.BinarySearch(read.heads, d.LogSize); signed {
		return true
	}
	since := len(read.heads) == 0 || d.LogSize > read.heads[len(read.heads)-1]
	return since && r.config.Clock().Sub(d.RequestedAt.Time()) < r.config.Grace
}

// disclosure compares one disclosure of the registry with what the log says.
func (r *run) disclosure(got evidence.Disclosure, want state.Disclosure, withheld map[evidence.ItemID]string, read *caseRead, f *findings) {
	made := want.State == evidence.DisclosureReady
	left := make(map[evidence.ItemID]string, len(got.Withheld))
	for _, w := range got.Withheld {
		left[w.Item] = w.Reason
	}
	for _, d := range []struct {
		what    string
		differs bool
	}{
		{"recipient", got.Recipient != want.Recipient}, {"title", got.Title != want.Title},
		{"purpose", got.Purpose != want.Purpose}, {"person who asked", got.By != want.By},
		{"time of the request", got.RequestedAt != want.RequestedAt},
		{"withheld exhibits", len(left) != len(got.Withheld) || !maps.Equal(left, withheld)},
		{"withheld entries", !slices.Equal(got.Entries, want.Entries)}, {"head of the log", !want.Covers(got.LogSize) || !r.maySign(got, read)},
		{"number of exhibits", got.Items+len(got.Withheld) != want.Exhibits},
		{"SHA-256", made && got.Digest != want.Digest}, {"number of entries", made && got.LogSize != want.LogSize},
		{"number of items", made && got.Items != want.Items},
		{"stored bundle", made && got.Bundle != want.Bundle}, {"length", made && got.Length != want.Length}, {"state", made && got.State != want.State && got.State != evidence.DisclosureWritten},
		{"state", !made && got.State == evidence.DisclosureReady},
	} {
		if d.differs {
			f.differs(evidence.AlarmRecord, "", string(want.ID)+" "+d.what, fmt.Sprint(got), "the registry says something else of the %s of the bundle %s than the log", d.what, want.ID)
		}
	}
}
