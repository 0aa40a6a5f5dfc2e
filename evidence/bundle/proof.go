package bundle

import (
	"io"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// Names of the details of a "disclosed" entry that a Proof is checked by.
const (
	DetailDisclosure = "disclosure"         // the DisclosureID
	DetailTagDigest  = "tagmanifest_sha256" // Summary.TagDigest, hexadecimal
	DetailLogSize    = "log_size"           // Summary.LogSize, decimal
)

// Proof shows, beside a bundle, that the case's log records its disclosure:
// the bundle cannot hold that itself, for the entry names the bundle's digest.
type Proof struct {
	Entry       []byte        // the canonical bytes of the "disclosed" entry
	Index       int64         // its index in the log
	Inclusion   []ledger.Hash // that the entry is in the log of Checkpoint (ledger.ProveInclusion)
	Checkpoint  []byte        // a signed note, later than the bundle's
	Consistency []ledger.Hash // from the bundle's checkpoint to Checkpoint (ledger.ProveConsistency)
}

// WriteProof writes p in the form that ParseProof reads (FORMAT.md).
func WriteProof(w io.Writer, p Proof) error {
	return evidence.Errorf(evidence.Internal, "to be written")
}

// ParseProof reads a proof, or fails with Malformed. It checks the form only.
func ParseProof(data []byte) (Proof, error) {
	return Proof{}, evidence.Errorf(evidence.Internal, "to be written")
}
