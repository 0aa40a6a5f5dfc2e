package bundle

import (
	"fmt"
	"io"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// ProofFormat names the form of a detached proof; it is its "type".
const ProofFormat = "sealcase/proof/v1"

// Names of the details of a "disclosed" entry that a Proof is checked by. The
// first two must be there; the others must be right where they are.
const (
	DetailDisclosure = "disclosure"         // the DisclosureID
	DetailTagDigest  = "tagmanifest_sha256" // Summary.TagDigest, hexadecimal
	DetailBundle     = "bundle_sha256"      // Summary.Digest, hexadecimal
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

// proofText is the written form of a Proof.
type proofText struct {
	Type        string        `json:"type"` // ProofFormat
	Entry       string        `json:"entry"`
	Index       int64         `json:"index"`
	Inclusion   []ledger.Hash `json:"inclusion"`
	Checkpoint  string        `json:"checkpoint"`
	Consistency []ledger.Hash `json:"consistency"`
}

// WriteProof writes p in the form that ParseProof reads: one line of canonical
// JSON (FORMAT.md section 7). It fails with Invalid when p holds something
// that is not text.
func WriteProof(w io.Writer, p Proof) error {
	text, err := canon.Marshal(proofText{
		Type: ProofFormat, Entry: string(p.Entry), Index: p.Index, Checkpoint: string(p.Checkpoint),
		Inclusion: append([]ledger.Hash{}, p.Inclusion...), Consistency: append([]ledger.Hash{}, p.Consistency...),
	})
	if err != nil {
		return fmt.Errorf("writing the proof: %w", err)
	}
	if _, err := w.Write(append(text, '\n')); err != nil {
		return fmt.Errorf("writing the proof: %w", err)
	}
	return nil
}

// ParseProof reads a proof, or fails with Malformed. It checks the form only.
func ParseProof(data []byte) (Proof, error) {
	var t proofText
	if err := decodeLine(data, &t); err != nil {
		return Proof{}, evidence.WrapError(evidence.Malformed, err, "this is not a proof of disclosure: %s", evidence.MessageOf(err))
	}
	if t.Type != ProofFormat {
		return Proof{}, evidence.Errorf(evidence.Malformed, "this is not a proof of disclosure: its type is not %q", ProofFormat)
	}
	if t.Index < 0 {
		return Proof{}, evidence.Errorf(evidence.Malformed, "this is not a proof of disclosure: its index is negative")
	}
	return Proof{
		Entry: []byte(t.Entry), Index: t.Index, Inclusion: t.Inclusion,
		Checkpoint: []byte(t.Checkpoint), Consistency: t.Consistency,
	}, nil
}
