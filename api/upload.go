package api

import (
	"context"
	"io"
	"net/http"
	"net/url"

	"github.com/gin-gonic/gin"
	"github.com/tus/tusd/v2/pkg/handler"
	"github.com/tus/tusd/v2/pkg/memorylocker"
	"golang.org/x/exp/slog" // tusd's own; nothing of ours logs through it

	"github.com/sealcase/sealcase/evidence"
)

// uploadsPath is where tus 1.0 is spoken.
const uploadsPath = prefix + "/uploads/"

// uploadCall is one request of an upload: what tusd does not carry to its
// store, and what its store must bring to the answer.
type uploadCall struct {
	actor    evidence.Actor
	method   string
	key      Key             // Idempotency-Key
	length   int64           // of the body; -1 when unknown
	declared evidence.Digest // Repr-Digest
	root     evidence.Digest // Sealcase-Collection-Root
	failure  error           // why custody refused
	item     evidence.Item   // what the upload became
	exhibit  string          // its number
}

type uploadCallKey struct{}

func uploadCallOf(ctx context.Context) *uploadCall {
	call, _ := ctx.Value(uploadCallKey{}).(*uploadCall)
	return call
}

// fail remembers err for the answer and hands it on.
func (c *uploadCall) fail(err error) error {
	c.failure = err
	return err
}

// mountUploads adds the tus protocol, over custody's uploads.
func (s *Server) mountUploads() error {
	store := &uploadStore{custody: s.Uploads, items: s.Exhibits, cases: s.Casework, server: s}
	composer := handler.NewStoreComposer()
	composer.UseCore(store)
	composer.UseTerminater(store)
	memorylocker.New().UseIn(composer)
	tus, err := handler.NewUnroutedHandler(handler.Config{
		StoreComposer: composer, BasePath: uploadsPath, DisableDownload: true,
		Cors:   &handler.CorsConfig{Disable: true},
		Logger: slog.New(slog.NewTextHandler(io.Discard, nil)),
	})
	if err != nil {
		return evidence.WrapError(evidence.Internal, err, "uploads cannot be set up")
	}
	options := func(http.ResponseWriter, *http.Request) {} // the middleware answers
	for _, path := range []string{prefix + "/uploads", uploadsPath} {
		s.engine.POST(path, s.tus(tus, tus.PostFile))
		s.engine.OPTIONS(path, s.tus(tus, options))
	}
	one := uploadsPath + ":upload"
	s.engine.HEAD(one, s.tus(tus, tus.HeadFile))
	s.engine.PATCH(one, s.tus(tus, tus.PatchFile))
	s.engine.DELETE(one, s.tus(tus, tus.DelFile))
	s.engine.OPTIONS(one, s.tus(tus, options))
	s.documentUploads()
	return nil
}

// tus returns do behind tusd's protocol checks, for people who are signed in,
// with failures as problems.
func (s *Server) tus(h *handler.UnroutedHandler, do http.HandlerFunc) gin.HandlerFunc {
	checked := h.Middleware(do)
	return func(c *gin.Context) {
		r := c.Request
		ctx, err := s.authenticate(r)
		if err != nil {
			writeProblem(c.Writer, r, s.problem(r.Context(), "upload", err))
			return
		}
		call := &uploadCall{
			actor: sessionOf(ctx).actor, method: r.Method, length: r.ContentLength, key: Key(r.Header.Get("Idempotency-Key")),
		}
		if field := r.Header.Get("Repr-Digest"); field != "" {
			if call.declared, err = evidence.ParseReprDigest(field); err != nil {
				writeProblem(c.Writer, r, s.problem(ctx, "upload", err))
				return
			}
		}
		if field := r.Header.Get("Sealcase-Collection-Root"); field != "" {
			if call.root, err = evidence.ParseDigest(field); err != nil {
				writeProblem(c.Writer, r, s.problem(ctx, "upload", err))
				return
			}
		}
		r = r.Clone(context.WithValue(ctx, uploadCallKey{}, call))
		r.Header.Del("X-Http-Method-Override") // a method that nobody sees is not one that anybody checked
		r.URL.Path = c.Param("upload")
		w := &uploadWriter{ResponseWriter: c.Writer, server: s, request: r, call: call}
		checked.ServeHTTP(w, r)
		w.finish()
	}
}

// uploadWriter makes problems of tusd's failures, and adds what the upload
// became.
type uploadWriter struct {
	http.ResponseWriter
	server  *Server
	request *http.Request
	call    *uploadCall
	status  int    // of a failure that is not written yet
	text    string // tusd's words for it
}

// Unwrap lets http.ResponseController reach the connection.
func (w *uploadWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// WriteHeader implements http.ResponseWriter. A failure waits for its words.
func (w *uploadWriter) WriteHeader(status int) {
	if status >= http.StatusBadRequest {
		w.status = status
		return
	}
	h := w.Header()
	if w.call.item.ID != "" {
		h.Set("Sealcase-Item", string(w.call.item.ID))
		h.Set("Sealcase-Exhibit", w.call.exhibit)
	}
	// A path is right behind every proxy, whatever it calls us.
	if location, err := url.Parse(h.Get("Location")); err == nil && location.Path != "" {
		h.Set("Location", location.Path)
	}
	w.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (w *uploadWriter) Write(b []byte) (int, error) {
	if w.status != 0 {
		w.text += string(b)
		return len(b), nil
	}
	return w.ResponseWriter.Write(b)
}

// finish writes the failure, if there is one.
func (w *uploadWriter) finish() {
	if w.status == 0 {
		return
	}
	p := tusProblem(w.status, w.text)
	if w.call.failure != nil {
		p = problemOf(w.call.failure)
	}
	w.Header().Del("Location")
	writeProblem(w.ResponseWriter, w.request, w.server.problem(w.request.Context(), "upload", causeOf(p, w.call.failure)))
}

// causeOf returns the failure with its cause for the log, or p.
func causeOf(p *Problem, failure error) error {
	if failure != nil {
		return failure
	}
	return p
}
