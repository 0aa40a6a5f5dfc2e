// Package rooms puts the rooms of one process on one log engine: the clerk, custody, the exhibits,
// the way in, disclosures, the register and its alarms. Whoever runs a process, cmd above all, hands it the
// adapters; whoever uses a room takes the small interface that it needs.
package rooms

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/clerk"
	"github.com/sealcase/sealcase/evidence/custody"
	"github.com/sealcase/sealcase/evidence/disclose"
	"github.com/sealcase/sealcase/evidence/exhibit"
	"github.com/sealcase/sealcase/evidence/intake"
	"github.com/sealcase/sealcase/evidence/internal/buffers"
	"github.com/sealcase/sealcase/evidence/logbook"
	"github.com/sealcase/sealcase/evidence/register"
)

// Config is what the rooms are made of.
type Config struct {
	Registry        Registry             // metadata
	Objects         Objects              // bytes
	Mirror          Mirror               // the second record of logs; nil for none
	Log             evidence.Signer      // signs checkpoints
	SealKey         evidence.Signer      // signs seals
	Worker          evidence.Signer      // signs acts of the machine; nil in a process that must not, such as the API
	WorkerKeys      clerk.KeySource      // the public keys of Worker; Worker itself when nil
	Directory       clerk.Directory      // the public keys of people
	Witnesses       []register.Witness   // who cosign the register's heads; may be none
	Authorities     []register.Authority // who stamp them with the time; may be none
	Steward         clerk.Steward        // has a worker put on record who somebody is; nil where Worker is set
	Root            []evidence.PublicKey // that states which keys of the agency count; none where it has no root
	Statements      clerk.Statements     // what the root states; needed with a Root
	Origin          string               // names this installation in checkpoints, such as "agency.example"
	Retention       time.Duration        // how far ahead objects are locked at birth; 30 days when 0
	PartSize        int64                // bytes of one part of a large upload, 5 MiB or more; 16 MiB when 0
	Memory          int64                // bytes that the buffers of all uploads together may take; 80 MiB when 0
	Logs            int                  // how many logs a process remembers, but for those that have work to do; 1024 when 0
	CheckpointDelay time.Duration        // how long entries are gathered before their checkpoint is signed; 1 s when 0
	Clock           func() time.Time     // time.Now when nil
	Random          io.Reader            // crypto/rand.Reader when nil
	Logger          *slog.Logger         // slog.Default() when nil
	Version         string               // of this program, as entries and bundles name it
	VerifyPage      []byte               // verify.html of bundles; none when nil
}

// Registry keeps metadata: the sum of what the rooms declare, which one adapter
// (package registry) implements. It is insert-only, as logbook.LogStore says.
type Registry interface {
	logbook.LogStore
	custody.Store
	exhibit.Store
	exhibit.TicketStore
	exhibit.FindingStore
	intake.Store
	disclose.Store
	register.Store
	Ping(ctx context.Context) error
}

// Objects keeps bytes: the sum of what the rooms declare, which one adapter (package
// object) implements.
type Objects interface {
	exhibit.Objects
	intake.Objects
	disclose.Objects
}

// Mirror is the second record: the sum of what the rooms declare. Package mirror
// implements it.
type Mirror interface {
	logbook.Mirror
	disclose.Mirror
	register.Mirror
}

// Rooms are the rooms of one process. They are safe for concurrent use.
type Rooms struct {
	Logs     *logbook.Book
	Clerk    *clerk.Clerk
	Custody  *custody.Service
	Exhibits *exhibit.Service
	Analyses *exhibit.Analyses
	Intakes  *intake.Intakes
	Uploads  *intake.Uploads
	Sealing  *intake.Sealing
	Disclose *disclose.Service
	Register *register.Register
	Alarms   *register.Alarms

	registry Registry
	objects  Objects
}

func (c *Config) setDefaults() {
	setDefault(&c.Retention, 30*24*time.Hour)
	setDefault(&c.PartSize, 16<<20)
	setDefault(&c.Memory, 80<<20)
	setDefault(&c.Version, "dev")
}

func setDefault[T comparable](v *T, value T) {
	var zero T
	if *v == zero {
		*v = value
	}
}

// Open returns the rooms of a process, or an Invalid error when the configuration
// lacks something. It performs no input or output. The caller closes them.
func Open(c Config) (*Rooms, error) {
	c.setDefaults()
	switch {
	case c.Registry == nil, c.Objects == nil:
		return nil, evidence.Errorf(evidence.Invalid, "the rooms need a registry and an object store")
	case c.PartSize < buffers.MinPart:
		return nil, evidence.Errorf(evidence.Invalid, "a part of an upload has %d bytes at least", buffers.MinPart)
	}
	settings := clerk.Config{
		Logs: c.Registry, Heads: c.Log, Seals: c.SealKey, Worker: c.Worker, WorkerKeys: c.WorkerKeys, Directory: c.Directory,
		Steward: c.Steward, Root: c.Root, Statements: c.Statements, Origin: c.Origin, Remember: c.Logs, CheckpointDelay: c.CheckpointDelay, Clock: c.Clock, Random: c.Random, Logger: c.Logger,
	}
	if c.Mirror != nil { // a nil Mirror of one type would not be a nil one of the other
		settings.Mirror = c.Mirror
	}
	k, book, err := clerk.New(settings)
	if err != nil {
		return nil, err
	}
	r := &Rooms{Logs: book, Clerk: k, registry: c.Registry, objects: c.Objects}
	r.furnish(c)
	return r, nil
}

// furnish makes the rooms, which stand on the logs and on who may act in them.
func (r *Rooms) furnish(c Config) {
	book, memory := r.Logs, buffers.New(c.Memory, c.PartSize)
	r.Custody = custody.New(custody.Config{Book: book, Clerk: r.Clerk, Store: c.Registry, Clock: c.Clock, Random: c.Random, Logger: c.Logger})
	var tickets *exhibit.Tickets
	r.Exhibits, r.Analyses, tickets = exhibit.New(exhibit.Config{
		Book: book, Clerk: r.Clerk, Store: c.Registry, Tickets: c.Registry, Findings: c.Registry, Objects: c.Objects,
		Clock: c.Clock, Random: c.Random, Logger: c.Logger,
	})
	r.Intakes, r.Uploads, r.Sealing = intake.New(intake.Config{
		Book: book, Clerk: r.Clerk, Exhibits: r.Exhibits.Exhibits, Store: c.Registry, Objects: c.Objects, SealKey: r.Clerk.Sealer(), Buffers: memory,
		Retention: c.Retention, PartSize: c.PartSize, Clock: c.Clock, Random: c.Random, Logger: c.Logger,
	})
	r.Register, r.Alarms = register.New(register.Config{
		Book: book, Clerk: r.Clerk, Store: c.Registry, Mirror: c.Mirror, Witnesses: c.Witnesses, Authorities: c.Authorities,
		Origin: c.Origin, Clock: c.Clock, Random: c.Random, Logger: c.Logger,
	})
	r.Disclose = disclose.New(disclose.Config{
		Book: book, Clerk: r.Clerk, Exhibits: r.Exhibits.Exhibits, Tickets: tickets, Register: r.Register, Store: c.Registry, Objects: c.Objects,
		Mirror: c.Mirror, Buffers: memory, Retention: c.Retention, PartSize: c.PartSize, Origin: c.Origin, Version: c.Version, Page: c.VerifyPage,
		Clock: c.Clock, Random: c.Random, Logger: c.Logger,
	})
}

// Close signs the checkpoints that are due, mirrors them, and stops what runs in
// the background. The rooms must not be used afterwards.
func (r *Rooms) Close(ctx context.Context) error {
	if err := r.Logs.Close(ctx); err != nil {
		return fmt.Errorf("closing the rooms: %w", err)
	}
	return nil
}

// Ready returns nil when evidence can be taken: the registry answers, the object
// store keeps locks, and the signers can be reached. It fails with Unavailable,
// StorageUnsafe or Sealed.
func (r *Rooms) Ready(ctx context.Context) error {
	_, err := r.Clerk.Keys(ctx) // and remembers them for when the signer is away
	return errors.Join(r.registry.Ping(ctx), r.objects.Writable(ctx), err)
}
