// Package rooms puts the rooms of one process on one log engine: custody, the
// register and its alarms. Whoever runs a process, cmd above all, hands it the
// adapters; whoever uses a room takes the small interface that it needs.
package rooms

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/custody"
	"github.com/sealcase/sealcase/evidence/register"
)

// Config is what the rooms are made of.
type Config struct {
	Registry        Registry             // metadata
	Objects         custody.Objects      // bytes
	Mirror          Mirror               // the second record of logs; nil for none
	Log             evidence.Signer      // signs checkpoints
	SealKey         evidence.Signer      // signs seals
	Worker          evidence.Signer      // signs acts of the machine; nil in a process that must not, such as the API
	WorkerKeys      custody.KeySource    // the public keys of Worker; Worker itself when nil
	Directory       custody.Directory    // the public keys of people
	Witnesses       []register.Witness   // who cosign the register's heads; may be none
	Authorities     []register.Authority // who stamp them with the time; may be none
	Steward         custody.Steward      // has a worker put on record who somebody is; nil where Worker is set
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
// (package registry) implements.
type Registry interface {
	custody.Registry
	register.Store
}

// Mirror is the second record: the sum of what the rooms declare. Package mirror
// implements it.
type Mirror interface {
	custody.Mirror
	register.Mirror
}

// Rooms are the rooms of one process. They are safe for concurrent use.
type Rooms struct {
	Custody  *custody.Service
	Register *register.Register
	Alarms   *register.Alarms
}

// Open returns the rooms of a process, or an Invalid error when the configuration
// lacks something. It performs no input or output. The caller closes them.
func Open(c Config) (*Rooms, error) {
	settings := custody.Config{
		Registry: c.Registry, Objects: c.Objects, Log: c.Log, SealKey: c.SealKey, Worker: c.Worker, WorkerKeys: c.WorkerKeys,
		Directory: c.Directory, Steward: c.Steward, Origin: c.Origin, Retention: c.Retention, PartSize: c.PartSize, Memory: c.Memory,
		Logs: c.Logs, CheckpointDelay: c.CheckpointDelay, Clock: c.Clock, Random: c.Random, Logger: c.Logger, Version: c.Version, VerifyPage: c.VerifyPage,
	}
	if c.Mirror != nil { // a nil Mirror of one type would not be a nil one of the other
		settings.Mirror = c.Mirror
	}
	s, err := custody.New(settings)
	if err != nil {
		return nil, err
	}
	r := &Rooms{Custody: s}
	r.Register, r.Alarms = register.New(register.Config{
		Book: s.Book(), Clerk: s, Store: c.Registry, Mirror: c.Mirror, Witnesses: c.Witnesses, Authorities: c.Authorities,
		Origin: c.Origin, Clock: c.Clock, Random: c.Random, Logger: c.Logger,
	})
	s.UseRegister(r.Register)
	return r, nil
}

// Close signs the checkpoints that are due, mirrors them, and stops what runs in
// the background. The rooms must not be used afterwards.
func (r *Rooms) Close(ctx context.Context) error {
	if err := r.Custody.Close(ctx); err != nil {
		return fmt.Errorf("closing the rooms: %w", err)
	}
	return nil
}
