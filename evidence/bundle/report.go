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
	Counts     Counts          `json:"counts"`
	Checks     []Check         `json:"checks"`        // in the order in which FORMAT.md has them
	Problems   []Problem       `json:"problems"`      // at most MaxProblems
	MoreFound  int             `json:"more_problems"` // problems beyond those listed
	Notices    []string        `json:"notices"`       // no fault, but worth knowing
	Exhibits   []Exhibit       `json:"exhibits"`      // in the order of their numbers
	NotProven  []string        `json:"not_proven"`    // what this verification cannot say
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

// Counts says how much was read.
type Counts struct {
	Members  int   `json:"members"`
	Entries  int64 `json:"entries"`
	Items    int   `json:"items"` // disclosed
	Bytes    int64 `json:"bytes"` // of disclosed items
	Withheld int   `json:"withheld"`
	Seals    int   `json:"seals"` // that opened with a trusted key
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
	Name       evidence.FileName `json:"name"` // untrusted: print Display
	Member     string            `json:"member,omitempty"`
	Length     int64             `json:"length"`
	Digest     evidence.Digest   `json:"sha256"`
	ReceivedAt evidence.Instant  `json:"received_at"`
	Result     ExhibitResult     `json:"result"`
	Reason     string            `json:"reason,omitempty"` // why it is withheld; untrusted text
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
