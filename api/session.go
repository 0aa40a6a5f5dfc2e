package api

import (
	"context"
	"errors"
	"net/http"

	"github.com/sealcase/sealcase/evidence"
)

// SessionRequest asks to be signed in.
type SessionRequest struct {
	Login    string `json:"login" minLength:"1"`
	Password string `json:"password" minLength:"1"`
	Client   string `json:"client" enum:"web,cli" doc:"web: the session is a cookie; cli: it is the token in the answer"`
}

// Session is who is signed in, and until when.
type Session struct {
	Person    evidence.Person  `json:"person"`
	ExpiresAt evidence.Instant `json:"expires_at"`
	Token     string           `json:"token,omitempty" doc:"Only for client cli; a secret"`
}

type sessionInput struct {
	Body SessionRequest
}

type sessionOutput struct {
	SetCookie    string `header:"Set-Cookie"`
	CacheControl string `header:"Cache-Control"`
	Body         Session
}

type signOutOutput struct {
	SetCookie string `header:"Set-Cookie"`
}

// PersonQuery names a person.
type personInput struct {
	Login Login `query:"login" required:"true" doc:"As typed at sign-in"`
}

func (s *Server) sessionOperations() {
	registerPublic(s, op(http.MethodPost, "/session", "sign-in", "Sign in"), s.signIn)
	register(s, op(http.MethodGet, "/session", "get-session", "Who is signed in"), s.session)
	register(s, op(http.MethodDelete, "/session", "sign-out", "Sign out"), s.signOut)
	register(s, op(http.MethodGet, "/people", "find-person", "Find a person by login"), s.findPerson)
}

func (s *Server) signIn(ctx context.Context, in *sessionInput) (*sessionOutput, error) {
	from := originOf(ctx)
	if !s.attempts.allow(from.address) {
		p := statusProblem(http.StatusTooManyRequests, "Too many attempts to sign in from this address. Nothing was changed; wait a minute and try again.")
		return nil, p
	}
	id, err := s.Identities.Login(ctx, in.Body.Login, in.Body.Password)
	if err != nil {
		if evidence.CodeOf(err) == evidence.Unauthenticated {
			s.attempts.failed(from.address)
		}
		return nil, err
	}
	if err := s.Identities.EnsureKey(ctx, id.Token, id.Person.ID); err != nil {
		// The session is of no use, and nobody is told of it: end it.
		return nil, errors.Join(err, s.Identities.Logout(ctx, id.Token))
	}
	s.sessions.put(id.Token, id)
	out := &sessionOutput{CacheControl: "no-store", Body: sessionBody(id)}
	if in.Body.Client == "cli" {
		out.Body.Token = id.Token
	} else {
		out.SetCookie = newCookie(id.Token, id.Expires, from.secure).String()
	}
	return out, nil
}

func (s *Server) session(ctx context.Context, _ evidence.Actor, _ *struct{}) (*sessionOutput, error) {
	return &sessionOutput{CacheControl: "no-store", Body: sessionBody(sessionOf(ctx).identity)}, nil
}

func (s *Server) signOut(ctx context.Context, _ evidence.Actor, _ *struct{}) (*signOutOutput, error) {
	token := sessionOf(ctx).token
	s.sessions.evict(token)
	if err := s.Identities.Logout(ctx, token); err != nil {
		return nil, err
	}
	return &signOutOutput{SetCookie: newCookie("", s.Clock().AddDate(-1, 0, 0), originOf(ctx).secure).String()}, nil
}

func (s *Server) findPerson(ctx context.Context, _ evidence.Actor, in *personInput) (*body[evidence.Person], error) {
	p, err := s.Identities.FindPerson(ctx, string(in.Login))
	if err != nil {
		return nil, err
	}
	p.Roles = filled(p.Roles)
	return &body[evidence.Person]{Body: p}, nil
}

func sessionBody(id Identity) Session {
	p := id.Person
	p.Roles = filled(p.Roles)
	return Session{Person: p, ExpiresAt: evidence.At(id.Expires)}
}
