// Package intake takes evidence in: it opens deliveries (intakes), receives the bytes
// of uploads, gives them exhibit numbers and receipts, reads back what is stored, and
// seals it, or sets it apart where it differs.
//
// A large upload is a multipart at its final key, locked from birth; what does
// not fill a part when a connection breaks waits in staging. Each step is
// recorded with the state of the hash, so that any process carries it on at the
// exact byte. Small files are written whole, at once where their SHA-256 was
// declared when the upload began. Completion compares the digest first, then
// stores, then gives the exhibit number, then puts the receipt on record; a
// retry goes on where it was cut off.
//
// An upload is signed twice by whoever brings it, though neither is an entry: its
// record when it begins, and again, with the digest, when the bytes are there and
// before there is an item of them. So what the registry keeps of it between
// requests, or after a crash, becomes a receipt only as its person said it. What is
// signed about an item later is held against that receipt, and the authority of an
// intake is the one in the entry that opened it.
package intake

import (
	"crypto/rand"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/exhibit"
	"github.com/sealcase/sealcase/evidence/internal/buffers"
	"github.com/sealcase/sealcase/evidence/logbook"
)

// Config is what the way of evidence in is made of.
type Config struct {
	Book      *logbook.Book
	Clerk     Clerk
	Exhibits  *exhibit.Exhibits
	Store     Store
	Objects   Objects
	SealKey   evidence.Signer  // signs seals
	Buffers   *buffers.Pool    // memory for the bytes of uploads
	Retention time.Duration    // how far ahead objects are locked at birth
	PartSize  int64            // bytes of one part of a large upload
	Clock     func() time.Time // time.Now when nil
	Random    io.Reader        // crypto/rand.Reader when nil
	Logger    *slog.Logger     // slog.Default() when nil
}

// Intakes are deliveries of evidence. It is safe for concurrent use.
type Intakes struct {
	book     *logbook.Book
	clerk    Clerk
	exhibits *exhibit.Exhibits
	store    Store
	clock    func() time.Time
	random   io.Reader
	known    sync.Map // evidence.IntakeID to evidence.Intake: an intake never changes
}

// Uploads bring the bytes of items into storage. It is safe for concurrent use.
type Uploads struct {
	book      *logbook.Book
	clerk     Clerk
	exhibits  *exhibit.Exhibits
	intakes   *Intakes
	journal   *journal
	store     Store
	objects   Objects
	buffers   *buffers.Pool
	retention time.Duration
	partSize  int64
	clock     func() time.Time
	random    io.Reader
	logger    *slog.Logger

	exhibitNumbers exhibitNumbers
}

// Sealing reads back what is stored of items, and seals them or sets them apart. It
// is safe for concurrent use.
type Sealing struct {
	book     *logbook.Book
	clerk    Clerk
	exhibits *exhibit.Exhibits
	intakes  *Intakes
	uploads  *Uploads
	store    Store
	objects  Objects
	sealKey  evidence.Signer
	clock    func() time.Time
	random   io.Reader
	logger   *slog.Logger

	readBack readObjects // stored bytes that this process read
}

// New returns the three parts of the way in. It performs no input or output.
func New(c Config) (*Intakes, *Uploads, *Sealing) {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	n := &Intakes{book: c.Book, clerk: c.Clerk, exhibits: c.Exhibits, store: c.Store, clock: c.Clock, random: c.Random}
	u := &Uploads{
		book: c.Book, clerk: c.Clerk, exhibits: c.Exhibits, intakes: n, store: c.Store, objects: c.Objects,
		journal: &journal{clerk: c.Clerk, store: c.Store, objects: c.Objects, uploads: map[evidence.UploadID]*upload{}},
		buffers: c.Buffers, retention: c.Retention, partSize: c.PartSize, clock: c.Clock, random: c.Random, logger: c.Logger,
	}
	return n, u, &Sealing{
		book: c.Book, clerk: c.Clerk, exhibits: c.Exhibits, intakes: n, uploads: u, store: c.Store, objects: c.Objects,
		sealKey: c.SealKey, clock: c.Clock, random: c.Random, logger: c.Logger,
	}
}

func (s *Intakes) now() evidence.Instant { return evidence.At(s.clock()) }
func (s *Uploads) now() evidence.Instant { return evidence.At(s.clock()) }
func (s *Sealing) now() evidence.Instant { return evidence.At(s.clock()) }

// machine is who the program is where it acts on nobody's word.
func machine() evidence.Actor { return evidence.ServiceActor("worker") }
