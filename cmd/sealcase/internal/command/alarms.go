package command

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/cmd/sealcase/internal/client"
	"github.com/sealcase/sealcase/evidence"
)

type alarmCmd struct {
	List        alarmListCmd        `cmd:"" help:"List alarms; exit code 6 while one is open."`
	Acknowledge alarmAcknowledgeCmd `cmd:"" help:"Take note of an alarm, on record. Supervisors only."`
}

type alarmListCmd struct {
	All bool `help:"Also those that a supervisor took note of."`
}

// Run lists alarms.
func (c *alarmListCmd) Run(ctx context.Context, s *session) error {
	server, err := s.client()
	if err != nil {
		return err
	}
	alarms, err := server.Alarms(ctx, !c.All)
	if err != nil {
		return err
	}
	err = s.print(map[string]any{"items": alarms}, func(p *printer) {
		if len(alarms) == 0 {
			p.say("There is no alarm%s.", map[bool]string{true: "", false: " that nobody took note of"}[c.All])
			return
		}
		p.alarms(alarms)
	})
	if err == nil && open(alarms) > 0 {
		return &toldError{exitMismatch}
	}
	return err
}

// alarms writes a table of alarms.
func (p *printer) alarms(list []api.Alarm) {
	p.row("ALARM", "RAISED", "KIND", "CASE", "STATE", "WHAT")
	for _, a := range list {
		state := "open"
		if a.Noted != nil {
			state = "noted by " + a.Noted.Name
		}
		p.row(a.ID, a.RaisedAt, a.Kind, a.Case, state, a.What)
	}
}

// open counts the alarms that nobody took note of.
func open(list []api.Alarm) (n int) {
	for _, a := range list {
		if a.Noted == nil {
			n++
		}
	}
	return n
}

type alarmAcknowledgeCmd struct {
	Alarm  string `arg:"" help:"Identifier of the alarm."`
	Reason string `required:"" help:"What was found out and what is being done; it goes on record."`
}

// Run takes note of an alarm.
func (c *alarmAcknowledgeCmd) Run(ctx context.Context, s *session) error {
	server, err := s.client()
	if err != nil {
		return err
	}
	id, err := evidence.ParseID[evidence.AlarmID](c.Alarm)
	if err != nil {
		return err
	}
	var a api.Alarm
	err = s.patiently(ctx, func() (err error) {
		a, err = server.AcknowledgeAlarm(ctx, id, c.Reason)
		return err
	})
	if err != nil {
		return err
	}
	return s.print(a, func(p *printer) { p.say("Taken note of, on record as %s: %s", string(a.Noted.Entry), a.What) })
}

type auditCmd struct {
	NoWait bool `help:"Start it, and do not wait for its end."`
}

// auditPoll is how often a running audit is asked how far it is.
const auditPoll = time.Second

// Run has an audit run and tells what differs.
func (c *auditCmd) Run(ctx context.Context, s *session) error {
	server, err := s.client()
	if err != nil {
		return err
	}
	var id evidence.AuditID
	key := rand.Text() // a repeat is the same audit
	err = s.patiently(ctx, func() (err error) {
		id, err = server.StartAudit(ctx, key)
		return err
	})
	if err != nil {
		return err
	}
	if c.NoWait {
		return s.print(api.AuditStarted{ID: id}, func(p *printer) { p.say("The audit %s runs. See what it finds: sealcase alarm list", string(id)) })
	}
	view, err := s.awaitAudit(ctx, server, id)
	if err != nil {
		return err
	}
	if view.State == evidence.AuditFailed {
		return evidence.Errorf(evidence.Unavailable, "the audit could not be ended: %s", view.Failure)
	}
	err = s.print(view, func(p *printer) {
		p.say("Compared: cases %d, entries %d, stored objects %d.", view.Cases, view.Entries, view.Objects)
		if view.Found == 0 {
			p.say("Nothing differs. Sealed cases are compared, too, and not counted: what differs there their members see with: sealcase alarm list")
			return
		}
		p.say("Differences: %d", view.Found)
		p.alarms(view.Items)
	})
	if err == nil && view.Found > 0 {
		return &toldError{exitMismatch}
	}
	return err
}

// awaitAudit waits until an audit has ended, and shows on a terminal how far it
// is.
func (s *session) awaitAudit(ctx context.Context, server *client.Client, id evidence.AuditID) (view api.AuditView, err error) {
	told := -1
	for {
		err = s.patiently(ctx, func() (err error) {
			view, err = server.Audit(ctx, id)
			return err
		})
		if err != nil || view.State != evidence.AuditRunning {
			return view, err
		}
		if view.Cases != told && terminal(s.Stderr) {
			s.note("%d cases, %d entries, %d objects compared", view.Cases, view.Entries, view.Objects)
			told = view.Cases
		}
		select {
		case <-ctx.Done():
			return view, ctx.Err()
		case <-time.After(auditPoll):
		}
	}
}
