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

// Custody is what the activities need of custody.Service.
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

	mu   sync.Mutex
	kept map[evidence.AuditID]workflows.AuditBeat // how far this process came with audits that did not end
}

// keptMost is of how many audits a process remembers how far it came.
const keptMost = 16

// RecordFailure puts on record that an audit came to no end. That one ended well
// is recorded by whoever compared, and by nobody who is told so. Idempotent.
func (a *Activities) RecordFailure(ctx context.Context, at evidence.Audit) error {
	at.State = evidence.AuditFailed
	return a.Custody.RecordAudit(ctx, a.Actor, at)
}

// CompareEverything runs an audit, raises what it finds and puts on record what it
// came to. Its heartbeats are workflows.AuditBeat, which Client reads, and which
// only say how far it is: a retry goes on after the last case that this process
// compared, and begins anew in another. What was raised before is not raised
// again.
func (a *Activities) CompareEverything(ctx context.Context, at evidence.Audit) (evidence.Audit, error) {
	now := &comparing{at: a.take(at)}
	from := audit.Progress{
		After: now.at.After, Waiting: now.at.Waiting, Cases: now.at.Audit.Cases, Entries: now.at.Audit.Entries, Objects: now.at.Audit.Objects,
	}
	ctx, beat := pulse.Start(ctx, func() any { return now.beat() })
	defer beat.Stop()
	raise := func(ctx context.Context, found []evidence.Alarm) error {
		beat.Move()
		now.found(found)
		_, err := a.Custody.RaiseAlarms(ctx, a.Actor, found)
		return err
	}
	end, err := a.Auditor.Run(ctx, from, raise, func(p audit.Progress) {
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
		a.keep(now.beat())
		return evidence.Audit{}, pulse.Cause(ctx, err)
	}
	return ended, nil
}

// take returns how far this process came with an audit; at, as it begins, where it
// knows nothing of it.
func (a *Activities) take(at evidence.Audit) workflows.AuditBeat {
	a.mu.Lock()
	defer a.mu.Unlock()
	if beat, ok := a.kept[at.ID]; ok {
		delete(a.kept, at.ID)
		return beat
	}
	at.State, at.Cases, at.Entries, at.Objects, at.Found, at.Alarms = evidence.AuditRunning, 0, 0, 0, 0, nil
	return workflows.AuditBeat{Audit: at}
}

// keep remembers how far an audit came.
func (a *Activities) keep(beat workflows.AuditBeat) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.kept == nil || len(a.kept) >= keptMost {
		a.kept = map[evidence.AuditID]workflows.AuditBeat{}
	}
	a.kept[beat.Audit.ID] = beat
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
	c.at.After, c.at.Waiting = p.After, slices.Clone(p.Waiting)
	c.at.Audit.Cases, c.at.Audit.Entries, c.at.Audit.Objects = p.Cases, p.Entries, p.Objects
}

// found counts what differs; what an earlier attempt counted is not counted
// twice, as far as it is named.
func (c *comparing) found(list []evidence.Alarm) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, a := range list {
		if slices.Contains(c.at.Audit.Alarms, a.ID) {
			continue
		}
		c.at.Audit.Found++
		if len(c.at.Audit.Alarms) < evidence.MaxAuditAlarms {
			c.at.Audit.Alarms = append(c.at.Audit.Alarms, a.ID)
		}
	}
}
