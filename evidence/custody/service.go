package custody

import (
	"crypto/rand"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/logbook"
)

// Config is what a Service is made of.
type Config struct {
	Book   *logbook.Book
	Clerk  Clerk
	Store  Store
	Clock  func() time.Time // time.Now when nil
	Random io.Reader        // crypto/rand.Reader when nil
	Logger *slog.Logger     // slog.Default() when nil
}

// Service is custody of cases: what people want to do to a case, put on record, and
// what its log says of it. It is safe for concurrent use.
type Service struct {
	book   *logbook.Book
	clerk  Clerk
	store  Store
	clock  func() time.Time
	random io.Reader
	logger *slog.Logger

	mu      sync.Mutex
	numbers map[int]int // by year: the highest case number known to be taken
}

// New returns a Service. It performs no input or output.
func New(c Config) *Service {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	return &Service{book: c.Book, clerk: c.Clerk, store: c.Store, clock: c.Clock, random: c.Random, logger: c.Logger, numbers: map[int]int{}}
}

func (s *Service) now() evidence.Instant { return evidence.At(s.clock()) }

// entryOf returns an entry of now with what a payload says; fill completes it and
// may be nil.
func (s *Service) entryOf(c evidence.CaseID, p act.Payload, actor evidence.Actor, fill func(*evidence.Entry)) (evidence.Entry, error) {
	return act.New(c, p, s.now(), actor, s.random, fill)
}
