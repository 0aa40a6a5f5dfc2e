package evidence

import "fmt"

// ItemState is how far an item has come.
type ItemState string

// The states of an item.
const (
	ItemReceived    ItemState = "received"    // stored and locked; not yet read back and sealed
	ItemSealed      ItemState = "sealed"      // read back, equal, sealed
	ItemQuarantined ItemState = "quarantined" // what was read back differs; kept, never disclosed as good
)

// Valid reports whether s is one of the states.
func (s ItemState) Valid() bool {
	return s == ItemReceived || s == ItemSealed || s == ItemQuarantined
}

// ObjectRef names one version of one object, for ever: a later write under the
// same key is another version.
type ObjectRef struct {
	Bucket  string `json:"bucket"`
	Key     string `json:"key"`
	Version string `json:"version"`
}

// IsZero reports whether r names nothing.
func (r ObjectRef) IsZero() bool { return r == ObjectRef{} }

// Collection is what an exhibit that holds many files says of their manifest
// (package collection). The zero Collection is that of an exhibit that is one
// file.
type Collection struct {
	Root     Digest `json:"root,omitzero"` // of the tree of the manifest's lines
	Leaves   int64  `json:"leaves"`        // how many lines it has: one more than files, folders and links
	Manifest int64  `json:"manifest"`      // offset of its first byte
}

// IsZero reports whether there is no collection.
func (c Collection) IsZero() bool { return c == Collection{} }

// Complete reports whether c says all that a collection that is received says.
func (c Collection) Complete() bool { return !c.Root.IsZero() && c.Leaves > 0 && c.Manifest >= 0 }

// Item is one exhibit, at one version. Versions count from 1 and are never
// changed; the highest is the item as it stands.
type Item struct {
	ID         ItemID     `json:"id"`
	Case       CaseID     `json:"case"`
	Exhibit    int        `json:"exhibit"` // counts within the case from 1, without gaps
	Version    int        `json:"version"`
	Intake     IntakeID   `json:"intake"`
	Name       FileName   `json:"name"`
	Path       FileName   `json:"path,omitempty"` // of the folder that it came in with, "/" between names
	Length     int64      `json:"length"`
	Digest     Digest     `json:"sha256"`
	Collection Collection `json:"collection,omitzero"` // where it is one
	State      ItemState  `json:"state"`
	MediaType  string     `json:"media_type,omitempty"` // as the file identification found it
	Custodian  PersonID   `json:"custodian"`
	ReceivedAt Instant    `json:"received_at"`
	ReceivedBy PersonID   `json:"received_by"`
	ModifiedAt Instant    `json:"modified_at,omitzero"` // the source's own claim
	Data       ObjectRef  `json:"data"`
	Seal       ObjectRef  `json:"seal,omitzero"`
	SealedAt   Instant    `json:"sealed_at,omitzero"`
	Locked     Instant    `json:"locked_until"`             // retention; a schedule extends it, a legal hold stands besides
	Observed   Digest     `json:"observed_sha256,omitzero"` // what read-back found, where it differs
	At         Instant    `json:"at"`
}

// ExhibitNumber returns the number that people quote: the case's number and
// the exhibit within it, such as "2026-0007/E-00012".
func ExhibitNumber(caseNumber string, exhibit int) string {
	return fmt.Sprintf("%s/E-%05d", caseNumber, exhibit)
}

// ItemTile is how many exhibits share a partition of the registry.
const ItemTile = 64

// ItemTileOf returns the tile of an exhibit, from 0.
func ItemTileOf(exhibit int) int { return (exhibit - 1) / ItemTile }
