package state

import (
	"cmp"
	"math"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
)

// maxWithheld is how many single entries are taken in: more than a request may
// name, and few enough for a text that names millions.
const maxWithheld = 10_000

// singleEntries returns which single entries a request withholds, in the order of
// their indexes.
func singleEntries(r act.Request) (list []evidence.WithheldEntry) {
	for _, w := range r.Entries {
		for i := range w.Numbers.UpTo(math.MaxInt64) {
			if len(list) == maxWithheld {
				break
			}
			list = append(list, evidence.WithheldEntry{Index: i, Reason: w.Reason})
		}
	}
	slices.SortFunc(list, func(a, b evidence.WithheldEntry) int { return cmp.Compare(a.Index, b.Index) })
	return list
}

// disclosure takes in that a bundle was asked for, or made.
func (c *Case) disclosure(e evidence.Entry) {
	id := evidence.DisclosureID(e.Details["disclosure"])
	i := slices.IndexFunc(c.Disclosures, func(d Disclosure) bool { return d.ID == id })
	if i < 0 {
		d := requested(id, e)
		d.Index = c.Size
		c.Disclosures = append(c.Disclosures, d)
		i = len(c.Disclosures) - 1
	}
	if e.Act == evidence.ActDisclosed {
		c.Disclosures[i].made(e)
	}
}

// Disclosure returns a disclosure; ok is false for one that nobody asked for.
func (c *Case) Disclosure(id evidence.DisclosureID) (d Disclosure, ok bool) {
	i := slices.IndexFunc(c.Disclosures, func(d Disclosure) bool { return d.ID == id })
	if i < 0 {
		return Disclosure{}, false
	}
	return c.Disclosures[i], true
}

// Disclosure is what entries say of a disclosure. Which items are withheld it
// says by their exhibit numbers; where its proof lies no entry says.
type Disclosure struct {
	evidence.Disclosure
	Asked    evidence.EntryID  // the entry with which it was asked for
	Withhold []act.Withholding // exhibits
	With     evidence.Runs     // entries about Withhold among the first Known, but those in Entries
	Known    int64             // entries of the log that the request speaks of
	Exhibits int               // of the case when it was asked for; -1 when no entry says so
	Index    int64             // of the entry with which it was asked for
	End      int64             // index of the first receipt after it; 0 when there is none
}

// Covers reports whether a head of so many entries is one that a bundle can stand
// on: it contains the request, and no exhibit that came in after it.
func (d Disclosure) Covers(size int64) bool {
	return size > d.Index && (d.End == 0 || size <= d.End)
}

// ReasonQuarantined is why a quarantined item that nobody withholds is left out: it
// is never disclosed as good.
const ReasonQuarantined = "quarantined: what was read back is not what was received"

// Hidden reports whether an item that is withheld for a reason is withheld with all
// entries about it: not when it is left out for being quarantined only.
func Hidden(quarantined bool, reason string) bool {
	return !quarantined || reason != ReasonQuarantined
}

// requested returns a disclosure as it was asked for.
func requested(id evidence.DisclosureID, e evidence.Entry) Disclosure {
	d := Disclosure{Asked: e.ID, Disclosure: evidence.Disclosure{
		ID: id, Case: e.Case, Version: 1, Title: e.Details["title"], Recipient: e.Details["recipient"], Purpose: e.Purpose,
		State: evidence.DisclosureRequested, By: e.Actor.ID, RequestedAt: e.At, At: e.At,
	}}
	if by := e.Details["requested_by"]; by != "" {
		d.By = evidence.PersonID(by)
	}
	r, err := act.ReadRequest(e.Details)
	if err != nil { // what cannot be read says nothing; whoever signed it wrote what can
		d.Exhibits = -1
		return d
	}
	d.Withhold, d.With, d.Known, d.Exhibits, d.Entries = r.Exhibits, r.With, r.LogSize, int(r.Highest), singleEntries(r)
	return d
}

// made takes in that the bundle is on record.
func (d *Disclosure) made(e evidence.Entry) {
	p, err := act.Read[act.Disclosed](e)
	if err != nil {
		return
	}
	d.State, d.Version, d.At = evidence.DisclosureReady, 3, e.At
	d.Items, d.LogSize, d.Length, d.Bundle, d.Digest, d.TagDigest = p.Items, p.LogSize, p.Length, p.Bundle(), p.Digest, p.TagDigest
}
