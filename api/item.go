package api

import "github.com/sealcase/sealcase/evidence"

// ObjectRef names one version of one stored object.
type ObjectRef struct {
	Bucket  string `json:"bucket"`
	Key     string `json:"key"`
	Version string `json:"version"`
}

func refOf(r evidence.ObjectRef) ObjectRef {
	return ObjectRef{Bucket: r.Bucket, Key: r.Key, Version: r.Version}
}

// Collection is what an exhibit that holds many files says of their manifest.
type Collection struct {
	Root     evidence.Digest `json:"root" doc:"Of the Merkle tree of the manifest's lines"`
	Leaves   int64           `json:"leaves" doc:"Lines of the manifest: one more than files, folders and links"`
	Manifest int64           `json:"manifest" doc:"Offset of its first byte"`
}

// Item is an exhibit as the interface shows it.
type Item struct {
	ID         evidence.ItemID    `json:"id"`
	Case       evidence.CaseID    `json:"case"`
	Exhibit    int                `json:"exhibit" doc:"Counts within the case from 1, without gaps"`
	Version    int                `json:"version"`
	Intake     evidence.IntakeID  `json:"intake"`
	Name       evidence.FileName  `json:"name"`
	Path       evidence.FileName  `json:"path,omitempty"`
	Length     int64              `json:"length"`
	Digest     evidence.Digest    `json:"sha256"`
	Collection Collection         `json:"collection,omitzero" doc:"Where the exhibit is many files: of their manifest"`
	State      evidence.ItemState `json:"state"`
	MediaType  string             `json:"media_type,omitempty"`
	Custodian  evidence.PersonID  `json:"custodian"`
	ReceivedAt evidence.Instant   `json:"received_at"`
	ReceivedBy evidence.PersonID  `json:"received_by"`
	ModifiedAt evidence.Instant   `json:"modified_at,omitzero"`
	Data       ObjectRef          `json:"data"`
	Seal       ObjectRef          `json:"seal,omitzero"`
	SealedAt   evidence.Instant   `json:"sealed_at,omitzero"`
	Locked     evidence.Instant   `json:"locked_until"`
	Observed   evidence.Digest    `json:"observed_sha256,omitzero"`
	At         evidence.Instant   `json:"at"`
}

func itemOf(it evidence.Item) Item {
	return Item{
		ID: it.ID, Case: it.Case, Exhibit: it.Exhibit, Version: it.Version, Intake: it.Intake, Name: it.Name, Path: it.Path,
		Length: it.Length, Digest: it.Digest, Collection: Collection(it.Collection), State: it.State, MediaType: it.MediaType, Custodian: it.Custodian,
		ReceivedAt: it.ReceivedAt, ReceivedBy: it.ReceivedBy, ModifiedAt: it.ModifiedAt, Data: refOf(it.Data), Seal: refOf(it.Seal),
		SealedAt: it.SealedAt, Locked: it.Locked, Observed: it.Observed, At: it.At,
	}
}

// Finding is what an analyzer states about an item.
type Finding struct {
	Item     evidence.ItemID   `json:"item"`
	Analyzer string            `json:"analyzer" doc:"Its name and version"`
	Index    int               `json:"index"`
	Kind     string            `json:"kind"`
	Value    string            `json:"value"`
	Raw      string            `json:"raw,omitempty"`
	Offset   int64             `json:"offset"`
	Length   int64             `json:"length"`
	Count    int               `json:"count,omitempty"`
	Details  map[string]string `json:"details,omitempty"`
}

func findingOf(f evidence.Finding) Finding {
	return Finding{
		Item: f.Item, Analyzer: f.Analyzer, Index: f.Index, Kind: f.Kind, Value: f.Value, Raw: f.Raw,
		Offset: f.Offset, Length: f.Length, Count: f.Count, Details: f.Details,
	}
}

// Intake is one delivery of evidence into a case.
type Intake struct {
	ID           evidence.IntakeID `json:"id"`
	Case         evidence.CaseID   `json:"case"`
	Source       string            `json:"source"`
	Authority    string            `json:"authority,omitempty"`
	OpenedAt     evidence.Instant  `json:"opened_at"`
	OpenedBy     evidence.PersonID `json:"opened_by"`
	FirstExhibit int               `json:"first_exhibit" doc:"Its items have this exhibit number or a higher one"`
}

func intakeOf(in evidence.Intake) Intake {
	return Intake{
		ID: in.ID, Case: in.Case, Source: in.Source, Authority: in.Authority, OpenedAt: in.OpenedAt, OpenedBy: in.OpenedBy,
		FirstExhibit: in.FirstExhibit,
	}
}

// Verification is the outcome of hashing stored bytes again.
type Verification struct {
	Item     evidence.ItemID  `json:"item"`
	Exhibit  int              `json:"exhibit"`
	OK       bool             `json:"ok"`
	Expected evidence.Digest  `json:"expected_sha256"`
	Observed evidence.Digest  `json:"observed_sha256,omitzero"`
	Length   int64            `json:"length"`
	Read     int64            `json:"read"`
	SealOK   bool             `json:"seal_ok"`
	Differs  []string         `json:"differs,omitempty"`
	At       evidence.Instant `json:"at"`
	Entry    evidence.EntryID `json:"entry"`
}

func verificationOf(v evidence.Verification) Verification {
	return Verification{
		Item: v.Item, Exhibit: v.Exhibit, OK: v.OK, Expected: v.Expected, Observed: v.Observed, Length: v.Length, Read: v.Read,
		SealOK: v.SealOK, Differs: v.Differs, At: v.At, Entry: v.Entry,
	}
}
