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

// CompareActivity is the activity whose heartbeats tell how far an audit is.
const CompareActivity = "CompareEverything"

// AuditProgress returns how far an audit is that somebody asked for, running or
// ended.
func (c *Client) AuditProgress(ctx context.Context, id evidence.AuditID) (evidence.Audit, error) {
	ctx, cancel := within(ctx, queryWithin)
	defer cancel()
	running, beats, err := c.running(ctx, AuditWorkflow(id))
	var a evidence.Audit
	if err == nil {
		err = c.query(ctx, AuditWorkflow(id), QueryProgress, &a)
	}
	if evidence.CodeOf(err) == evidence.NotFound {
		err = evidence.Errorf(evidence.NotFound, "there is no such audit")
	}
	if err != nil || !running || a.State != evidence.AuditRunning {
		return a, err
	}
	for _, b := range beats {
		var beat AuditBeat
		// A heartbeat that cannot be read is only a count that does not move.
		if b.activity == CompareActivity && c.data.FromPayloads(b.details, &beat) == nil {
			a = beat.Audit
		}
	}
	return a, nil
}
