package workflows

import "github.com/sealcase/sealcase/evidence"

// What a person does to a case is signed with the person's own key before it
// goes to the case's workflow, which has nobody's token: inputs carry the signed
// entries, in canonical bytes.

// OpenCaseInput asks for a new case.
type OpenCaseInput struct {
	Actor    evidence.Actor    `json:"actor"`
	ID       evidence.CaseID   `json:"id"` // drawn by the caller: the same ID again is the same case
	Title    string            `json:"title"`
	Summary  string            `json:"summary,omitempty"`
	TimeZone string            `json:"time_zone"`         // IANA name
	Members  []evidence.Person `json:"members,omitempty"` // besides the opener
	Signed   [][]byte          `json:"signed,omitempty"`  // the opener's entries (custody.Service.PrepareOpening)
}

// CaseInput starts a Case workflow. Carried is set when a run continues
// another.
type CaseInput struct {
	Opening OpenCaseInput `json:"opening"`
	Carried *CaseStatus   `json:"carried,omitempty"`
}

// MemberInput asks that a person becomes a member of a case.
type MemberInput struct {
	Actor  evidence.Actor  `json:"actor"`
	Case   evidence.CaseID `json:"case"`
	Person evidence.Person `json:"person"`
	Signed [][]byte        `json:"signed,omitempty"` // the actor's entry (custody.Service.PrepareMember)
}

// TransitionInput asks that a case goes into another state.
type TransitionInput struct {
	Actor  evidence.Actor     `json:"actor"`
	Case   evidence.CaseID    `json:"case"`
	To     evidence.CaseState `json:"to"`
	Reason string             `json:"reason"`
	Signed [][]byte           `json:"signed,omitempty"` // the actor's entry (custody.Service.PrepareTransition)
}

// CaseStatus is a case as its workflow holds it.
type CaseStatus struct {
	Case    evidence.Case       `json:"case"`
	Members []evidence.PersonID `json:"members"`
	// Scheduled says that the case's evidence is verified on a schedule.
	Scheduled bool `json:"scheduled"`
	// Fixity is the outcome of the last finished run over all items; nil
	// before the first.
	Fixity *FixityResult `json:"fixity,omitempty"`
}
