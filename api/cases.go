package api

import (
	"context"
	"fmt"
	"net/http"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/custody"
	"github.com/sealcase/sealcase/workflows"
)

// CaseDetail is a case with what its page needs.
type CaseDetail struct {
	CaseSummary
	ExhibitPrefix      string               `json:"exhibit_prefix" doc:"What stands before an exhibit's five digits, such as 2026-0007/E-"`
	AllowedTransitions []evidence.CaseState `json:"allowed_transitions"`
	Members            []Member             `json:"members"`
	ClassRequests      []ClassRequest       `json:"class_requests" doc:"Who asked for the case to be unsealed as it stands"`
}

// OpenCaseRequest is a new case.
type OpenCaseRequest struct {
	Title    string   `json:"title" minLength:"1"`
	Summary  string   `json:"summary,omitempty"`
	TimeZone string   `json:"time_zone" minLength:"1" doc:"IANA name, such as Europe/Zurich"`
	Members  []string `json:"members,omitempty" doc:"Logins, besides the caller"`
	// Class and Authority are of a supervisor only.
	Class     evidence.Class `json:"class,omitempty" doc:"Who may know of it; ordinary when it is not said. Only a supervisor opens another"`
	Authority string         `json:"authority,omitempty" doc:"The order by which a case is sealed"`
}

// TransitionRequest brings a case into another state.
type TransitionRequest struct {
	To     evidence.CaseState `json:"to"`
	Reason string             `json:"reason" minLength:"1"`
}

// ClassChangeRequest changes who may know of a case.
type ClassChangeRequest struct {
	To        evidence.Class `json:"to"`
	Reason    string         `json:"reason" minLength:"1"`
	Authority string         `json:"authority,omitempty" doc:"The order by which a case is sealed"`
}

// MemberRequest makes a person a member of a case.
type MemberRequest struct {
	Login string         `json:"login" minLength:"1"`
	Grant evidence.Grant `json:"grant,omitempty" doc:"What they may do in the case, besides what their roles allow; all when it is not said"`
}

// RemovalRequest is why somebody is to be a member no more.
type RemovalRequest struct {
	Reason string `json:"reason" minLength:"1"`
}

// CorrectionRequest is what is right where an entry of the log is wrong.
type CorrectionRequest struct {
	Entry evidence.EntryID `json:"entry"`
	Right string           `json:"right" minLength:"1"`
}

type correctionInput struct {
	Case evidence.CaseID `path:"case"`
	Body CorrectionRequest
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

type classInput struct {
	Case    evidence.CaseID `path:"case"`
	IfMatch string          `header:"If-Match" doc:"The ETag of the case that the caller saw; another version is refused with 412"`
	Body    ClassChangeRequest
}

type memberInput struct {
	Case evidence.CaseID `path:"case"`
	Body MemberRequest
}

type removeMemberInput struct {
	Case   evidence.CaseID   `path:"case"`
	Person evidence.PersonID `path:"person" maxLength:"200"`
	Body   RemovalRequest
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
	register(s, op(http.MethodPost, "/cases/{case}/class", "change-class", "Restrict, seal or open up a case, or ask for a sealed one to be unsealed"), s.changeClass)
	register(s, op(http.MethodPost, "/cases/{case}/members", "add-member", "Make a person a member"), s.addMember)
	remove := op(http.MethodPost, "/cases/{case}/members/{person}/removal", "remove-member", "Remove a member")
	remove.DefaultStatus = http.StatusNoContent
	register(s, remove, s.removeMember)
	correct := op(http.MethodPost, "/cases/{case}/corrections", "correct-entry", "Say what is right where an entry is wrong")
	correct.DefaultStatus = http.StatusNoContent
	register(s, correct, s.correct)
}

func (s *Server) listCases(ctx context.Context, actor evidence.Actor, in *PageQuery) (*body[Page[CaseSummary]], error) {
	page, err := s.Casework.Cases(ctx, actor, string(in.Cursor), int(in.Limit))
	if err != nil {
		return nil, err
	}
	summaries := evidence.Page[custody.CaseSummary]{Items: make([]custody.CaseSummary, len(page.Items)), Next: page.Next, Total: page.Total}
	g, ctx := errgroup.WithContext(ctx)
	g.SetLimit(8)
	for i, c := range page.Items {
		g.Go(func() error {
			var err error
			summaries.Items[i], err = s.Casework.Summary(ctx, actor, c.ID)
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
	o := custody.Opening{ID: id, Title: strings.TrimSpace(in.Body.Title), Summary: in.Body.Summary, TimeZone: in.Body.TimeZone, Class: in.Body.Class, Authority: strings.TrimSpace(in.Body.Authority)}
	if err := s.Casework.CheckOpening(actor, o); err != nil {
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
	signed, err := s.Casework.SignOpening(ctx, actor, o)
	if err != nil {
		return nil, err
	}
	opened, err := s.Workflows.OpenCase(ctx, workflows.ActInput{Case: o.ID, Signed: signed})
	if err != nil {
		return nil, err
	}
	return &caseOutput{ETag: etag(opened.Case), Body: caseOf(opened.Case)}, nil
}

// act has the caller sign what they want to do to a case, and that put on record.
func (s *Server) act(ctx context.Context, actor evidence.Actor, w custody.Wish) (evidence.Case, error) {
	signed, err := s.Casework.Sign(ctx, actor, w)
	if err != nil {
		return evidence.Case{}, err
	}
	done, err := s.Workflows.Act(ctx, workflows.ActInput{Case: w.Case, Signed: [][]byte{signed}})
	if err != nil {
		return evidence.Case{}, err
	}
	return done.Case, s.Casework.Follow(ctx, w.Case) // what the worker recorded
}

func (s *Server) getCase(ctx context.Context, actor evidence.Actor, in *caseInput) (*caseDetailOutput, error) {
	summary, err := s.Casework.Summary(ctx, actor, in.Case)
	if err != nil {
		return nil, err
	}
	members, err := s.Casework.Members(ctx, actor, in.Case)
	if err != nil {
		return nil, err
	}
	return &caseDetailOutput{ETag: etag(summary.Case), Body: CaseDetail{
		CaseSummary: summaryOf(summary), Members: each(members, memberOf),
		ClassRequests:      each(summary.Asked, classRequestOf),
		ExhibitPrefix:      exhibitPrefix(summary.Case),
		AllowedTransitions: filled(summary.Case.State.Next()),
	}}, nil
}

func (s *Server) transition(ctx context.Context, actor evidence.Actor, in *transitionInput) (*caseOutput, error) {
	// The workflow is asked only for those who may know that it is there.
	c, err := s.Casework.Case(ctx, actor, in.Case)
	if err != nil {
		return nil, err
	}
	if err := unchanged(c, in.IfMatch); err != nil {
		return nil, err
	}
	to := act.Transitioned{From: c.State, To: in.Body.To, Version: c.Version + 1}
	if c, err = s.act(ctx, actor, custody.Wish{Case: in.Case, Say: to, Purpose: in.Body.Reason}); err != nil {
		return nil, err
	}
	return &caseOutput{ETag: etag(c), Body: caseOf(c)}, nil
}

// unchanged returns nil when the case is the one that the caller saw, or the caller
// does not say which.
func unchanged(c evidence.Case, ifMatch string) error {
	if ifMatch == "" || ifMatch == etag(c) {
		return nil
	}
	return statusProblem(http.StatusPreconditionFailed, fmt.Sprintf(
		"Somebody changed the case since you looked: it is %s and %s now, at version %d. Nothing was changed; look again, then decide.", c.State, c.Class.Or(), c.Version))
}

// changeClass answers with the case as it stands then: of the other class, or with
// the caller among those who asked for it.
func (s *Server) changeClass(ctx context.Context, actor evidence.Actor, in *classInput) (*caseDetailOutput, error) {
	c, err := s.Casework.Case(ctx, actor, in.Case)
	if err != nil {
		return nil, err
	}
	if err := unchanged(c, in.IfMatch); err != nil {
		return nil, err
	}
	w, err := s.Wishes.WishClass(ctx, actor, in.Case, in.Body.To, in.Body.Reason, strings.TrimSpace(in.Body.Authority))
	if err != nil {
		return nil, err
	}
	if _, err := s.act(ctx, actor, w); err != nil {
		return nil, err
	}
	return s.getCase(ctx, actor, &caseInput{Case: in.Case})
}

func (s *Server) addMember(ctx context.Context, actor evidence.Actor, in *memberInput) (*body[Member], error) {
	// Whoever may not know of the case learns nothing about logins through it.
	if _, err := s.Casework.Case(ctx, actor, in.Case); err != nil {
		return nil, err
	}
	p, err := s.Identities.FindPerson(ctx, in.Body.Login)
	if err != nil {
		return nil, err
	}
	known, err := s.Casework.Member(ctx, actor, in.Case, p.ID)
	if evidence.CodeOf(err) == evidence.NotFound {
		var w custody.Wish
		if w, err = s.Wishes.WishMember(ctx, actor, in.Case, p, in.Body.Grant); err != nil {
			return nil, err
		}
		if _, err = s.act(ctx, actor, w); err != nil {
			return nil, err
		}
		known, err = s.Casework.Member(ctx, actor, in.Case, p.ID)
	}
	if err != nil {
		return nil, err
	}
	return &body[Member]{Body: memberOf(known)}, nil
}

func (s *Server) removeMember(ctx context.Context, actor evidence.Actor, in *removeMemberInput) (*struct{}, error) {
	w, err := s.Wishes.WishRemoved(ctx, actor, in.Case, in.Person, in.Body.Reason)
	if err == nil {
		_, err = s.act(ctx, actor, w)
	}
	return nil, err
}

func (s *Server) correct(ctx context.Context, actor evidence.Actor, in *correctionInput) (*struct{}, error) {
	w, err := s.Wishes.WishCorrected(ctx, actor, in.Case, in.Body.Entry, in.Body.Right)
	if err == nil {
		_, err = s.act(ctx, actor, w)
	}
	return nil, err
}

func etag(c evidence.Case) string { return fmt.Sprintf(`"v%d"`, c.Version) }

// exhibitPrefix returns what stands before the digits of an exhibit number.
func exhibitPrefix(c evidence.Case) string {
	return strings.TrimSuffix(evidence.ExhibitNumber(c.Number, 0), "00000")
}
