package api

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/gin-gonic/gin"

	"github.com/sealcase/sealcase/evidence"
)

// Config is what a Server is made of.
type Config struct {
	Casework       Casework
	Wishes         Wishes
	Logs           Logs
	PublicKeys     PublicKeys
	Exhibits       Exhibits
	Collections    Collections
	Intakes        Intakes
	Bundles        Bundles
	Register       Register
	AlarmBook      AlarmBook
	Uploads        Uploads
	Workflows      Workflows
	Identities     Identities
	Checks         []Check          // what /readyz asks
	UI             http.Handler     // the pages; nil for none
	Policy         string           // Content-Security-Policy of every answer; a strict one when empty
	TrustedProxies []string         // addresses whose X-Forwarded-For is believed; none when empty
	Clock          func() time.Time // time.Now when nil
	Random         io.Reader        // crypto/rand.Reader when nil
	Logger         *slog.Logger     // slog.Default() when nil
	Version        string           // of this program
}

// Check is one engine that must answer before the API can work.
type Check struct {
	Name string
	Do   func(ctx context.Context) error
}

// Server is the HTTP interface. It keeps no state that matters: any number of
// them may run side by side.
type Server struct {
	Config
	engine   *gin.Engine
	api      huma.API
	sessions *sessionCache
	attempts *limiter
	notices  *notices
	handler  http.Handler
	stopping chan struct{} // closed when long answers must end
	stopOnce sync.Once
}

// New returns a Server. It performs no input or output.
func New(c Config) (*Server, error) {
	setHumaDefaults()
	s := &Server{Config: withDefaults(c), stopping: make(chan struct{})}
	s.sessions = newSessionCache(maxSessions, sessionTTL, s.Clock)
	s.attempts = newLimiter(s.Clock)
	s.notices = newNotices(s.takeUp, s.Logger)
	engine, err := newEngine(s)
	if err != nil {
		return nil, err
	}
	s.engine = engine
	s.api = newAPI(engine, s.Version)
	s.operations()
	if err := s.mountUploads(); err != nil {
		return nil, err
	}
	s.mountPlain()
	s.handler = s.protect(engine)
	return s, nil
}

// Handler returns the whole interface.
func (s *Server) Handler() http.Handler { return s.handler }

// OpenAPI returns the document that describes the interface (OpenAPI 3.1).
func (s *Server) OpenAPI() ([]byte, error) { return formatOpenAPI(s.api) }

// operations registers every operation.
func (s *Server) operations() {
	s.sessionOperations()
	s.caseOperations()
	s.logOperations()
	s.intakeOperations()
	s.evidenceOperations()
	s.memberOperations()
	s.verificationOperations()
	s.disclosureOperations()
	s.registerOperations()
	s.alarmOperations()
	s.auditOperations()
}

// stopLong ends the answers that would otherwise never end.
func (s *Server) stopLong() { s.stopOnce.Do(func() { close(s.stopping) }) }

// derive returns the identifier of what a request creates: the same actor, key
// and scope give the same one, so that a repeated request creates nothing
// twice; without a key it is new.
func derive[T evidence.ID](s *Server, actor evidence.Actor, key Key, scope ...string) (T, error) {
	if key == "" {
		return evidence.NewID[T](s.Random)
	}
	return evidence.Derive[T](append([]string{"idempotency-key", string(actor.ID), string(key)}, scope...)...), nil
}
