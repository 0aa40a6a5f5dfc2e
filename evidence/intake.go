package evidence

// Intake is one delivery of evidence into a case.
type Intake struct {
	ID        IntakeID `json:"id"`
	Case      CaseID   `json:"case"`
	Source    string   `json:"source"`              // where the evidence comes from, in words
	Authority string   `json:"authority,omitempty"` // the warrant, order or consent relied on
	OpenedAt  Instant  `json:"opened_at"`
	OpenedBy  PersonID `json:"opened_by"`
	// FirstExhibit is the next exhibit number of the case when the intake was
	// opened: its items have this number or a higher one.
	FirstExhibit int `json:"first_exhibit"`
}

// Upload is the way of one item's bytes into storage.
type Upload struct {
	ID         UploadID   `json:"id"`
	Case       CaseID     `json:"case"`
	Intake     IntakeID   `json:"intake"`
	Item       ItemID     `json:"item"` // the item that it becomes
	Name       FileName   `json:"name"`
	Path       FileName   `json:"path,omitempty"`
	Length     int64      `json:"length"`
	Declared   Digest     `json:"sha256,omitzero"` // zero until it is declared; at the latest with the last bytes
	ModifiedAt Instant    `json:"modified_at,omitzero"`
	Collection Collection `json:"collection,omitzero"` // its root comes with the last bytes
	CreatedAt  Instant    `json:"created_at"`
	CreatedBy  PersonID   `json:"created_by"`
	Offset     int64      `json:"offset"` // bytes that are safe: a resumed upload continues here
	Complete   bool       `json:"complete"`
}

// Verification is the outcome of hashing stored bytes again.
type Verification struct {
	Item     ItemID   `json:"item"`
	Exhibit  int      `json:"exhibit"`
	OK       bool     `json:"ok"`
	Expected Digest   `json:"expected_sha256"`
	Observed Digest   `json:"observed_sha256,omitzero"`
	Length   int64    `json:"length"`            // expected
	Read     int64    `json:"read"`              // bytes that storage gave
	SealOK   bool     `json:"seal_ok"`           // the seal is there, says the same, and its signature is good
	Differs  []string `json:"differs,omitempty"` // what differs, in plain words; empty when OK
	At       Instant  `json:"at"`
	Entry    EntryID  `json:"entry"` // that records it
}

// Finding is what an analyzer states about an item. It points at the bytes
// that it rests on.
type Finding struct {
	Item     ItemID            `json:"item"`
	Analyzer string            `json:"analyzer"`        // "name/version"
	Index    int               `json:"index"`           // within the item and analyzer, from 0
	Kind     string            `json:"kind"`            // such as "file-type", "ipv4", "email", "bitcoin-address"
	Value    string            `json:"value"`           // normalised
	Raw      string            `json:"raw,omitempty"`   // as found, where it differs
	Offset   int64             `json:"offset"`          // of the first byte, from 0
	Length   int64             `json:"length"`          // in bytes
	Count    int               `json:"count,omitempty"` // how often it occurs, where counted
	Details  map[string]string `json:"details,omitempty"`
}

// Withheld is an item that a disclosure leaves out, and why.
type Withheld struct {
	Item   ItemID `json:"item"`
	Reason string `json:"reason"`
}

// WithheldEntry is an entry of the log of which a disclosure shows the leaf hash
// only, and why.
type WithheldEntry struct {
	Index  int64  `json:"index"`
	Reason string `json:"reason"`
}

// DisclosureState is how far a disclosure has come.
type DisclosureState string

// The states of a disclosure.
const (
	DisclosureRequested DisclosureState = "requested"
	DisclosureWritten   DisclosureState = "written" // the bundle is stored and locked; being logged
	DisclosureReady     DisclosureState = "ready"   // logged, with its detached proof
	DisclosureFailed    DisclosureState = "failed"
)

// Disclosure is a bundle made for a recipient, at one version.
type Disclosure struct {
	ID          DisclosureID    `json:"id"`
	Case        CaseID          `json:"case"`
	Version     int             `json:"version"`
	Title       string          `json:"title"`
	Recipient   string          `json:"recipient"`
	Purpose     string          `json:"purpose"`
	Withheld    []Withheld      `json:"withheld,omitempty"`
	Entries     []WithheldEntry `json:"withheld_entries,omitempty"` // besides those about withheld items
	State       DisclosureState `json:"state"`
	Failure     string          `json:"failure,omitempty"` // safe message, when failed
	Items       int             `json:"items"`
	Length      int64           `json:"length"`          // of the bundle
	Digest      Digest          `json:"sha256,omitzero"` // of the bundle file
	TagDigest   Digest          `json:"tagmanifest_sha256,omitzero"`
	LogSize     int64           `json:"log_size"` // entries that the bundle's checkpoint covers
	Bundle      ObjectRef       `json:"bundle,omitzero"`
	Proof       ObjectRef       `json:"proof,omitzero"` // detached: that the disclosure itself is in the log
	By          PersonID        `json:"by"`
	RequestedAt Instant         `json:"requested_at"`
	At          Instant         `json:"at"` // of this version
}
