// Package exhibit says what items are: as the checked entries of their log have them,
// and not as the registry's records say, which only tell where to look. It adds the
// records that follow from entries, and opens the stored objects that entries name,
// and no others.
package exhibit

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/logbook"
)

// Store keeps records of items in tiles of evidence.ItemTile exhibit numbers. Package
// registry implements it; it is insert-only, as a logbook.LogStore.
type Store interface {
	AddItem(ctx context.Context, it evidence.Item) (added bool, err error)
	AddItems(ctx context.Context, its []evidence.Item) (taken []int, err error)
	Item(ctx context.Context, id evidence.ItemID) (evidence.Item, error)
	ItemTile(ctx context.Context, c evidence.CaseID, tile int) ([]evidence.Item, error)           // exhibits 64*tile+1 and on
	EntriesOfItem(ctx context.Context, it evidence.ItemID) ([]evidence.LogEntry, error)           // by index
	EntriesTelling(ctx context.Context, c evidence.CaseID, tile int) ([]evidence.LogEntry, error) // that say what the items of a tile are
}

// Objects are stored bytes.
type Objects interface {
	// Open reads length bytes (-1: to the end) of exactly that version.
	Open(ctx context.Context, ref evidence.ObjectRef, offset, length int64) (io.ReadCloser, error)
	// Stat returns what the store says of that version.
	Stat(ctx context.Context, ref evidence.ObjectRef) (evidence.Stored, error)
	// Extend moves the retention of that version to a later time.
	Extend(ctx context.Context, ref evidence.ObjectRef, until evidence.Instant) error
	// Buckets names where objects go.
	Buckets() evidence.Buckets
}

// Clerk knows who may act in a case, and puts acts on record.
type Clerk interface {
	// Allow returns nil when the actor has a permission in a case.
	Allow(ctx context.Context, actor evidence.Actor, c evidence.CaseID, p act.Permission, thing string) error
	// Enter is Allow, and returns what the log says of the case.
	Enter(ctx context.Context, actor evidence.Actor, c evidence.CaseID, p act.Permission, thing string) (logbook.Head, error)
	// PutOnRecord puts acts of actor on one log on record, each once, signed.
	PutOnRecord(ctx context.Context, actor evidence.Actor, list ...evidence.Entry) ([]evidence.LogEntry, error)
	// Trust returns by which keys of the agency seals and logs are believed.
	Trust(ctx context.Context) (*attest.Trust, error)
}

// Config is what a Service is made of.
type Config struct {
	Book     *logbook.Book
	Clerk    Clerk
	Store    Store
	Tickets  TicketStore
	Findings FindingStore
	Objects  Objects
	Clock    func() time.Time // time.Now when nil
	Random   io.Reader        // crypto/rand.Reader when nil
	Logger   *slog.Logger     // slog.Default() when nil
}

// Exhibits are the items of all cases as their logs have them. It is safe for
// concurrent use.
type Exhibits struct {
	book       *logbook.Book
	store      Store
	objects    Objects
	logger     *slog.Logger
	remembered remembered // items as their logs have them
	indexes    indexes    // of collections
}

// Service is what people and the program do with items: list, read, verify and keep
// them locked. It is safe for concurrent use.
type Service struct {
	*Exhibits
	tickets *Tickets
	clerk   Clerk
	clock   func() time.Time
	random  io.Reader
}

// New returns a Service, what analyzers found in its items, and the tickets that open
// stored bytes. It performs no input or output.
func New(c Config) (*Service, *Analyses, *Tickets) {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	x := &Exhibits{book: c.Book, store: c.Store, objects: c.Objects, logger: c.Logger}
	t := &Tickets{book: c.Book, clerk: c.Clerk, exhibits: x, store: c.Tickets, clock: c.Clock}
	s := &Service{Exhibits: x, tickets: t, clerk: c.Clerk, clock: c.Clock, random: c.Random}
	return s, &Analyses{Service: s, findings: c.Findings}, t
}

func (s *Service) now() evidence.Instant { return evidence.At(s.clock()) }

// machine is who the program is where it acts on nobody's word.
func machine() evidence.Actor { return evidence.ServiceActor("worker") }
