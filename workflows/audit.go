package workflows

import "github.com/sealcase/sealcase/evidence"

// AuditInput starts an Audit workflow.
type AuditInput struct {
	Audit evidence.AuditID  `json:"audit,omitempty"` // "" for one that the schedule starts
	By    evidence.PersonID `json:"by"`
	// Carried is set when a run continues another.
	Carried *AuditCarried `json:"carried,omitempty"`
}

// AuditCarried is what a run of an audit hands to the next one.
type AuditCarried struct {
	Audit evidence.Audit  `json:"audit"`
	After evidence.CaseID `json:"after"` // the last case that is done
}
