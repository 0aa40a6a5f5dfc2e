package api

import "github.com/sealcase/sealcase/evidence"

// Disclosure is a bundle made for a recipient, as the interface shows it.
type Disclosure struct {
	ID          evidence.DisclosureID    `json:"id"`
	Case        evidence.CaseID          `json:"case"`
	Version     int                      `json:"version"`
	Title       string                   `json:"title"`
	Recipient   string                   `json:"recipient"`
	Purpose     string                   `json:"purpose"`
	Withheld    []Withheld               `json:"withheld,omitempty"`
	Entries     []WithheldEntry          `json:"withheld_entries,omitempty"`
	State       evidence.DisclosureState `json:"state"`
	Failure     string                   `json:"failure,omitempty"`
	Items       int                      `json:"items"`
	Length      int64                    `json:"length"`
	Digest      evidence.Digest          `json:"sha256,omitzero"`
	TagDigest   evidence.Digest          `json:"tagmanifest_sha256,omitzero"`
	LogSize     int64                    `json:"log_size"`
	Bundle      ObjectRef                `json:"bundle,omitzero"`
	Proof       ObjectRef                `json:"proof,omitzero"`
	By          evidence.PersonID        `json:"by"`
	RequestedAt evidence.Instant         `json:"requested_at"`
	At          evidence.Instant         `json:"at" doc:"Of this version"`
}

// Withheld is an item that a disclosure leaves out, and why.
type Withheld struct {
	Item   evidence.ItemID `json:"item"`
	Reason string          `json:"reason"`
}

// WithheldEntry is an entry of the log of which a disclosure shows the leaf hash
// only, and why.
type WithheldEntry struct {
	Index  int64  `json:"index"`
	Reason string `json:"reason"`
}

func disclosureOf(d evidence.Disclosure) Disclosure {
	out := Disclosure{
		ID: d.ID, Case: d.Case, Version: d.Version, Title: d.Title, Recipient: d.Recipient, Purpose: d.Purpose, State: d.State,
		Failure: d.Failure, Items: d.Items, Length: d.Length, Digest: d.Digest, TagDigest: d.TagDigest, LogSize: d.LogSize,
		Bundle: refOf(d.Bundle), Proof: refOf(d.Proof), By: d.By, RequestedAt: d.RequestedAt, At: d.At,
	}
	for _, w := range d.Withheld {
		out.Withheld = append(out.Withheld, Withheld{Item: w.Item, Reason: w.Reason})
	}
	for _, w := range d.Entries {
		out.Entries = append(out.Entries, WithheldEntry{Index: w.Index, Reason: w.Reason})
	}
	return out
}
