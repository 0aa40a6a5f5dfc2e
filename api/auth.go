package api

import (
	"context"
	"net"
	"net/http"
	"strings"
	"time"
	"unicode"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"

	"github.com/sealcase/sealcase/evidence"
)

const cookieName = "sealcase_session"

// signedIn is a request's session.
type signedIn struct {
	token    string
	identity Identity
	actor    evidence.Actor
}

type sessionKey struct{}

// sessionOf returns the session of a request that passed requireSession.
func sessionOf(ctx context.Context) signedIn {
	session, _ := ctx.Value(sessionKey{}).(signedIn)
	return session
}

// requireSession lets only people through who are signed in.
func (s *Server) requireSession(hctx huma.Context, next func(huma.Context)) {
	c := humagin.Unwrap(hctx)
	ctx, err := s.authenticate(c.Request)
	if err != nil {
		writeProblem(c.Writer, c.Request, s.problem(hctx.Context(), hctx.Operation().OperationID, err))
		return
	}
	next(huma.WithContext(hctx, ctx))
}

// authenticate returns the request's context with its session.
func (s *Server) authenticate(r *http.Request) (context.Context, error) {
	if fromAnotherSite(r) {
		return nil, errAnotherSite()
	}
	token := tokenOf(r)
	if token == "" {
		return nil, evidence.Errorf(evidence.Unauthenticated, "You are not signed in. Sign in, then try again.")
	}
	id, err := s.identify(r.Context(), token)
	if err != nil {
		return nil, err
	}
	actor := evidence.Actor{
		Person: id.Person, From: originOf(r.Context()).address, Client: clientOf(r),
		Signer: s.Identities.Signer(token, id.Person.ID),
	}
	return context.WithValue(r.Context(), sessionKey{}, signedIn{token: token, identity: id, actor: actor}), nil
}

// fromAnotherSite reports whether a page of another origin caused the request: of
// another site, of a sibling host, or of another port of this host. What browsers
// send with every request since 2023 says so; where it is missing, the caller is
// no page of such a browser, and carries no cookie that it was not given.
func fromAnotherSite(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "", "same-origin", "none":
		return false
	}
	return true
}

func errAnotherSite() error {
	return evidence.Errorf(evidence.Forbidden, "The request came from a page of another site. Nothing was changed, and nothing is on record; use the program's own pages.")
}

// identify asks the identity provider who holds a token, at most every
// sessionTTL, and makes sure that whoever it is has a key to sign with: a
// session may be older than that they are asked for one.
func (s *Server) identify(ctx context.Context, token string) (Identity, error) {
	if id, ok := s.sessions.get(token); ok {
		return id, nil
	}
	id, err := s.Identities.Identify(ctx, token)
	if err != nil {
		return Identity{}, err
	}
	if !id.Expires.IsZero() && !id.Expires.After(s.Clock()) {
		return Identity{}, evidence.Errorf(evidence.Unauthenticated, "Your session has ended. Sign in again; what you had begun stays.")
	}
	if err := s.Identities.EnsureKey(ctx, token, id.Person.ID); err != nil {
		return Identity{}, err
	}
	s.sessions.put(token, id)
	return id, nil
}

// tokenOf returns the token of a request: of the Authorization header, or else
// of the cookie.
func tokenOf(r *http.Request) string {
	scheme, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if strings.EqualFold(scheme, "bearer") {
		return strings.TrimSpace(token)
	}
	if c, err := r.Cookie(cookieName); err == nil {
		return c.Value
	}
	return ""
}

// clientOf returns the program in use, short and printable: it goes on record.
func clientOf(r *http.Request) string {
	printable := strings.Map(func(c rune) rune {
		if !unicode.IsPrint(c) || c == unicode.ReplacementChar {
			return -1
		}
		return c
	}, r.UserAgent())
	if runes := []rune(printable); len(runes) > 200 {
		return string(runes[:200])
	}
	return printable
}

// origin is where a request came from.
type origin struct {
	address string
	secure  bool // cookies may be told to travel over TLS only
	id      string
}

type originKey struct{}

func originOf(ctx context.Context) origin {
	o, _ := ctx.Value(originKey{}).(origin)
	return o
}

func requestID(ctx context.Context) string { return originOf(ctx).id }

// secureCookies reports whether a cookie can be for TLS only: always, but on
// this very machine without TLS, where browsers would drop it.
func secureCookies(r *http.Request) bool {
	host, _, err := net.SplitHostPort(r.Host)
	if err != nil {
		host = r.Host
	}
	ip := net.ParseIP(strings.Trim(host, "[]"))
	local := host == "localhost" || ip != nil && ip.IsLoopback()
	return r.TLS != nil || !local
}

func newCookie(token string, expires time.Time, secure bool) *http.Cookie {
	return &http.Cookie{ // Secure but on a loopback address without TLS
		Name: cookieName, Value: token, Path: "/", Expires: expires,
		HttpOnly: true, SameSite: http.SameSiteStrictMode, Secure: secure,
	}
}

func withOrigin(ctx context.Context, o origin) context.Context {
	return context.WithValue(ctx, originKey{}, o)
}
