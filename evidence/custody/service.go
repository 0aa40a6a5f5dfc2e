package custody

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/logbook"
)

// Config is what a Service is made of.
type Config struct {
	Registry        Registry         // metadata
	Objects         Objects          // bytes
	Mirror          Mirror           // the second record of logs; nil for none
	Log             evidence.Signer  // signs checkpoints
	SealKey         evidence.Signer  // signs seals
	Worker          evidence.Signer  // signs acts of the machine; nil in a process that must not, such as the API
	WorkerKeys      KeySource        // the public keys of Worker; Worker itself when nil
	Directory       Directory        // the public keys of people
	Steward         Steward          // has a worker put on record who somebody is; nil where Worker is set
	Origin          string           // names this installation in checkpoints, such as "agency.example"
	Retention       time.Duration    // how far ahead objects are locked at birth; 30 days when 0
	PartSize        int64            // bytes of one part of a large upload, 5 MiB or more; 16 MiB when 0
	Memory          int64            // bytes that the buffers of all uploads together may take; 80 MiB when 0
	Logs            int              // how many logs a process remembers, but for those that have work to do; 1024 when 0
	CheckpointDelay time.Duration    // how long entries are gathered before their checkpoint is signed; 1 s when 0
	Clock           func() time.Time // time.Now when nil
	Random          io.Reader        // crypto/rand.Reader when nil
	Logger          *slog.Logger     // slog.Default() when nil
	Version         string           // of this program, as entries and bundles name it
	VerifyPage      []byte           // verify.html of bundles; none when nil
}

// Steward has a worker put on record, in the log of c, who p is and with which
// keys they sign, and the keys of the agency that this log does not know yet; p
// may be "" when only those are wanted. It returns when that is on record
// (Service.RecordRoster), or fails as an act does.
type Steward func(ctx context.Context, c evidence.CaseID, p evidence.PersonID) error

func (c *Config) setDefaults() {
	setDefault(&c.Retention, 30*24*time.Hour)
	setDefault(&c.PartSize, 16<<20)
	setDefault(&c.Memory, 80<<20)
	setDefault(&c.Version, "dev")
	if c.WorkerKeys == nil && c.Worker != nil {
		c.WorkerKeys = c.Worker
	}
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
}

func setDefault[T comparable](v *T, value T) {
	var zero T
	if *v == zero {
		*v = value
	}
}

// Register takes the heads that disclosures stand on (package register).
type Register interface {
	// RegisterNow registers one head of a log and collects what outsiders give for
	// it, as far as they do before ctx ends.
	RegisterNow(ctx context.Context, actor evidence.Actor, c evidence.CaseID, h logbook.Head) error
	// RegisterProof shows that the register has the head of a log at exactly that
	// size; NotFound while it has not.
	RegisterProof(ctx context.Context, c evidence.CaseID, size int64) (*bundle.RegisterProof, error)
}

// UseRegister has disclosures be proven with a register. It is called before the
// Service is used.
func (s *Service) UseRegister(r Register) { s.register = r }

// Book returns the logs.
func (s *Service) Book() *logbook.Book { return s.book }

// Service is custody. It is safe for concurrent use.
type Service struct {
	registry Registry
	book     *logbook.Book
	objects  Objects
	logKey   evidence.Signer
	sealKey  evidence.Signer
	worker   evidence.Signer // nil where the machine's acts cannot be signed
	config   Config
	buffers  *buffers
	logger   *slog.Logger

	workerKeys KeySource
	directory  Directory
	steward    Steward

	mu      sync.Mutex
	uploads map[evidence.UploadID]*upload
	numbers map[int]int // by year: the highest case number known to be taken
	keys    keyRing
	people  sync.Map // evidence.PersonID to []evidence.PublicKey: a key never ends, so what was seen stays true

	introduced sync.Map // ID of a key version to the details of its key entry: they are the same in every log

	exhibitNumbers exhibitNumbers
	register       Register

	remembered remembered  // items as their logs have them
	readBack   readObjects // stored bytes that this process read

	intakes sync.Map // evidence.IntakeID to evidence.Intake: an intake never changes
}

// New returns a Service, or an Invalid error when the configuration lacks
// something. It performs no input or output. The caller closes the Service.
func New(c Config) (*Service, error) {
	c.setDefaults()
	switch {
	case c.Registry == nil, c.Objects == nil, c.Log == nil, c.SealKey == nil:
		return nil, evidence.Errorf(evidence.Invalid, "custody needs a registry, an object store and two signers")
	case c.WorkerKeys == nil, c.Directory == nil:
		return nil, evidence.Errorf(evidence.Invalid, "custody needs to know the keys of the worker and of people")
	case c.Origin == "":
		return nil, evidence.Errorf(evidence.Invalid, "custody needs an origin, which names the installation in its checkpoints")
	case c.PartSize < minPart:
		return nil, evidence.Errorf(evidence.Invalid, "a part of an upload has %d bytes at least", minPart)
	}
	s := &Service{
		registry: c.Registry, objects: c.Objects, logKey: c.Log, sealKey: c.SealKey, config: c,
		worker: c.Worker, workerKeys: c.WorkerKeys, directory: ownPeople{c.Directory, c.Origin}, steward: c.Steward,
		buffers: newBuffers(c.Memory, c.PartSize), logger: c.Logger,
		uploads: map[evidence.UploadID]*upload{}, numbers: map[int]int{},
	}
	logs := logbook.Config{
		Store: c.Registry, Heads: c.Log, Machine: c.Worker, Keys: logKeys{s}, Origin: c.Origin,
		Logs: c.Logs, CheckpointDelay: c.CheckpointDelay, Clock: c.Clock, Logger: c.Logger,
	}
	if c.Mirror != nil {
		logs.Mirror = c.Mirror
	}
	var err error
	s.book, err = logbook.New(logs)
	return s, err
}

// Close signs the checkpoints that are due, mirrors them, and stops what runs in
// the background. The Service must not be used afterwards.
func (s *Service) Close(ctx context.Context) error {
	if err := s.book.Close(ctx); err != nil {
		return fmt.Errorf("closing custody: %w", err)
	}
	return nil
}

// Ready returns nil when the Service can take evidence: the registry answers,
// the object store keeps locks, and the signers can be reached. It fails with
// Unavailable, StorageUnsafe or Sealed.
func (s *Service) Ready(ctx context.Context) error {
	_, err := s.Keys(ctx) // and remembers them for when the signer is away
	return errors.Join(s.registry.Ping(ctx), s.objects.Writable(ctx), err)
}

// Page is a part of anything listed, in its order.
type Page[T any] struct {
	Items []T    `json:"items"`
	Next  string `json:"next"`  // cursor of the next page; "" at the end
	Total int64  `json:"total"` // of the whole list; -1 when unknown
}

func (s *Service) now() evidence.Instant { return evidence.At(s.config.Clock()) }

// entryOf returns an entry of now with what a payload says; fill completes it and
// may be nil.
func (s *Service) entryOf(c evidence.CaseID, p act.Payload, actor evidence.Actor, fill func(*evidence.Entry)) (evidence.Entry, error) {
	return act.New(c, p, s.now(), actor, s.config.Random, fill)
}

// entry returns an entry of now, of an act whose details package attest writes.
func (s *Service) entry(id evidence.EntryID, c evidence.CaseID, act evidence.Act, actor evidence.Actor) (evidence.Entry, error) {
	return evidence.NewEntry(id, c, act, s.now(), actor, s.config.Random)
}

// entryNow returns an entry of now that is not repeated: each try is an act of
// its own.
func (s *Service) entryNow(c evidence.CaseID, act evidence.Act, actor evidence.Actor) (evidence.Entry, error) {
	id, err := evidence.NewID[evidence.EntryID](s.config.Random)
	if err != nil {
		return evidence.Entry{}, err
	}
	return s.entry(id, c, act, actor)
}
