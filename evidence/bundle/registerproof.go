package bundle

import "github.com/sealcase/sealcase/evidence/ledger"

// RegisterProof shows that the agency's register took in the head on which a
// Proof stands, and who outside saw it (FORMAT.md section 7.2).
type RegisterProof struct {
	Entry      []byte        // the canonical bytes of the register's "head" entry
	Index      int64         // its index in the register
	Inclusion  []ledger.Hash // that it is in the register of Checkpoint
	Checkpoint []byte        // the register's signed note, with the cosignatures that there are
	Timestamps [][]byte      // RFC 3161 tokens of Checkpoint's text; may be none
}
