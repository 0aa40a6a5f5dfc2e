package api

import (
	"context"
	"net/http"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows"
)

// AuditStarted names an audit that runs now.
type AuditStarted struct {
	ID evidence.AuditID `json:"id"`
}

// AuditView is an audit with the alarms that it found: those that it raised,
// and those that were raised before and still differ.
type AuditView struct {
	Audit
	Items []Alarm `json:"alarms"`
}

type startAuditInput struct {
	IdempotencyKey
}

type auditInput struct {
	Audit evidence.AuditID `path:"audit"`
}

func (s *Server) auditOperations() {
	start := op(http.MethodPost, "/audits", "start-audit", "Compare everything that is stored with everything that was signed, now")
	start.DefaultStatus = http.StatusAccepted
	register(s, start, s.startAudit)
	register(s, op(http.MethodGet, "/audits/{audit}", "get-audit", "An audit, and the alarms that it found"), s.getAudit)
}

func (s *Server) startAudit(ctx context.Context, actor evidence.Actor, in *startAuditInput) (*body[AuditStarted], error) {
	if err := s.AlarmBook.CheckAudit(actor); err != nil {
		return nil, err
	}
	id, err := derive[evidence.AuditID](s, actor, in.Key)
	if err != nil {
		return nil, err
	}
	if err := s.Workflows.StartAudit(ctx, workflows.AuditInput{Audit: id, By: actor.ID}); err != nil {
		return nil, err
	}
	return &body[AuditStarted]{Body: AuditStarted{ID: id}}, nil
}

// getAudit shows an outcome by the register only. The engine of workflows is asked
// how far an audit is that has none.
func (s *Server) getAudit(ctx context.Context, actor evidence.Actor, in *auditInput) (*body[AuditView], error) {
	a, err := s.AlarmBook.Audit(ctx, actor, in.Audit)
	if evidence.CodeOf(err) == evidence.NotFound {
		a, err = s.runningAudit(ctx, actor, in.Audit)
	}
	if err != nil {
		return nil, err
	}
	alarms, hidden, err := s.AlarmBook.AlarmsOf(ctx, actor, a.Alarms)
	if err != nil {
		return nil, err
	}
	a.Found -= hidden // what was found before its case was sealed; later the audit does not count it
	return &body[AuditView]{Body: AuditView{Audit: auditOf(a), Items: each(alarms, alarmOf)}}, nil
}

// runningAudit returns how far an audit is. One that the engine says has ended is
// on record since, or its outcome is nobody's.
func (s *Server) runningAudit(ctx context.Context, actor evidence.Actor, id evidence.AuditID) (evidence.Audit, error) {
	a, err := s.Workflows.AuditProgress(ctx, id)
	if err != nil || a.State == evidence.AuditRunning {
		return a, err
	}
	a, err = s.AlarmBook.Audit(ctx, actor, id)
	if evidence.CodeOf(err) == evidence.NotFound {
		return a, evidence.Errorf(evidence.Tampered, "this audit is said to have ended, and its outcome is not on record in the register: nobody knows what it came to. Look at the alarms, and have another audit run")
	}
	return a, err
}
