package workflows

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"go.temporal.io/sdk/temporal"

	"github.com/sealcase/sealcase/evidence"
)

// DefaultQueue is the task queue that workers poll.
const DefaultQueue = "sealcase"

// DefaultNamespace is the Temporal namespace of an installation.
const DefaultNamespace = "sealcase"

// The workflow types, as the server and stored histories know them.
const (
	CaseType       = "Case"
	IntakeType     = "Intake"
	AnalysisType   = "Analysis"
	FixityType     = "Fixity"
	VerifyType     = "Verify"
	DisclosureType = "Disclosure"
	RosterType     = "Roster"
	AuditType      = "Audit"
	RegisterType   = "Register"
	MirrorType     = "Mirror"
)

// The messages that workflows take.
const (
	UpdateAct      = "act"      // Case: puts a person's acts on record, and answers when they are
	QueryStatus    = "status"   // Case: CaseStatus
	SignalFixity   = "fixity"   // Case: FixityResult of a finished run
	SignalReceived = "received" // Intake: look for new items
	SignalComplete = "complete" // Intake: nothing more will come
	QueryProgress  = "progress" // Intake, Disclosure, Audit: their progress
)

// The search attributes, all of type Keyword.
const (
	AttributeCase  = "SealcaseCase"  // evidence.CaseID
	AttributeKind  = "SealcaseKind"  // the workflow's type
	AttributeState = "SealcaseState" // how far it is, in the words of its progress
)

// CaseKey is the search attribute of the case that a workflow is about.
func CaseKey() temporal.SearchAttributeKeyKeyword {
	return temporal.NewSearchAttributeKeyKeyword(AttributeCase)
}

// KindKey is the search attribute of a workflow's type.
func KindKey() temporal.SearchAttributeKeyKeyword {
	return temporal.NewSearchAttributeKeyKeyword(AttributeKind)
}

// StateKey is the search attribute of how far a workflow is.
func StateKey() temporal.SearchAttributeKeyKeyword {
	return temporal.NewSearchAttributeKeyKeyword(AttributeState)
}

// Attributes returns the search attributes with which a workflow starts.
func Attributes(c evidence.CaseID, kind, state string) temporal.SearchAttributes {
	return temporal.NewSearchAttributes(CaseKey().ValueSet(string(c)), KindKey().ValueSet(kind), StateKey().ValueSet(state))
}

// CaseWorkflow returns the ID of a case's workflow.
func CaseWorkflow(id evidence.CaseID) string { return "case/" + string(id) }

// IntakeWorkflow returns the ID of an intake's workflow.
func IntakeWorkflow(id evidence.IntakeID) string { return "intake/" + string(id) }

// AnalysisWorkflow returns the ID of the workflow that analyses the n-th batch
// of an intake, from 0.
func AnalysisWorkflow(id evidence.IntakeID, n int) string {
	return fmt.Sprintf("analysis/%s/%d", id, n)
}

// FixitySchedule returns the ID of a case's fixity schedule, which is also the
// beginning of the workflow IDs of its runs.
func FixitySchedule(id evidence.CaseID) string { return "fixity/" + string(id) }

// VerifyWorkflow returns the ID of the workflow that verifies an item for a
// person under a request key of that person's own choice: the same key finds
// the same verification again, somebody else's key never does.
func VerifyWorkflow(item evidence.ItemID, by evidence.PersonID, request string) string {
	h := sha256.Sum256([]byte(string(by) + "\x00" + request))
	return fmt.Sprintf("verify/%s/%s", item, hex.EncodeToString(h[:16]))
}

// DisclosureWorkflow returns the ID of a disclosure's workflow.
func DisclosureWorkflow(id evidence.DisclosureID) string { return "disclosure/" + string(id) }

// AuditWorkflow returns the ID of the workflow of an audit that somebody asked
// for.
func AuditWorkflow(id evidence.AuditID) string { return "audit/" + string(id) }

// AuditSchedule is the ID of the schedule of audits, which is also the beginning
// of the workflow IDs of its runs.
const AuditSchedule = "audit/scheduled"

// RosterWorkflow returns the ID of the workflow that says who somebody is in the
// log of a case or in the register; run tells one request from another.
func RosterWorkflow(id evidence.CaseID, p evidence.PersonID, run string) string {
	return fmt.Sprintf("roster/%s/%s/%s", id, p, run)
}

// RegisterSchedule is the ID of the schedule by which heads are registered,
// which is also the beginning of the workflow IDs of its runs.
const RegisterSchedule = "register"

// MirrorSchedule is the ID of the schedule by which logs are mirrored whose process
// did not come to it, which is also the beginning of the workflow IDs of its runs.
const MirrorSchedule = "mirror"
