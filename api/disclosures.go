package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/custody"
	"github.com/sealcase/sealcase/workflows"
)

// DisclosureRequest asks for a bundle for a recipient.
type DisclosureRequest struct {
	Title     string                  `json:"title" minLength:"1" maxLength:"200"`
	Recipient string                  `json:"recipient" minLength:"1" maxLength:"500"`
	Purpose   string                  `json:"purpose" minLength:"1" maxLength:"2000"`
	Withheld  []evidence.Withheld     `json:"withheld,omitempty" maxItems:"100000" doc:"Items to leave out with all entries about them, and why"`
	Entries   []custody.WithholdEntry `json:"withheld_entries,omitempty" maxItems:"1000" doc:"Single entries of which to show the leaf hash only, each by index or identifier, and why"`
}

// DisclosureView is a disclosure and how much of its bundle is written.
type DisclosureView struct {
	Disclosure evidence.Disclosure          `json:"disclosure"`
	Progress   workflows.DisclosureProgress `json:"progress"`
}

// DisclosureList is the disclosures of a case, newest first.
type DisclosureList struct {
	Items []evidence.Disclosure `json:"items"`
}

type discloseInput struct {
	IdempotencyKey
	Case evidence.CaseID `path:"case"`
	Body DisclosureRequest
}

type disclosureInput struct {
	Disclosure evidence.DisclosureID `path:"disclosure"`
}

type bundleInput struct {
	RangeHeaders
	Disclosure evidence.DisclosureID `path:"disclosure"`
}

func (s *Server) disclosureOperations() {
	request := op(http.MethodPost, "/cases/{case}/disclosures", "request-disclosure", "Make a bundle for a recipient")
	request.DefaultStatus, request.MaxBodyBytes, request.BodyReadTimeout = http.StatusAccepted, 32<<20, requestTime
	register(s, request, s.requestDisclosure)
	register(s, op(http.MethodGet, "/cases/{case}/disclosures", "list-disclosures", "What was disclosed, to whom, and what was withheld"), s.listDisclosures)
	register(s, op(http.MethodGet, "/disclosures/{disclosure}", "get-disclosure", "A disclosure and its progress"), s.getDisclosure)
	register(s, s.download(op(http.MethodGet, "/disclosures/{disclosure}/bundle", "get-bundle", "The bundle; every opening of it goes on record")), s.bundle)
	register(s, text(op(http.MethodGet, "/disclosures/{disclosure}/proof", "get-proof", "The detached proof that the disclosure is in the log"),
		"application/json", "The proof, as evidence/bundle/FORMAT.md has it"), s.proof)
}

func (s *Server) requestDisclosure(ctx context.Context, actor evidence.Actor, in *discloseInput) (*body[evidence.Disclosure], error) {
	id, err := derive[evidence.DisclosureID](s, actor, in.Key, string(in.Case))
	if err != nil {
		return nil, err
	}
	d, err := s.Custody.RequestDisclosure(ctx, actor, custody.DisclosureRequest{
		ID: id, Case: in.Case, Title: in.Body.Title, Recipient: in.Body.Recipient, Purpose: in.Body.Purpose, Withheld: in.Body.Withheld,
		Entries: in.Body.Entries,
	})
	if err != nil {
		return nil, err
	}
	if err := s.Workflows.StartDisclosure(ctx, d, actor); err != nil {
		return nil, err
	}
	return &body[evidence.Disclosure]{Body: d}, nil
}

func (s *Server) listDisclosures(ctx context.Context, actor evidence.Actor, in *caseInput) (*body[DisclosureList], error) {
	items, err := s.Custody.Disclosures(ctx, actor, in.Case)
	if err != nil {
		return nil, err
	}
	return &body[DisclosureList]{Body: DisclosureList{Items: filled(items)}}, nil
}

func (s *Server) getDisclosure(ctx context.Context, actor evidence.Actor, in *disclosureInput) (*body[DisclosureView], error) {
	d, err := s.Custody.Disclosure(ctx, actor, in.Disclosure)
	if err != nil {
		return nil, err
	}
	progress, err := s.disclosureProgress(ctx, d)
	if err != nil {
		return nil, err
	}
	return &body[DisclosureView]{Body: DisclosureView{Disclosure: d, Progress: progress}}, nil
}

// disclosureProgress asks the workflow of a disclosure that has not ended. Of
// what has, the record says all, and for longer than workflows are kept. A
// disclosure that was asked for and cut off before its workflow began is set
// going by whoever looks.
func (s *Server) disclosureProgress(ctx context.Context, d evidence.Disclosure) (workflows.DisclosureProgress, error) {
	recorded := workflows.DisclosureProgress{
		State: d.State, Failure: d.Failure, Items: d.Items, OfItems: d.Items, Bytes: d.Length, OfBytes: d.Length,
	}
	if d.State == evidence.DisclosureReady || d.State == evidence.DisclosureFailed {
		return recorded, nil
	}
	progress, err := s.Workflows.DisclosureProgress(ctx, d.ID)
	if evidence.CodeOf(err) == evidence.NotFound {
		recorded.Items = 0
		return recorded, s.Workflows.StartDisclosure(ctx, d, evidence.Actor{Person: evidence.Person{ID: d.By}})
	}
	return progress, err
}

func (s *Server) bundle(ctx context.Context, actor evidence.Actor, in *bundleInput) (*huma.StreamResponse, error) {
	d, err := s.Custody.Disclosure(ctx, actor, in.Disclosure)
	if err != nil {
		return nil, err
	}
	if d.State != evidence.DisclosureReady {
		return nil, evidence.Errorf(evidence.Conflict, "The bundle is not ready: it is %s. Look again in a moment.", d.State)
	}
	span, err := in.span(d.Length, d.Digest)
	if err != nil {
		return nil, err
	}
	content, d, err := s.Custody.OpenBundle(ctx, actor, in.Disclosure, span.offset, span.opened())
	if err != nil {
		return nil, err
	}
	return s.send(span, delivery{name: evidence.FileName(string(d.ID) + ".zip"), digest: d.Digest, content: content}), nil
}

func (s *Server) proof(ctx context.Context, actor evidence.Actor, in *disclosureInput) (*textOutput, error) {
	proof, err := s.Custody.DisclosureProof(ctx, actor, in.Disclosure)
	if err != nil {
		return nil, err
	}
	return &textOutput{
		ContentType: "application/json", CacheControl: "no-store",
		Disposition: disposition(evidence.FileName(string(in.Disclosure) + ".proof.json")), Body: proof,
	}, nil
}
