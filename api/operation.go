package api

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"log/slog"
	"reflect"
	"strings"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humagin"
	"github.com/gin-gonic/gin"

	"github.com/sealcase/sealcase/evidence"
)

// prefix is where every operation lives.
const prefix = "/api/v1"

// setHumaDefaults tells Huma, which keeps this per process, what problems look
// like and that a list is never null.
var setHumaDefaults = sync.OnceFunc(func() { //nolint:gochecknoglobals // Huma has them once a process
	huma.DefaultArrayNullable = false
	huma.NewErrorWithContext = func(ctx huma.Context, status int, message string, errs ...error) huma.StatusError {
		p := humaProblem(status, message, errs...)
		p.Instance = requestID(ctx.Context())
		return p
	}
	huma.NewError = func(status int, message string, errs ...error) huma.StatusError {
		return humaProblem(status, message, errs...)
	}
})

func withDefaults(c Config) Config {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	if c.Policy == "" {
		c.Policy = strictPolicy
	}
	if c.Version == "" {
		c.Version = "development"
	}
	return c
}

// newAPI returns Huma over the engine: no documentation pages, no links into
// schemas, our own registry of types.
func newAPI(engine *gin.Engine, version string) huma.API {
	config := huma.DefaultConfig("Sealcase", version)
	config.OpenAPIPath, config.DocsPath, config.SchemasPath = "", "", ""
	config.CreateHooks = nil
	config.Info.Description = "Case file and evidence room. Failures are problems (RFC 9457) with a code; " +
		"lists are pages {items, next, total}; times are UTC with milliseconds."
	config.Components.Schemas = newRegistry()
	config.Components.SecuritySchemes = map[string]*huma.SecurityScheme{
		"cookie": {Type: "apiKey", In: "cookie", Name: cookieName},
		"bearer": {Type: "http", Scheme: "bearer"},
	}
	config.RejectUnknownQueryParameters = true
	return humagin.New(engine, config)
}

// op declares an operation; its tag is the first word of its path.
func op(method, path, id, summary string) huma.Operation {
	tag, _, _ := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	return huma.Operation{
		Method: method, Path: prefix + path, OperationID: id, Summary: summary, Tags: []string{tag},
		MaxBodyBytes: 256 << 10, BodyReadTimeout: 15 * time.Second,
	}
}

// register adds an operation for people who are signed in.
func register[I, O any](s *Server, o huma.Operation, do func(context.Context, evidence.Actor, *I) (*O, error)) {
	o.Security = []map[string][]string{{"cookie": {}}, {"bearer": {}}}
	o.Middlewares = append(o.Middlewares, s.requireSession)
	registerPublic(s, o, func(ctx context.Context, in *I) (*O, error) {
		return do(ctx, sessionOf(ctx).actor, in)
	})
}

// registerPublic adds an operation for anybody.
func registerPublic[I, O any](s *Server, o huma.Operation, do func(context.Context, *I) (*O, error)) {
	huma.Register(s.api, o, func(ctx context.Context, in *I) (*O, error) {
		out, err := do(ctx, in)
		if err != nil {
			return nil, s.problem(ctx, o.OperationID, err)
		}
		return out, nil
	})
}

// problem returns err as the problem to tell, and logs what is not told.
func (s *Server) problem(ctx context.Context, operation string, err error) *Problem {
	p := problemOf(err)
	p.Instance = requestID(ctx)
	level := slog.LevelDebug
	switch {
	case p.Code == evidence.Internal || p.Code == evidence.Tampered:
		level = slog.LevelError
	case p.Code.Retryable() || p.Code == evidence.StorageUnsafe:
		level = slog.LevelWarn
	}
	s.Logger.Log(ctx, level, "operation failed", "operation", operation, "code", p.Code, "request", p.Instance, "error", err)
	return p
}

// body is an answer with a JSON body.
type body[T any] struct {
	Body T
}

// text documents an answer whose body is not JSON of ours.
func text(o huma.Operation, mediaType, description string) huma.Operation {
	schema := &huma.Schema{Type: huma.TypeString}
	if !strings.HasPrefix(mediaType, "text/") {
		schema.Format = "binary"
	}
	o.Responses = map[string]*huma.Response{
		"200": {Description: description, Content: map[string]*huma.MediaType{mediaType: {Schema: schema}}},
	}
	return o
}

// filled returns items as a list that JSON writes as [] when it is empty.
func filled[T any](items []T) []T {
	if items == nil {
		return []T{}
	}
	return items
}

// formatOpenAPI writes the document in a form that is the same every time.
func formatOpenAPI(api huma.API) ([]byte, error) {
	raw, err := json.Marshal(api.OpenAPI())
	if err != nil {
		return nil, evidence.WrapError(evidence.Internal, err, "the interface's description cannot be written")
	}
	var out bytes.Buffer
	if err := json.Indent(&out, raw, "", "  "); err != nil {
		return nil, evidence.WrapError(evidence.Internal, err, "the interface's description cannot be written")
	}
	out.WriteByte('\n')
	return out.Bytes(), nil
}

// IdempotencyKey is the header of what creates something.
type IdempotencyKey struct {
	Key Key `header:"Idempotency-Key" doc:"A repeat with the same key creates nothing more and answers the same"`
}

// jsonOf documents a JSON body of type T.
func jsonOf[T any](schemas huma.Registry) map[string]*huma.MediaType {
	return map[string]*huma.MediaType{"application/json": {Schema: schemas.Schema(reflect.TypeFor[T](), true, "")}}
}

// withProblem documents that anything else is a problem, where Huma does not.
func withProblem(schemas huma.Registry, o huma.Operation) huma.Operation {
	o.Responses["default"] = &huma.Response{Description: "Error", Content: map[string]*huma.MediaType{
		problemType: {Schema: schemas.Schema(reflect.TypeFor[Problem](), true, "")},
	}}
	return o
}
