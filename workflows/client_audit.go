package workflows

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
)

// StartAudit has an audit run now. Idempotent under in.Audit.
func (c *Client) StartAudit(ctx context.Context, in AuditInput) error {
	_, err := c.start(ctx, AuditWorkflow(in.Audit), AuditType, string(evidence.AuditRunning), evidence.RegisterID(), in)
	return err
}

// AuditProgress returns how far an audit is that somebody asked for, running or ended.
func (c *Client) AuditProgress(ctx context.Context, id evidence.AuditID) (evidence.Audit, error) {
	ctx, cancel := within(ctx, queryWithin)
	defer cancel()
	var a evidence.Audit
	err := c.query(ctx, AuditWorkflow(id), QueryProgress, &a)
	if evidence.CodeOf(err) == evidence.NotFound {
		err = evidence.Errorf(evidence.NotFound, "there is no such audit")
	}
	return a, err
}
