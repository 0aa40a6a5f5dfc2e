// Package disclose gives bundles of a case to whoever is to have them: it puts the
// wish on record, writes the bundle over the log as it stood then, proves that it is
// on record, and shows which entries were withheld and why.
//
// What a bundle is made of is in the entry with which a person asked for it; the
// registry's record of a disclosure is held against that, and says of its own only how
// far the making has come.
package disclose

import (
	"crypto/rand"
	"io"
	"log/slog"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/exhibit"
	"github.com/sealcase/sealcase/evidence/internal/buffers"
	"github.com/sealcase/sealcase/evidence/logbook"
)

// Config is what a Service is made of.
type Config struct {
	Book      *logbook.Book
	Clerk     Clerk
	Exhibits  *exhibit.Exhibits
	Tickets   Tickets
	Register  Register
	Store     Store
	Objects   Objects
	Mirror    Mirror           // the second record; nil for none
	Buffers   *buffers.Pool    // memory for the bytes of bundles
	Retention time.Duration    // how far ahead bundles are locked at birth
	PartSize  int64            // bytes of one part of a bundle
	Origin    string           // names this installation in checkpoints
	Version   string           // of this program, as bundles name it
	Page      []byte           // verify.html of bundles; none when nil
	Clock     func() time.Time // time.Now when nil
	Random    io.Reader        // crypto/rand.Reader when nil
	Logger    *slog.Logger     // slog.Default() when nil
}

// Service discloses. It is safe for concurrent use.
type Service struct {
	book      *logbook.Book
	clerk     Clerk
	exhibits  *exhibit.Exhibits
	tickets   Tickets
	register  Register
	store     Store
	objects   Objects
	mirror    Mirror
	buffers   *buffers.Pool
	retention time.Duration
	partSize  int64
	origin    string
	version   string
	page      []byte
	clock     func() time.Time
	random    io.Reader
	logger    *slog.Logger
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
	return &Service{
		book: c.Book, clerk: c.Clerk, exhibits: c.Exhibits, tickets: c.Tickets, register: c.Register, store: c.Store, objects: c.Objects,
		mirror: c.Mirror, buffers: c.Buffers, retention: c.Retention, partSize: c.PartSize, origin: c.Origin, version: c.Version, page: c.Page,
		clock: c.Clock, random: c.Random, logger: c.Logger,
	}
}

func (s *Service) now() evidence.Instant { return evidence.At(s.clock()) }
