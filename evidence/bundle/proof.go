package bundle

import (
	"fmt"
	"io"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// ProofFormat names the form of a detached proof; it is its "type".
const ProofFormat = "sealcase/proof/v2"

// Names of the details of a "disclosed" entry that a Proof is checked by. The
// first two must be there; the others must be right where they are.
const (
	DetailDisclosure = "disclosure"         // the DisclosureID
	DetailTagDigest  = "tagmanifest_sha256" // Summary.TagDigest, hexadecimal
	DetailBundle     = "bundle_sha256"      // Summary.Digest, hexadecimal
	DetailLogSize    = "log_size"           // Summary.LogSize, decimal
)

// Names of the details of a "head" entry of the register.
const (
	DetailCase   = "case"        // the CaseID
	DetailOrigin = "origin"      // of the case's log
	DetailSize   = "size"        // of the case's log, decimal
	DetailRoot   = "root"        // of the case's log, hexadecimal
	DetailNote   = "note_sha256" // of the signed note, hexadecimal
)

// Proof shows, beside a bundle, that the case's log records its disclosure:
// the bundle cannot hold that itself, for the entry names the bundle's digest.
type Proof struct {
	Entry       []byte              // the canonical bytes of the "disclosed" entry
	Index       int64               // its index in the log
	Inclusion   []ledger.Hash       // that the entry is in the log of Checkpoint (ledger.ProveInclusion)
	Checkpoint  []byte              // a signed note, later than the bundle's
	Consistency []ledger.Hash       // from the bundle's checkpoint to Checkpoint (ledger.ProveConsistency)
	Keys        []map[string]string // details of key entries: versions that began after the bundle, in their order
	Stated      []attest.Signed     // statements of the root that the log has since the bundle, in their order
	Register    *RegisterProof      // nil while the register does not have the head
}

// proofText is the written form of a Proof.
type proofText struct {
	Type        string          `json:"type"` // ProofFormat
	Entry       string          `json:"entry"`
	Index       int64           `json:"index"`
	Inclusion   []ledger.Hash   `json:"inclusion"`
	Checkpoint  string          `json:"checkpoint"`
	Consistency []ledger.Hash   `json:"consistency"`
	Keys        []keyText       `json:"keys,omitempty"`
	Stated      []attest.Signed `json:"stated,omitempty"`
	Register    *registerText   `json:"register,omitempty"`
}

type keyText struct {
	New    string `json:"new"`
	NewSig string `json:"new_sig"`
	Old    string `json:"old"`
	OldSig string `json:"old_sig"`
}

type registerText struct {
	Entry      string        `json:"entry"`
	Index      int64         `json:"index"`
	Inclusion  []ledger.Hash `json:"inclusion"`
	Checkpoint string        `json:"checkpoint"`
	Timestamps [][]byte      `json:"timestamps,omitempty"`
}

// WriteProof writes p in the form that ParseProof reads: one line of canonical
// JSON (FORMAT.md section 7). It fails with Invalid when p holds something
// that is not text.
func WriteProof(w io.Writer, p Proof) error {
	t := proofText{
		Type: ProofFormat, Entry: string(p.Entry), Index: p.Index, Checkpoint: string(p.Checkpoint),
		Inclusion: append([]ledger.Hash{}, p.Inclusion...), Consistency: append([]ledger.Hash{}, p.Consistency...),
	}
	t.Stated = p.Stated
	for _, k := range p.Keys {
		t.Keys = append(t.Keys, keyText{
			Old: k[attest.DetailOld], OldSig: k[attest.DetailOldSig], New: k[attest.DetailNew], NewSig: k[attest.DetailNewSig],
		})
	}
	if r := p.Register; r != nil {
		t.Register = &registerText{
			Entry: string(r.Entry), Index: r.Index, Inclusion: append([]ledger.Hash{}, r.Inclusion...),
			Checkpoint: string(r.Checkpoint), Timestamps: r.Timestamps,
		}
	}
	text, err := canon.Marshal(t)
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
		return Proof{}, evidence.Errorf(evidence.Malformed, "this is not a proof of disclosure that can be read here: its type is not %q", ProofFormat)
	}
	if t.Index < 0 || t.Register != nil && t.Register.Index < 0 {
		return Proof{}, evidence.Errorf(evidence.Malformed, "this is not a proof of disclosure: an index is negative")
	}
	if t.Inclusion == nil || t.Consistency == nil || t.Register != nil && t.Register.Inclusion == nil {
		return Proof{}, evidence.Errorf(evidence.Malformed, "this is not a proof of disclosure: a list of hashes is null")
	}
	p := Proof{
		Entry: []byte(t.Entry), Index: t.Index, Inclusion: t.Inclusion,
		Checkpoint: []byte(t.Checkpoint), Consistency: t.Consistency, Stated: t.Stated,
	}
	for _, k := range t.Keys {
		p.Keys = append(p.Keys, map[string]string{
			attest.DetailOld: k.Old, attest.DetailOldSig: k.OldSig, attest.DetailNew: k.New, attest.DetailNewSig: k.NewSig,
		})
	}
	if r := t.Register; r != nil {
		p.Register = &RegisterProof{
			Entry: []byte(r.Entry), Index: r.Index, Inclusion: r.Inclusion, Checkpoint: []byte(r.Checkpoint), Timestamps: r.Timestamps,
		}
		for _, token := range r.Timestamps {
			if len(token) == 0 {
				return Proof{}, evidence.Errorf(evidence.Malformed, "this is not a proof of disclosure: a time-stamp token is empty")
			}
		}
	}
	return p, nil
}
