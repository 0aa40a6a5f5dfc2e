package api

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/gin-gonic/gin"

	"github.com/sealcase/sealcase/evidence"
)

// Readiness is whether the program can work, engine by engine.
type Readiness struct {
	Ready   bool              `json:"ready"`
	Engines map[string]string `json:"engines"` // "ok", or the code of what is wrong
	Version string            `json:"version"`
}

// mountPlain adds what is for machines and needs no sign-in.
func (s *Server) mountPlain() {
	s.engine.GET("/healthz", func(c *gin.Context) {
		c.JSON(http.StatusOK, gin.H{"status": "ok", "version": s.Version})
	})
	s.engine.GET("/readyz", func(c *gin.Context) {
		ready := s.ready(c.Request.Context())
		status := http.StatusOK
		if !ready.Ready {
			status = http.StatusServiceUnavailable
		}
		c.JSON(status, ready)
	})
	s.engine.GET("/api/openapi.json", func(c *gin.Context) {
		document, err := s.OpenAPI()
		if err != nil {
			writeProblem(c.Writer, c.Request, s.problem(c.Request.Context(), "openapi", err))
			return
		}
		c.Data(http.StatusOK, "application/json", document)
	})
}

// ready asks every engine at the same time.
func (s *Server) ready(ctx context.Context) Readiness {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	answers := make([]error, len(s.Checks))
	var wg sync.WaitGroup
	for i, check := range s.Checks {
		wg.Go(func() { answers[i] = check.Do(ctx) })
	}
	wg.Wait()
	r := Readiness{Ready: true, Engines: map[string]string{}, Version: s.Version}
	for i, check := range s.Checks {
		r.Engines[check.Name] = "ok"
		if answers[i] != nil {
			r.Ready = false
			r.Engines[check.Name] = string(evidence.CodeOf(answers[i]))
			s.Logger.WarnContext(ctx, "an engine is not ready", "engine", check.Name, "error", answers[i])
		}
	}
	return r
}

// noRoute answers what no operation has: the pages know their own routes, and
// the interface for programs says that there is nothing.
func (s *Server) noRoute(c *gin.Context) {
	path := c.Request.URL.Path
	if s.UI == nil || path == "/api" || strings.HasPrefix(path, "/api/") {
		writeProblem(c.Writer, c.Request, newProblem(evidence.NotFound, "There is nothing at this address. Check the path; /api/openapi.json lists every operation."))
		return
	}
	c.Writer.WriteHeader(http.StatusOK) // Gin has set 404; the pages decide
	s.UI.ServeHTTP(c.Writer, c.Request)
}
