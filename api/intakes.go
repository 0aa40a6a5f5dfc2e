package api

import (
	"context"
	"net/http"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/intake"
	"github.com/sealcase/sealcase/workflows"
)

// IntakeRequest is a new delivery of evidence.
type IntakeRequest struct {
	Source    string `json:"source" minLength:"1" doc:"Where the evidence comes from, in words"`
	Authority string `json:"authority,omitempty" doc:"The warrant, order or consent relied on"`
}

// IntakeView is a delivery of evidence and how far it has come.
type IntakeView struct {
	Intake   Intake                   `json:"intake"`
	Progress workflows.IntakeProgress `json:"progress"`
}

type openIntakeInput struct {
	IdempotencyKey
	Case evidence.CaseID `path:"case"`
	Body IntakeRequest
}

type intakeInput struct {
	Intake evidence.IntakeID `path:"intake"`
}

func (s *Server) intakeOperations() {
	open := op(http.MethodPost, "/cases/{case}/intakes", "open-intake", "Begin a delivery of evidence")
	open.DefaultStatus = http.StatusCreated
	register(s, open, s.openIntake)
	register(s, op(http.MethodGet, "/intakes/{intake}", "get-intake", "A delivery and how far it has come"), s.getIntake)
	complete := op(http.MethodPost, "/intakes/{intake}/complete", "complete-intake", "Nothing more will come")
	complete.DefaultStatus = http.StatusAccepted
	register(s, complete, s.completeIntake)
}

func (s *Server) openIntake(ctx context.Context, actor evidence.Actor, in *openIntakeInput) (*body[Intake], error) {
	id, err := derive[evidence.IntakeID](s, actor, in.Key, string(in.Case))
	if err != nil {
		return nil, err
	}
	intake, err := s.Intakes.OpenIntake(ctx, actor, intake.Request{
		ID: id, Case: in.Case, Source: in.Body.Source, Authority: in.Body.Authority,
	})
	if err != nil {
		return nil, err
	}
	if err := s.Workflows.StartIntake(ctx, intake, actor); err != nil {
		return nil, err
	}
	return &body[Intake]{Body: intakeOf(intake)}, nil
}

func (s *Server) getIntake(ctx context.Context, actor evidence.Actor, in *intakeInput) (*body[IntakeView], error) {
	intake, err := s.Intakes.Intake(ctx, actor, in.Intake)
	if err != nil {
		return nil, err
	}
	progress, err := s.intakeProgress(ctx, actor, in.Intake)
	if err != nil {
		return nil, err
	}
	return &body[IntakeView]{Body: IntakeView{Intake: intakeOf(intake), Progress: progress}}, nil
}

func (s *Server) completeIntake(ctx context.Context, actor evidence.Actor, in *intakeInput) (*body[workflows.IntakeProgress], error) {
	intake, err := s.Intakes.Intake(ctx, actor, in.Intake)
	if err != nil {
		return nil, err
	}
	if intake.OpenedBy != actor.ID && !actor.Has(evidence.Supervisor) {
		return nil, evidence.Errorf(evidence.Forbidden,
			"Only whoever began a delivery, or a supervisor, can say that it is complete. Nothing was changed.")
	}
	err = s.Workflows.CompleteIntake(ctx, in.Intake)
	if evidence.CodeOf(err) == evidence.NotFound {
		if err = s.Workflows.StartIntake(ctx, intake, actor); err == nil {
			err = s.Workflows.CompleteIntake(ctx, in.Intake)
		}
	}
	if err != nil {
		return nil, err
	}
	progress, err := s.intakeProgress(ctx, actor, in.Intake)
	if err != nil {
		return nil, err
	}
	return &body[workflows.IntakeProgress]{Body: progress}, nil
}

// intakeProgress asks the workflow of an intake. Workflows that have ended are
// kept for a month; what became of the items is on record for good.
func (s *Server) intakeProgress(ctx context.Context, actor evidence.Actor, id evidence.IntakeID) (workflows.IntakeProgress, error) {
	progress, err := s.Workflows.IntakeProgress(ctx, id)
	if evidence.CodeOf(err) != evidence.NotFound {
		return progress, err
	}
	counts, err := s.Intakes.IntakeStatus(ctx, actor, id)
	if err != nil {
		return workflows.IntakeProgress{}, err
	}
	progress = workflows.IntakeProgress{
		State: workflows.IntakeDone, Received: counts.Items(), Sealed: counts.Sealed, Quarantined: counts.Quarantined,
	}
	if counts.Received > 0 {
		progress.State = workflows.IntakeSealing
	}
	return progress, nil
}

// takeUp tells an intake's workflow that something came. Where there is none
// any more, or not yet, it starts one: no item waits for ever to be sealed.
func (s *Server) takeUp(ctx context.Context, actor evidence.Actor, id evidence.IntakeID) error {
	err := s.Workflows.NotifyIntake(ctx, id)
	if evidence.CodeOf(err) != evidence.NotFound {
		return err
	}
	intake, err := s.Intakes.Intake(ctx, actor, id)
	if err != nil {
		return err
	}
	return s.Workflows.StartIntake(ctx, intake, actor)
}
