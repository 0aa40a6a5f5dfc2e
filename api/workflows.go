package api

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/custody"
	"github.com/sealcase/sealcase/workflows"
)

// Workflows is what the API asks of the workflows (*workflows.Client): what
// takes long, waits, or must be answered by the case itself.
type Workflows interface {
	OpenCase(ctx context.Context, in workflows.ActInput) (custody.Outcome, error)
	Act(ctx context.Context, in workflows.ActInput) (custody.Outcome, error)

	StartIntake(ctx context.Context, in evidence.Intake, actor evidence.Actor) error
	NotifyIntake(ctx context.Context, id evidence.IntakeID) error
	CompleteIntake(ctx context.Context, id evidence.IntakeID) error
	IntakeProgress(ctx context.Context, id evidence.IntakeID) (workflows.IntakeProgress, error)

	StartDisclosure(ctx context.Context, d evidence.Disclosure, actor evidence.Actor) error
	DisclosureProgress(ctx context.Context, id evidence.DisclosureID) (workflows.DisclosureProgress, error)

	VerifyItem(ctx context.Context, in workflows.VerifyInput) (v evidence.Verification, done bool, err error)

	StartAudit(ctx context.Context, in workflows.AuditInput) error
	AuditProgress(ctx context.Context, id evidence.AuditID) (evidence.Audit, error)
}
