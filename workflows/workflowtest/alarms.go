package workflowtest

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
)

// RaiseAlarms implements audit.Custody.
func (c *Custody) RaiseAlarms(ctx context.Context, _ evidence.Actor, list []evidence.Alarm) (raised []evidence.Alarm, err error) {
	if err := c.before(ctx, "RaiseAlarms", ""); err != nil {
		return nil, err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, a := range list {
		n := len(c.record)
		if c.once("alarm", string(a.ID)); len(c.record) > n {
			raised = append(raised, a)
		}
	}
	return raised, nil
}

// RecordAudit implements audit.Custody.
func (c *Custody) RecordAudit(ctx context.Context, _ evidence.Actor, a evidence.Audit) error {
	if err := c.before(ctx, "RecordAudit", string(a.ID)); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.once("audit "+string(a.State), string(a.ID))
	return nil
}
