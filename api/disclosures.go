package api

import (
	"context"
	"net/http"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/disclose"
	"github.com/sealcase/sealcase/workflows"
)

// DisclosureRequest asks for a bundle for a recipient.
type DisclosureRequest struct {
	Title     string          `json:"title" minLength:"1"`
	Recipient string          `json:"recipient" minLength:"1"`
	Purpose   string          `json:"purpose" minLength:"1"`
	Withheld  []WithholdItem  `json:"withheld,omitempty" doc:"Items to leave out with all entries about them, and why"`
	Entries   []WithholdEntry `json:"withheld_entries,omitempty" doc:"Single entries of which to show the leaf hash only, each by index or identifier, and why"`
}

// WithholdItem asks to leave an item out.
type WithholdItem struct {
	Item   evidence.ItemID `json:"item"`
	Reason string          `json:"reason" minLength:"1"`
}

// WithholdEntry asks to show the leaf hash of one entry only, which is named by
// its index in the log or by its identifier.
type WithholdEntry struct {
	Index  *int64           `json:"index,omitempty"`
	Entry  evidence.EntryID `json:"entry,omitempty"`
	Reason string           `json:"reason" minLength:"1"`
}

// DisclosureView is a disclosure and how much of its bundle is written.
type DisclosureView struct {
	Disclosure Disclosure                   `json:"disclosure"`
	Progress   workflows.DisclosureProgress `json:"progress"`
}

// DisclosureList is the disclosures of a case, newest first.
type DisclosureList struct {
	Items []Disclosure `json:"items"`
}

type discloseInput struct {
	IdempotencyKey
	Case evidence.CaseID `path:"case"`
	Body DisclosureRequest
}

type disclosureInput struct {
	Disclosure evidence.DisclosureID `path:"disclosure"`
}

func (s *Server) disclosureOperations() {
	request := op(http.MethodPost, "/cases/{case}/disclosures", "request-disclosure", "Make a bundle for a recipient")
	request.DefaultStatus, request.MaxBodyBytes, request.BodyReadTimeout = http.StatusAccepted, 32<<20, requestTime
	register(s, request, s.requestDisclosure)
	register(s, op(http.MethodGet, "/cases/{case}/disclosures", "list-disclosures", "What was disclosed, to whom, and what was withheld"), s.listDisclosures)
	register(s, op(http.MethodGet, "/disclosures/{disclosure}", "get-disclosure", "A disclosure and its progress"), s.getDisclosure)
	fetch := op(http.MethodPost, "/disclosures/{disclosure}/tickets", "fetch-bundle", "Put on record, signed, that I fetch a bundle, and get the ticket that opens it")
	fetch.DefaultStatus = http.StatusCreated
	register(s, fetch, s.fetchBundle)
	register(s, s.download(op(http.MethodGet, "/disclosures/{disclosure}/bundle", "get-bundle", "The bundle, once, with the ticket for it")), s.bundle)
	register(s, text(op(http.MethodGet, "/disclosures/{disclosure}/proof", "get-proof", "The detached proof that the disclosure is in the log"),
		"application/json", "The proof, as evidence/bundle/FORMAT.md has it"), s.proof)
}

func (s *Server) requestDisclosure(ctx context.Context, actor evidence.Actor, in *discloseInput) (*body[Disclosure], error) {
	id, err := derive[evidence.DisclosureID](s, actor, in.Key, string(in.Case))
	if err != nil {
		return nil, err
	}
	r := disclose.Request{ID: id, Case: in.Case, Title: in.Body.Title, Recipient: in.Body.Recipient, Purpose: in.Body.Purpose}
	for _, w := range in.Body.Withheld {
		r.Withheld = append(r.Withheld, evidence.Withheld{Item: w.Item, Reason: w.Reason})
	}
	for _, w := range in.Body.Entries {
		r.Entries = append(r.Entries, disclose.WithholdEntry{Index: w.Index, Entry: w.Entry, Reason: w.Reason})
	}
	d, err := s.Bundles.RequestDisclosure(ctx, actor, r)
	if err != nil {
		return nil, err
	}
	if err := s.Workflows.StartDisclosure(ctx, d, actor); err != nil {
		return nil, err
	}
	return &body[Disclosure]{Body: disclosureOf(d)}, nil
}

func (s *Server) listDisclosures(ctx context.Context, actor evidence.Actor, in *caseInput) (*body[DisclosureList], error) {
	items, err := s.Bundles.Disclosures(ctx, actor, in.Case)
	if err != nil {
		return nil, err
	}
	return &body[DisclosureList]{Body: DisclosureList{Items: each(items, disclosureOf)}}, nil
}

func (s *Server) getDisclosure(ctx context.Context, actor evidence.Actor, in *disclosureInput) (*body[DisclosureView], error) {
	d, err := s.Bundles.Disclosure(ctx, actor, in.Disclosure)
	if err != nil {
		return nil, err
	}
	progress, err := s.disclosureProgress(ctx, d)
	if err != nil {
		return nil, err
	}
	return &body[DisclosureView]{Body: DisclosureView{Disclosure: disclosureOf(d), Progress: progress}}, nil
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

func (s *Server) proof(ctx context.Context, actor evidence.Actor, in *disclosureInput) (*textOutput, error) {
	proof, err := s.Bundles.DisclosureProof(ctx, actor, in.Disclosure)
	if err != nil {
		return nil, err
	}
	return &textOutput{
		ContentType: "application/json", CacheControl: "no-store",
		Disposition: disposition(evidence.FileName(string(in.Disclosure) + ".proof.json")), Body: proof,
	}, nil
}
