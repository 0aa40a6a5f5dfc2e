package api

import (
	"context"
	"net/http"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/workflows"
)

// VerificationRequest asks that an item's stored bytes are hashed again.
type VerificationRequest struct {
	Request string `json:"request,omitempty" maxLength:"64" pattern:"^[A-Za-z0-9-]*$" doc:"Of an earlier answer that was not done; empty for a new verification"`
}

// VerificationPending says that hashing goes on.
type VerificationPending struct {
	Request string `json:"request" doc:"Send it again to learn the outcome"`
}

type verifyInput struct {
	Item evidence.ItemID `path:"item"`
	Body VerificationRequest
}

type verifyOutput struct {
	Status int
	Body   any
}

func (s *Server) verificationOperations() {
	o := op(http.MethodPost, "/evidence/{item}/verifications", "verify-item", "Hash an item's stored bytes again and check its seal")
	schemas := s.api.OpenAPI().Components.Schemas
	o.Responses = map[string]*huma.Response{
		"200": {Description: "The outcome, good or bad; it is on record", Content: jsonOf[Verification](schemas)},
		"202": {Description: "Not done yet: ask again with the request", Content: jsonOf[VerificationPending](schemas)},
	}
	register(s, withProblem(schemas, o), s.verify)
}

func (s *Server) verify(ctx context.Context, actor evidence.Actor, in *verifyInput) (*verifyOutput, error) {
	// Membership first: a workflow must not start for somebody who may not know.
	item, err := s.Exhibits.Item(ctx, actor, in.Item)
	if err != nil {
		return nil, err
	}
	request := in.Body.Request
	if request == "" {
		id, err := evidence.NewID[evidence.EntryID](s.Random)
		if err != nil {
			return nil, err
		}
		request = string(id)[len("entry-"):]
	}
	v, done, err := s.Workflows.VerifyItem(ctx, workflows.VerifyInput{Actor: actor, Case: item.Case, Item: in.Item, Request: request})
	switch {
	case err != nil:
		return nil, err
	case !done:
		return &verifyOutput{Status: http.StatusAccepted, Body: VerificationPending{Request: request}}, nil
	}
	return &verifyOutput{Status: http.StatusOK, Body: verificationOf(v)}, nil
}
