package api

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/sealcase/sealcase/evidence"
)

// strictPolicy allows a page what it needs of its own origin, and no script
// that is not a file.
const strictPolicy = "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; " +
	"form-action 'self'; frame-ancestors 'none'"

// newEngine returns Gin as we want it: nothing trusted, nothing guessed, every
// failure a problem.
func newEngine(s *Server) (*gin.Engine, error) {
	gin.SetMode(gin.ReleaseMode)
	engine := gin.New()
	engine.HandleMethodNotAllowed = true
	engine.ContextWithFallback = true
	engine.RedirectTrailingSlash = false
	engine.RedirectFixedPath = false
	engine.RemoveExtraSlash = false
	engine.UseRawPath = false
	if err := engine.SetTrustedProxies(s.TrustedProxies); err != nil {
		return nil, evidence.WrapError(evidence.Invalid, err, "a trusted proxy is an address or a network such as 10.0.0.0/8")
	}
	engine.Use(s.identifyRequest, s.logAccess, s.recoverPanic)
	engine.NoRoute(s.noRoute)
	engine.NoMethod(func(c *gin.Context) {
		writeProblem(c.Writer, c.Request, statusProblem(http.StatusMethodNotAllowed,
			fmt.Sprintf("%s is not possible here. Nothing was changed; Allow names what is.", c.Request.Method)))
	})
	return engine, nil
}

// identifyRequest gives the request an identifier of ours and says where it
// came from.
func (s *Server) identifyRequest(c *gin.Context) {
	id, err := evidence.NewID[evidence.EntryID](s.Random)
	if err != nil {
		writeProblem(c.Writer, c.Request, problemOf(err))
		c.Abort()
		return
	}
	o := origin{address: c.ClientIP(), secure: secureCookies(c.Request), id: "request-" + strings.TrimPrefix(string(id), "entry-")}
	c.Writer.Header().Set("X-Request-Id", o.id)
	c.Request = c.Request.WithContext(withOrigin(c.Request.Context(), o))
	c.Next()
}

// logAccess writes a line a request. Queries stay out: a purpose or a login
// stands in them.
func (s *Server) logAccess(c *gin.Context) {
	start := s.Clock()
	c.Next()
	level := slog.LevelInfo
	if p := c.Request.URL.Path; p == "/healthz" || p == "/readyz" {
		level = slog.LevelDebug
	}
	s.Logger.Log(c.Request.Context(), level, "request",
		"id", requestID(c.Request.Context()), "method", c.Request.Method, "path", c.Request.URL.Path,
		"status", c.Writer.Status(), "bytes", max(0, c.Writer.Size()), "from", c.ClientIP(),
		"ms", s.Clock().Sub(start).Milliseconds())
}

// recoverPanic makes a defect of ours a problem, where the answer has not begun.
func (s *Server) recoverPanic(c *gin.Context) {
	defer func() {
		v := recover()
		if v == nil {
			return
		}
		if err, ok := v.(error); ok && (errors.Is(err, http.ErrAbortHandler) || isGone(err)) {
			c.Abort()
			return
		}
		s.Logger.ErrorContext(c.Request.Context(), "panic", "id", requestID(c.Request.Context()),
			"panic", fmt.Sprint(v), "stack", string(debug.Stack()))
		c.Abort()
		if c.Writer.Written() {
			panic(http.ErrAbortHandler) // half an answer must not look whole
		}
		writeProblem(c.Writer, c.Request, newProblem(evidence.Internal, evidence.MessageOf(errors.New("panic"))))
	}()
	c.Next()
}

// isGone reports whether err says that the client went away.
func isGone(err error) bool {
	_, ok := errors.AsType[*net.OpError](err)
	return ok
}

// protect is what stands before routing: headers of every answer, and no
// request that a page of another origin sent.
func (s *Server) protect(next http.Handler) http.Handler {
	cross := http.NewCrossOriginProtection()
	cross.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		writeProblem(w, r, problemOf(errAnotherSite()))
	}))
	guarded := cross.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", s.Policy)
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("X-Frame-Options", "DENY")
		if r.TLS != nil {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if strings.HasPrefix(r.URL.Path, "/api/") {
			h.Set("Cache-Control", "no-store")
		}
		guarded.ServeHTTP(w, r)
	})
}

// requestTime bounds an ordinary request; long ones set their own deadlines.
const requestTime = time.Minute
