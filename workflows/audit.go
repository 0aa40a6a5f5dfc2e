package workflows

import "github.com/sealcase/sealcase/evidence"

// AuditInput starts an Audit workflow.
type AuditInput struct {
	Audit evidence.AuditID  `json:"audit,omitempty"` // "" for one that the schedule starts
	By    evidence.PersonID `json:"by"`
}

// AuditBeat is what the heartbeats of an audit carry: how far it is, for people
// who look on.
type AuditBeat struct {
	Audit evidence.Audit `json:"audit"`
}
