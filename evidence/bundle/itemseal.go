package bundle

import (
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/seal"
)

// checkSeal opens the seal of an item of a case and returns what is wrong with
// it. logged is what the log says of the item, nil for nothing; opened is false
// when no trusted key made the seal. A seal counts where the log names it, or at
// the log's end (FORMAT.md section 5.7).
func checkSeal(envelope []byte, trust *attest.Trust, caseNumber string, it evidence.Item, logged *logItem) (opened bool, faults []fault) {
	if logged != nil && !logged.seal.IsZero() && logged.seal != evidence.Sum(envelope) {
		faults = append(faults, faultf(evidence.Tampered, "the seal has another SHA-256 than the log recorded, %s", logged.seal))
	}
	index := int64(attest.Everything)
	if logged != nil && !logged.seal.IsZero() {
		index = logged.sealedAt
	}
	statement, _, err := seal.OpenBy(envelope, trust, index)
	if err != nil {
		return false, append(faults, fault{codeOf(err), "the seal does not open: " + evidence.MessageOf(err)})
	}
	for _, differs := range statement.Check(it) {
		faults = append(faults, faultf(evidence.Tampered, "the seal says otherwise: %s", differs))
	}
	if statement.CaseNumber != caseNumber {
		faults = append(faults, faultf(evidence.Tampered, "the seal is of a case with the number %s", quoted(statement.CaseNumber)))
	}
	return true, faults
}

// codeOf returns the code of err where it is one that a Problem can have, and
// Malformed for any other.
func codeOf(err error) evidence.Code {
	switch c := evidence.CodeOf(err); c {
	case evidence.Tampered, evidence.UntrustedKey, evidence.Incomplete:
		return c
	default:
		return evidence.Malformed
	}
}
