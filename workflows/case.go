package workflows

import "github.com/sealcase/sealcase/evidence"

// What a person does to a case is signed with the person's own key before it
// goes to the case's workflow, which has nobody's token: inputs carry the signed
// entries, in canonical bytes, and nothing else.

// ActInput asks that a person's acts on a case go on record, in this order.
type ActInput struct {
	Case   evidence.CaseID `json:"case"`
	Signed [][]byte        `json:"signed"` // custody.Service.Sign and SignOpening
}

// CaseInput starts a Case workflow. Carried is set when a run continues another.
type CaseInput struct {
	Case    evidence.CaseID `json:"case"`
	Carried *CaseStatus     `json:"carried,omitempty"`
}

// CaseStatus is a case as its workflow holds it.
type CaseStatus struct {
	Case evidence.Case `json:"case"`
	// Scheduled says that the case's evidence is verified on a schedule.
	Scheduled bool `json:"scheduled"`
	// Fixity is the outcome of the last finished run over all items; nil
	// before the first.
	Fixity *FixityResult `json:"fixity,omitempty"`
}
