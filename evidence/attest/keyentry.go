package attest

import "github.com/sealcase/sealcase/evidence"

// KeyEntry is the identifier of the entry of a log that introduces a version of one
// of the agency's keys.
func KeyEntry(c evidence.CaseID, k evidence.PublicKey) evidence.EntryID {
	return evidence.DeriveEntryID("key", string(c), k.ID())
}
