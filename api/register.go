package api

import (
	"context"
	"net/http"

	"github.com/sealcase/sealcase/evidence"
	logoflogs "github.com/sealcase/sealcase/evidence/register"
)

func (s *Server) registerOperations() {
	register(s, op(http.MethodGet, "/register", "get-register", "How the log of all logs' heads stands, and who outside vouches for it"), s.registerStatus)
}

func (s *Server) registerStatus(ctx context.Context, actor evidence.Actor, _ *struct{}) (*body[logoflogs.Status], error) {
	status, err := s.Register.RegisterStatus(ctx, actor)
	if err != nil {
		return nil, err
	}
	return &body[logoflogs.Status]{Body: status}, nil
}
