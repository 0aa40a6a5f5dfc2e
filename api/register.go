package api

import (
	"context"
	"net/http"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/custody"
)

func (s *Server) registerOperations() {
	register(s, op(http.MethodGet, "/register", "get-register", "How the log of all logs' heads stands, and who outside vouches for it"), s.registerStatus)
}

func (s *Server) registerStatus(ctx context.Context, actor evidence.Actor, _ *struct{}) (*body[custody.RegisterStatus], error) {
	status, err := s.Custody.Register(ctx, actor)
	if err != nil {
		return nil, err
	}
	return &body[custody.RegisterStatus]{Body: status}, nil
}
