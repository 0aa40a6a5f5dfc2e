package api

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/custody"
)

// Workflows is what the API asks of the workflows: what takes long, waits, or
// must be answered by the case itself.
type Workflows interface {
	OpenCase(ctx context.Context, actor evidence.Actor, o custody.Opening) (evidence.Case, error)
	AddMember(ctx context.Context, actor evidence.Actor, c evidence.CaseID, p evidence.Person) (evidence.Member, error)
	Transition(ctx context.Context, actor evidence.Actor, c evidence.CaseID, to evidence.CaseState, reason string) (evidence.Case, error)

	StartIntake(ctx context.Context, actor evidence.Actor, in evidence.Intake) error
	NotifyIntake(ctx context.Context, id evidence.IntakeID) error
	CompleteIntake(ctx context.Context, id evidence.IntakeID) error
	IntakeProgress(ctx context.Context, id evidence.IntakeID) (IntakeProgress, error)

	StartDisclosure(ctx context.Context, actor evidence.Actor, d evidence.Disclosure) error
	DisclosureProgress(ctx context.Context, id evidence.DisclosureID) (DisclosureProgress, error)

	// VerifyItem hashes an item again under a request's name; done is false
	// when that takes longer than a request should: ask again with the same name.
	VerifyItem(ctx context.Context, actor evidence.Actor, item evidence.ItemID, request string) (v evidence.Verification, done bool, err error)
}

// IntakeProgress is how far the items of an intake have come.
type IntakeProgress struct {
	State       string `json:"state" enum:"open,sealing,analysing,done"`
	Received    int    `json:"received" doc:"Stored, and not yet sealed or quarantined"`
	Sealed      int    `json:"sealed"`
	Quarantined int    `json:"quarantined"`
	Analysed    int    `json:"analysed"`
}

// DisclosureProgress is how much of a bundle is written.
type DisclosureProgress struct {
	State   string `json:"state" doc:"The disclosure's state while it is made"`
	Items   int    `json:"items"`
	OfItems int    `json:"of_items"`
	Bytes   int64  `json:"bytes"`
	OfBytes int64  `json:"of_bytes"`
}
