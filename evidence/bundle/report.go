package bundle

import "github.com/sealcase/sealcase/evidence"

// Outcome is the verdict of Verify: OK, or the worst of the codes of its
// problems, in the order in which the constants stand. FORMAT.md says why in
// this order.
type Outcome string

// The outcomes, the worst first.
const (
	Tampered     = Outcome(evidence.Tampered)     // something is not what was signed or sealed
	Malformed    = Outcome(evidence.Malformed)    // it is not, byte for byte, a bundle of the stated format
	UntrustedKey = Outcome(evidence.UntrustedKey) // signed by nobody whom the caller trusts: nothing is proven
	Incomplete   = Outcome(evidence.Incomplete)   // something that should be there is missing
	OK           = Outcome("ok")                  // every check was made and passed
)

// outcomes lists the outcomes, the worst first.
func outcomes() []Outcome { return []Outcome{Tampered, Malformed, UntrustedKey, Incomplete, OK} }

// Problem is one thing that is wrong with a bundle.
type Problem struct {
	Code  evidence.Code `json:"code"`  // Tampered, Malformed, UntrustedKey or Incomplete
	Where string        `json:"where"` // a member, an offset in the file, an entry's index, or "proof"
	What  string        `json:"what"`  // in plain words, safe to print
}

// MaxProblems is how many problems a Report lists; the others are counted.
const MaxProblems = 200

// Report is what Verify found. WriteText prints it for people.
type Report struct {
	Outcome    Outcome         `json:"outcome"`
	Format     string          `json:"format"` // what the bundle says it is
	Length     int64           `json:"length"` // of the file, in bytes
	Digest     evidence.Digest `json:"sha256"` // of the file
	TagDigest  evidence.Digest `json:"tagmanifest_sha256,omitzero"`
	Case       CaseFacts       `json:"case"`
	Disclosure DisclosureFacts `json:"disclosure"`
	Log        LogFacts        `json:"log"`
	Signers    []Signer        `json:"signers"`            // who signed entries, in the order in which they first did
	Register   *RegisterFacts  `json:"register,omitempty"` // what the proof shows of the register
	Counts     Counts          `json:"counts"`
	Checks     []Check         `json:"checks"`        // in the order in which FORMAT.md has them
	Problems   []Problem       `json:"problems"`      // at most MaxProblems
	MoreFound  int             `json:"more_problems"` // problems beyond those listed
	Notices    []string        `json:"notices"`       // no fault, but worth knowing
	Exhibits   []Exhibit       `json:"exhibits"`      // in the order of their numbers
	// WithheldEntries are the entries of which the bundle has the leaf hash only.
	WithheldEntries []WithheldEntries `json:"withheld_entries"`
	Earlier         []EarlierFacts    `json:"earlier"`    // disclosures of the case, in the order of their heads
	NotProven       []string          `json:"not_proven"` // what this verification cannot say
}

// CaseFacts says which case a bundle is about, as the bundle has it.
type CaseFacts struct {
	ID     evidence.CaseID `json:"id"`
	Number string          `json:"number"`
	Title  string          `json:"title"`
}

// DisclosureFacts says what a bundle was made for, as the bundle has it.
type DisclosureFacts struct {
	ID        evidence.DisclosureID `json:"id"`
	Title     string                `json:"title"`
	Recipient string                `json:"recipient"`
	Purpose   string                `json:"purpose"`
	At        evidence.Instant      `json:"at"`
	Generator string                `json:"generator"`
	Logged    bool                  `json:"logged"` // a detached proof shows that the log records it
}

// LogFacts is the head of the case's log that a bundle stands on.
type LogFacts struct {
	Origin   string   `json:"origin"`
	Size     int64    `json:"size"`
	Root     string   `json:"root"`      // hexadecimal
	SignedBy []string `json:"signed_by"` // trusted keys that signed it, "name+hash"
}

// EarlierFacts is an earlier disclosure of the case.
type EarlierFacts struct {
	Disclosure evidence.DisclosureID `json:"disclosure"`
	Size       int64                 `json:"log_size"`        // entries that its head covers
	Entry      *int64                `json:"entry,omitempty"` // index of the entry that records it; nil when that is withheld
	Continued  bool                  `json:"continued"`       // this log continues its head
}

// RegisterFacts is what a proof shows of the register, the agency's log of the
// heads of all its logs.
type RegisterFacts struct {
	Origin     string           `json:"origin"`
	Size       int64            `json:"size"`
	Entry      int64            `json:"entry"`       // index of the entry with the head of this case's log
	At         evidence.Instant `json:"at"`          // when the register took the head in, as the agency says
	Witnesses  []Witnessed      `json:"witnesses"`   // those that the reader trusts and that cosigned
	Unknown    []string         `json:"unchecked"`   // names on cosignatures that were not checked; untrusted text
	Timestamps []Timestamp      `json:"time_stamps"` // not checked here
}

// Witnessed is a good cosignature by a witness that the reader trusts.
type Witnessed struct {
	Witness string           `json:"witness"` // its key, "name+hash"
	At      evidence.Instant `json:"at"`      // as the witness says
}

// Timestamp is a time-stamp token (RFC 3161) that a proof holds.
type Timestamp struct {
	Digest evidence.Digest `json:"sha256"` // of the token
	Length int             `json:"length"` // of the token, in bytes
}

// Counts says how much was read.
type Counts struct {
	Members         int   `json:"members"`
	Entries         int64 `json:"entries"` // withheld ones among them
	WithheldEntries int64 `json:"withheld_entries"`
	Items           int   `json:"items"` // disclosed
	Bytes           int64 `json:"bytes"` // of disclosed items
	Withheld        int   `json:"withheld"`
	Seals           int   `json:"seals"` // that opened with a trusted key
}

// Result is how a check ended.
type Result string

// The results of a check.
const (
	Passed  Result = "passed"
	Failed  Result = "failed"
	NotDone Result = "not-done" // what it needs was not given, or could not be read
)

// Check is one kind of check and how it ended.
type Check struct {
	Name   string `json:"name"`
	Result Result `json:"result"`
	Count  int64  `json:"count"` // how many things were checked
	What   string `json:"what"`  // in plain words
}

// Exhibit is one item of the case, as far as the bundle shows it.
type Exhibit struct {
	Number     string            `json:"number"` // such as "2026-0007/E-00012"
	Item       evidence.ItemID   `json:"item"`
	Name       evidence.FileName `json:"name,omitempty"` // untrusted: print Display; not known of a withheld one
	Member     string            `json:"member,omitempty"`
	Length     int64             `json:"length"`
	Digest     evidence.Digest   `json:"sha256,omitzero"`
	ReceivedAt evidence.Instant  `json:"received_at,omitzero"`
	Result     ExhibitResult     `json:"result"`
	Reason     string            `json:"reason,omitempty"` // why it is withheld; untrusted text
	Timeline   []Event           `json:"timeline"`         // every act on it that is shown, in the order of the log
}

// ExhibitResult is what was found of an exhibit.
type ExhibitResult string

// The results of an exhibit.
const (
	ExhibitVerified    ExhibitResult = "verified"    // bytes, seal and log agree
	ExhibitFailed      ExhibitResult = "failed"      // they do not, or one is missing
	ExhibitWithheld    ExhibitResult = "withheld"    // not in the bundle, with a reason
	ExhibitQuarantined ExhibitResult = "quarantined" // withheld, and the log says that its stored bytes differed
)
