package custody

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/logbook"
)

// Config is what a Service is made of.
type Config struct {
	Store           Store
	Logs            logbook.LogStore
	Mirror          logbook.Mirror       // the second record of logs; nil for none
	Heads           evidence.Signer      // signs checkpoints
	SealKey         evidence.Signer      // signs seals
	Worker          evidence.Signer      // signs acts of the machine; nil in a process that must not, such as the API
	WorkerKeys      KeySource            // the public keys of Worker; Worker itself when nil
	Directory       Directory            // the public keys of people
	Steward         Steward              // has a worker put on record who somebody is; nil where Worker is set
	Root            []evidence.PublicKey // that states which keys of the agency count; none where it has no root
	Statements      Statements           // what the root states; needed with a Root
	Origin          string               // names this installation in checkpoints, such as "agency.example"
	Remember        int                  // how many logs a process remembers, but for those that have work to do; 1024 when 0
	CheckpointDelay time.Duration        // how long entries are gathered before their checkpoint is signed; 1 s when 0
	Clock           func() time.Time     // time.Now when nil
	Random          io.Reader            // crypto/rand.Reader when nil
	Logger          *slog.Logger         // slog.Default() when nil
}

// Steward has a worker put on record, in the log of c, who p is and with which
// keys they sign, and the keys of the agency that this log does not know yet; p
// may be "" when only those are wanted. It returns when that is on record
// (Service.RecordRoster), or fails as an act does.
type Steward func(ctx context.Context, c evidence.CaseID, p evidence.PersonID) error

func (c *Config) setDefaults() {
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

// Service is custody. It is safe for concurrent use.
type Service struct {
	registry Store
	book     *logbook.Book
	logKey   evidence.Signer
	sealKey  evidence.Signer
	worker   evidence.Signer // nil where the machine's acts cannot be signed
	config   Config
	logger   *slog.Logger

	workerKeys KeySource
	directory  Directory
	steward    Steward

	mu      sync.Mutex
	numbers map[int]int // by year: the highest case number known to be taken
	keys    keyRing
	people  sync.Map // evidence.PersonID to []evidence.PublicKey: a key never ends, so what was seen stays true

	introduced sync.Map // ID of a key version to the details of its key entry: they are the same in every log
}

// New returns a Service, or an Invalid error when the configuration lacks
// something. It performs no input or output. The caller closes the Service.
func New(c Config) (*Service, error) {
	c.setDefaults()
	switch {
	case c.Store == nil, c.Heads == nil, c.SealKey == nil:
		return nil, evidence.Errorf(evidence.Invalid, "custody needs a registry, an object store and two signers")
	case c.WorkerKeys == nil, c.Directory == nil:
		return nil, evidence.Errorf(evidence.Invalid, "custody needs to know the keys of the worker and of people")
	case c.Origin == "":
		return nil, evidence.Errorf(evidence.Invalid, "custody needs an origin, which names the installation in its checkpoints")
	case len(c.Root) > 0 && (c.Statements == nil || !attest.NewTrust(c.Origin, c.Root).Rooted()):
		return nil, evidence.Errorf(evidence.Invalid, "custody with a root needs what the root states, and a root of %s by its name", c.Origin)
	}
	s := &Service{
		registry: c.Store, logKey: c.Heads, sealKey: c.SealKey, config: c, worker: c.Worker, workerKeys: c.WorkerKeys,
		directory: ownPeople{c.Directory, c.Origin}, steward: c.Steward, logger: c.Logger, numbers: map[int]int{},
	}
	for _, k := range []struct {
		signer *evidence.Signer
		role   attest.Role
	}{{&s.logKey, attest.RoleLog}, {&s.sealKey, attest.RoleSeal}, {&s.worker, attest.RoleWorker}} {
		var err error
		if *k.signer, err = s.stating(*k.signer, k.role); err != nil {
			return nil, err
		}
	}
	var err error
	s.book, err = logbook.New(logbook.Config{
		Store: c.Logs, Mirror: c.Mirror, Heads: s.logKey, Machine: s.worker, Keys: logKeys{s}, Origin: c.Origin,
		Logs: c.Remember, CheckpointDelay: c.CheckpointDelay, Clock: c.Clock, Logger: c.Logger,
	})
	return s, err
}

// Book returns the logs.
func (s *Service) Book() *logbook.Book { return s.book }

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
