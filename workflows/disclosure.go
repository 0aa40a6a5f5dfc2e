package workflows

import "github.com/sealcase/sealcase/evidence"

// DisclosureInput starts a Disclosure workflow for a recorded request.
type DisclosureInput struct {
	Actor      evidence.Actor        `json:"actor"` // who asked
	Disclosure evidence.DisclosureID `json:"disclosure"`
	Case       evidence.CaseID       `json:"case"`
}

// DisclosureProgress is how far a disclosure is.
type DisclosureProgress struct {
	State   evidence.DisclosureState `json:"state"`
	Failure string                   `json:"failure,omitempty"` // safe message, when failed
	Items   int                      `json:"items"`             // written into the bundle so far
	OfItems int                      `json:"of_items"`
	Bytes   int64                    `json:"bytes"`
	OfBytes int64                    `json:"of_bytes"`
}
