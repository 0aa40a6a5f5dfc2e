package replay

import (
	"slices"
	"strconv"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
)

// disclosure takes in that a bundle was asked for, or made.
func (c *Case) disclosure(e evidence.Entry) {
	id := evidence.DisclosureID(e.Details["disclosure"])
	i := slices.IndexFunc(c.Disclosures, func(d evidence.Disclosure) bool { return d.ID == id })
	if e.Act == evidence.ActRequested {
		if i < 0 {
			c.Disclosures = append(c.Disclosures, requested(id, e))
		}
		return
	}
	if i < 0 { // asked for where asking was not on record yet
		c.Disclosures = append(c.Disclosures, requested(id, e))
		i = len(c.Disclosures) - 1
	}
	c.Disclosures[i] = disclosed(c.Disclosures[i], e)
}

// requested returns a disclosure as it was asked for.
func requested(id evidence.DisclosureID, e evidence.Entry) evidence.Disclosure {
	d := evidence.Disclosure{
		ID: id, Case: e.Case, Version: 1, Title: e.Details["title"], Recipient: e.Details["recipient"], Purpose: e.Purpose,
		State: evidence.DisclosureRequested, By: e.Actor.ID, RequestedAt: e.At, At: e.At,
	}
	// What cannot be read says nothing; whoever signed it wrote what can.
	_ = canon.Unmarshal([]byte(e.Details["withheld"]), &d.Withheld)
	return d
}

// disclosed returns a disclosure whose bundle is on record.
func disclosed(d evidence.Disclosure, e evidence.Entry) evidence.Disclosure {
	d.State, d.At = evidence.DisclosureReady, e.At
	d.Items, _ = strconv.Atoi(e.Details["disclosed"])
	d.LogSize, _ = strconv.ParseInt(e.Details["log_size"], 10, 64)
	_ = d.Digest.UnmarshalText([]byte(e.Details["bundle_sha256"]))
	_ = d.TagDigest.UnmarshalText([]byte(e.Details["tagmanifest_sha256"]))
	return d
}
