// Package clerk puts acts on record: it knows who people are and which keys they and
// the agency sign with (as Vault says), has logs say so before anybody acts in them,
// decides on the checked entries of a log who may act in a case, has each act signed by
// whoever does it, and hands it to the log.
//
// A log begins with a roster, by the worker, of the people who act in it and their
// keys, and gets another before somebody acts whom it does not know. A process that is
// no worker asks one for it (Steward). A new version of a key is introduced by the old
// one, in a key entry, before anything by it goes into a log. So whoever trusts the
// first version can verify everything, also a bundle that was written during a rotation.
//
// While Vault is sealed, acts of people are refused and leave nothing. The machine's
// wait in the process (package logbook).
package clerk

import (
	"context"
	"crypto/rand"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/logbook"
)

// Config is what a Clerk, and the logs that it writes to, are made of.
type Config struct {
	Logs            logbook.LogStore
	Mirror          logbook.Mirror       // the second record of logs; nil for none
	Heads           evidence.Signer      // signs checkpoints
	Seals           evidence.Signer      // signs seals
	Worker          evidence.Signer      // signs acts of the machine; nil in a process that must not, such as the API
	WorkerKeys      KeySource            // the public keys of Worker; Worker itself when nil
	Directory       Directory            // who people are, and their public keys
	Root            []evidence.PublicKey // that states which keys of the agency count; none where it has no root
	Statements      Statements           // what the root states; needed with a Root
	Steward         Steward              // has a worker put on record who somebody is; nil where Worker is set
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
// (Clerk.RecordRoster), or fails as an act does.
type Steward func(ctx context.Context, c evidence.CaseID, p evidence.PersonID) error

// Agency is the agency's keys, and what its root states of them, if it has one. It is
// safe for concurrent use.
type Agency struct {
	logKey     evidence.Signer
	sealKey    evidence.Signer
	worker     evidence.Signer // nil where the machine's acts cannot be signed
	workerKeys KeySource
	root       []evidence.PublicKey
	statements Statements
	origin     string
	clock      func() time.Time
	logger     *slog.Logger
	keys       keyRing
}

// Clerk puts acts on record. It is safe for concurrent use.
type Clerk struct {
	*Agency
	book      *logbook.Book
	directory Directory
	steward   Steward
	random    io.Reader

	people     sync.Map // evidence.PersonID to []evidence.PublicKey: a key never ends, so what was seen stays true
	introduced sync.Map // ID of a key version to the details of its key entry: they are the same in every log
}

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

func (c *Config) check() error {
	switch {
	case c.Heads == nil, c.Seals == nil:
		return evidence.Errorf(evidence.Invalid, "custody needs a signer of heads and one of seals")
	case c.WorkerKeys == nil, c.Directory == nil:
		return evidence.Errorf(evidence.Invalid, "custody needs to know the keys of the worker and of people")
	case c.Origin == "":
		return evidence.Errorf(evidence.Invalid, "custody needs an origin, which names the installation in its checkpoints")
	case len(c.Root) > 0 && (c.Statements == nil || !attest.NewTrust(c.Origin, c.Root).Rooted()):
		return evidence.Errorf(evidence.Invalid, "custody with a root needs what the root states, and a root of %s by its name", c.Origin)
	}
	return nil
}

// New returns a Clerk and the logs that it writes to, or an Invalid error when the
// configuration lacks something. It performs no input or output. The caller closes the
// logs.
func New(c Config) (*Clerk, *logbook.Book, error) {
	c.setDefaults()
	if err := c.check(); err != nil {
		return nil, nil, err
	}
	s := &Clerk{
		Agency: &Agency{
			logKey: c.Heads, sealKey: c.Seals, worker: c.Worker, workerKeys: c.WorkerKeys, root: c.Root, statements: c.Statements,
			origin: c.Origin, clock: c.Clock, logger: c.Logger,
		},
		directory: ownPeople{c.Directory, c.Origin}, steward: c.Steward, random: c.Random,
	}
	for _, k := range []struct {
		signer *evidence.Signer
		role   attest.Role
	}{{&s.logKey, attest.RoleLog}, {&s.sealKey, attest.RoleSeal}, {&s.worker, attest.RoleWorker}} {
		var err error
		if *k.signer, err = s.stating(*k.signer, k.role); err != nil {
			return nil, nil, err
		}
	}
	var err error
	s.book, err = logbook.New(logbook.Config{
		Store: c.Logs, Mirror: c.Mirror, Heads: s.logKey, Machine: s.worker, Keys: logKeys{s}, Origin: c.Origin,
		Logs: c.Remember, CheckpointDelay: c.CheckpointDelay, Clock: c.Clock, Logger: c.Logger,
	})
	return s, s.book, err
}

func (s *Clerk) now() evidence.Instant { return evidence.At(s.clock()) }

// entry returns an entry of now, of an act whose details package attest writes.
func (s *Clerk) entry(id evidence.EntryID, c evidence.CaseID, act evidence.Act, actor evidence.Actor) (evidence.Entry, error) {
	return evidence.NewEntry(id, c, act, s.now(), actor, s.random)
}

// entryNow returns an entry of now that is not repeated: each try is an act of
// its own.
func (s *Clerk) entryNow(c evidence.CaseID, act evidence.Act, actor evidence.Actor) (evidence.Entry, error) {
	id, err := evidence.NewID[evidence.EntryID](s.random)
	if err != nil {
		return evidence.Entry{}, err
	}
	return s.entry(id, c, act, actor)
}
