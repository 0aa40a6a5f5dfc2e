package workflows

import "github.com/sealcase/sealcase/evidence"

// FixityInput starts a Fixity workflow: stored bytes of all items of a case
// are hashed again, and their locks moved on. Carried is set when a run
// continues another.
type FixityInput struct {
	Case    evidence.CaseID `json:"case"`
	Carried *FixityCarried  `json:"carried,omitempty"`
}

// FixityCarried is what a run of a fixity workflow hands to the next one.
type FixityCarried struct {
	Next   int          `json:"next"` // first exhibit number that is not done
	Items  int          `json:"items"`
	Result FixityResult `json:"result"`
}

// MaxFixityDifferences is how many differing items a FixityResult names; all
// are counted, and all are on record in the log.
const MaxFixityDifferences = 100

// FixityResult is the outcome of a run over all items of a case.
type FixityResult struct {
	At       evidence.Instant `json:"at"`       // when it ended
	Items    int              `json:"items"`    // looked at
	Verified int              `json:"verified"` // hashed again and equal
	Skipped  int              `json:"skipped"`  // not sealed: quarantined, or not yet
	Failed   int              `json:"failed"`   // differ, or cannot be read any more: an alarm
	Extended int              `json:"extended"` // locks moved on
	// Differences names the failed items, the first MaxFixityDifferences.
	Differences []FixityDifference `json:"differences,omitempty"`
}

// FixityDifference is an item whose stored bytes or seal are not as they were.
type FixityDifference struct {
	Item    evidence.ItemID `json:"item"`
	Exhibit int             `json:"exhibit"`
	Differs []string        `json:"differs"`
}

// VerifyInput asks that one item's stored bytes are hashed again now.
type VerifyInput struct {
	Actor evidence.Actor  `json:"actor"`
	Case  evidence.CaseID `json:"case,omitempty"` // for the search attribute; may be empty
	Item  evidence.ItemID `json:"item"`
	// Request is the caller's key: the same key of the same person finds the
	// same verification again. At most MaxRequestBytes.
	Request string `json:"request"`
}

// MaxRequestBytes bounds VerifyInput.Request.
const MaxRequestBytes = 128
