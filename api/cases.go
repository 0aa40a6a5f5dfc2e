package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/custody"
	"github.com/sealcase/sealcase/workflows"
)

// CaseDetail is a case with what its page needs.
type CaseDetail struct {
	CaseSummary
	ExhibitPrefix      string               `json:"exhibit_prefix" doc:"What stands before an exhibit's five digits, such as 2026-0007/E-"`
	AllowedTransitions []evidence.CaseState `json:"allowed_transitions"`
	Members            []Member             `json:"members"`
}

// OpenCaseRequest is a new case.
type OpenCaseRequest struct {
	Title    string   `json:"title" minLength:"1"`
	Summary  string   `json:"summary,omitempty"`
	TimeZone string   `json:"time_zone" minLength:"1" doc:"IANA name, such as Europe/Zurich"`
	Members  []string `json:"members,omitempty" doc:"Logins, besides the caller"`
}

// TransitionRequest brings a case into another state.
type TransitionRequest struct {
	To     evidence.CaseState `json:"to"`
	Reason string             `json:"reason" minLength:"1"`
}

// MemberRequest makes a person a member of a case.
type MemberRequest struct {
	Login string `json:"login" minLength:"1"`
}

type openCaseInput struct {
	IdempotencyKey
	Body OpenCaseRequest
}

type caseInput struct {
	Case evidence.CaseID `path:"case"`
}

type transitionInput struct {
	Case    evidence.CaseID `path:"case"`
	IfMatch string          `header:"If-Match" doc:"The ETag of the case that the caller saw; another version is refused with 412"`
	Body    TransitionRequest
}

type memberInput struct {
	Case evidence.CaseID `path:"case"`
	Body MemberRequest
}

type caseOutput struct {
	ETag string `header:"ETag"`
	Body Case
}

type caseDetailOutput struct {
	ETag string `header:"ETag"`
	Body CaseDetail
}

func (s *Server) caseOperations() {
	register(s, op(http.MethodGet, "/cases", "list-cases", "My cases, the one that I became a member of last first"), s.listCases)
	open := op(http.MethodPost, "/cases", "open-case", "Open a case")
	open.DefaultStatus = http.StatusCreated
	register(s, open, s.openCase)
	register(s, op(http.MethodGet, "/cases/{case}", "get-case", "A case with its counts and members"), s.getCase)
	register(s, op(http.MethodPost, "/cases/{case}/transitions", "transition-case", "Bring a case into another state"), s.transition)
	register(s, op(http.MethodPost, "/cases/{case}/members", "add-member", "Make a person a member"), s.addMember)
}

func (s *Server) listCases(ctx context.Context, actor evidence.Actor, in *PageQuery) (*body[Page[CaseSummary]], error) {
	page, err := s.Custody.Cases(ctx, actor, string(in.Cursor), int(in.Limit))
	if err != nil {
		return nil, err
	}
	summaries := custody.Page[custody.CaseSummary]{Items: make([]custody.CaseSummary, len(page.Items)), Next: page.Next, Total: page.Total}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(8)
	for i, c := range page.Items {
		g.Go(func() error {
			var err error
			summaries.Items[i], err = s.Custody.Summary(ctx, actor, c.ID)
			return err
		})
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	return pageOf(summaries, summaryOf), nil
}

func (s *Server) openCase(ctx context.Context, actor evidence.Actor, in *openCaseInput) (*caseOutput, error) {
	id, err := derive[evidence.CaseID](s, actor, in.Key)
	if err != nil {
		return nil, err
	}
	o := custody.Opening{ID: id, Title: strings.TrimSpace(in.Body.Title), Summary: in.Body.Summary, TimeZone: in.Body.TimeZone}
	if err := s.Custody.CheckOpening(actor, o); err != nil {
		return nil, err
	}
	for _, login := range in.Body.Members {
		p, err := s.Identities.FindPerson(ctx, login)
		if evidence.CodeOf(err) == evidence.NotFound {
			return nil, evidence.WrapError(evidence.Invalid, err, "nobody has the login %q; no case was opened: correct the members", login)
		} else if err != nil {
			return nil, err
		}
		o.Members = append(o.Members, p)
	}
	signed, err := s.Custody.PrepareOpening(ctx, actor, o)
	if err != nil {
		return nil, err
	}
	c, err := s.Workflows.OpenCase(ctx, workflows.OpenCaseInput{
		Actor: actor, ID: o.ID, Title: o.Title, Summary: o.Summary, TimeZone: o.TimeZone, Members: o.Members, Signed: signed,
	})
	if err != nil {
		return nil, err
	}
	return &caseOutput{ETag: etag(c), Body: caseOf(c)}, nil
}

func (s *Server) getCase(ctx context.Context, actor evidence.Actor, in *caseInput) (*caseDetailOutput, error) {
	summary, err := s.Custody.Summary(ctx, actor, in.Case)
	if err != nil {
		return nil, err
	}
	members, err := s.Custody.Members(ctx, actor, in.Case)
	if err != nil {
		return nil, err
	}
	return &caseDetailOutput{ETag: etag(summary.Case), Body: CaseDetail{
		CaseSummary: summaryOf(summary), Members: each(members, memberOf),
		ExhibitPrefix:      exhibitPrefix(summary.Case),
		AllowedTransitions: filled(summary.Case.State.Next()),
	}}, nil
}

func (s *Server) transition(ctx context.Context, actor evidence.Actor, in *transitionInput) (*caseOutput, error) {
	// The workflow is asked only for those who may know that it is there.
	c, err := s.Custody.Case(ctx, actor, in.Case)
	if err != nil {
		return nil, err
	}
	if in.IfMatch != "" && in.IfMatch != etag(c) {
		return nil, statusProblem(http.StatusPreconditionFailed, fmt.Sprintf(
			"Somebody changed the case since you looked: it is %s now, at version %d. Nothing was changed; look again, then decide.", c.State, c.Version))
	}
	signed, err := s.Custody.PrepareTransition(ctx, actor, in.Case, in.Body.To, in.Body.Reason)
	if err != nil {
		return nil, err
	}
	c, err = s.Workflows.Transition(ctx, workflows.TransitionInput{
		Actor: actor, Case: in.Case, To: in.Body.To, Reason: in.Body.Reason, Signed: signed,
	})
	if err != nil {
		return nil, err
	}
	return &caseOutput{ETag: etag(c), Body: caseOf(c)}, nil
}

func (s *Server) addMember(ctx context.Context, actor evidence.Actor, in *memberInput) (*body[Member], error) {
	// Whoever may not know of the case learns nothing about logins through it.
	if _, err := s.Custody.Case(ctx, actor, in.Case); err != nil {
		return nil, err
	}
	p, err := s.Identities.FindPerson(ctx, in.Body.Login)
	if err != nil {
		return nil, err
	}
	signed, err := s.Custody.PrepareMember(ctx, actor, in.Case, p)
	if err != nil {
		return nil, err
	}
	m, err := s.Workflows.AddMember(ctx, workflows.MemberInput{Actor: actor, Case: in.Case, Person: p, Signed: signed})
	if err != nil {
		return nil, err
	}
	return &body[Member]{Body: memberOf(m)}, nil
}

func etag(c evidence.Case) string { return fmt.Sprintf(`"v%d"`, c.Version) }

// exhibitPrefix returns what stands before the digits of an exhibit number.
func exhibitPrefix(c evidence.Case) string {
	return strings.TrimSuffix(evidence.ExhibitNumber(c.Number, 0), "00000")
}
