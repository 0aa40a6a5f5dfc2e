package audit

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/audit"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/pulse"
)

// Custody is what the activities need of the rooms (package rooms).
type Custody interface {
	RaiseAlarms(ctx context.Context, actor evidence.Actor, list []evidence.Alarm) ([]evidence.Alarm, error)
	RecordAudit(ctx context.Context, actor evidence.Actor, a evidence.Audit) error
}

// Auditor compares everything (audit.Auditor).
type Auditor interface {
	Run(ctx context.Context, from audit.Progress, raise audit.Raise, report func(audit.Progress)) (audit.Progress, error)
}

// Activities are the side effects of the Audit workflow.
type Activities struct {
	Custody Custody
	Auditor Auditor
	Actor   evidence.Actor // the worker
}

// RecordFailure puts on record that an audit came to no end. That one ended well
// is recorded by whoever compared, and by nobody who is told so. Idempotent.
func (a *Activities) RecordFailure(ctx context.Context, at evidence.Audit) error {
	at.State = evidence.AuditFailed
	return a.Custody.RecordAudit(ctx, a.Actor, at)
}

// CompareEverything runs an audit, raises what it finds and puts on record what it
// came to. Its heartbeats are workflows.AuditBeat, which Client shows while it
// runs; a retry begins anew, for whoever administers the engine could write there
// that cases were compared. What was raised before is not raised again.
func (a *Activities) CompareEverything(ctx context.Context, at evidence.Audit) (evidence.Audit, error) {
	at.State, at.Cases, at.Entries, at.Objects, at.Found, at.Alarms = evidence.AuditRunning, 0, 0, 0, 0, nil // what this attempt has seen
	now := &comparing{at: workflows.AuditBeat{Audit: at}}
	ctx, beat := pulse.Start(ctx, func() any { return now.beat() })
	defer beat.Stop()
	raise := func(ctx context.Context, found []evidence.Alarm) error {
		beat.Move()
		now.found(found)
		_, err := a.Custody.RaiseAlarms(ctx, a.Actor, found)
		return err
	}
	end, err := a.Auditor.Run(ctx, audit.Progress{}, raise, func(p audit.Progress) {
		beat.Move()
		now.move(p)
	})
	now.move(end)
	ended := now.beat().Audit
	if err == nil {
		ended.State, ended.EndedAt = evidence.AuditDone, evidence.At(time.Now())
		err = a.Custody.RecordAudit(ctx, a.Actor, ended)
	}
	if err != nil {
		return evidence.Audit{}, pulse.Cause(ctx, err)
	}
	return ended, nil
}

// comparing is an audit under way.
type comparing struct {
	mu sync.Mutex
	at workflows.AuditBeat
}

func (c *comparing) beat() workflows.AuditBeat {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := c.at
	now.Audit.Alarms = slices.Clone(now.Audit.Alarms)
	return now
}

func (c *comparing) move(p audit.Progress) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.at.Audit.Cases, c.at.Audit.Entries, c.at.Audit.Objects = p.Cases, p.Entries, p.Objects
}

// found counts what differs, each once as far as it is named. What is about a
// sealed case is an alarm for its members, and nothing that an audit tells of.
func (c *comparing) found(list []evidence.Alarm) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, a := range list {
		if a.OfSealed || slices.Contains(c.at.Audit.Alarms, a.ID) {
			continue
		}
		c.at.Audit.Found++
		if len(c.at.Audit.Alarms) < evidence.MaxAuditAlarms {
			c.at.Audit.Alarms = append(c.at.Audit.Alarms, a.ID)
		}
	}
}
