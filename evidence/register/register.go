package register

import (
	"crypto/rand"
	"io"
	"log/slog"
	"sync"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/alarms"
	"github.com/sealcase/sealcase/evidence/logbook"
)

// Config is what a Register and its Alarms are made of.
type Config struct {
	Book        *logbook.Book
	Clerk       Clerk
	Store       Store
	Mirror      Mirror           // the second record; nil for none
	Witnesses   []Witness        // who cosign the register's heads; may be none
	Authorities []Authority      // who stamp them with the time; may be none
	Origin      string           // names this installation in checkpoints
	Clock       func() time.Time // time.Now when nil
	Random      io.Reader        // crypto/rand.Reader when nil
	Logger      *slog.Logger     // slog.Default() when nil
}

// Register is the log of logs. It is safe for concurrent use.
type Register struct {
	book        *logbook.Book
	clerk       Clerk
	store       Store
	mirror      Mirror
	alarms      *Alarms
	witnesses   []Witness
	authorities []Authority
	origin      string
	clock       func() time.Time
	random      io.Reader
	logger      *slog.Logger

	mu         sync.Mutex                // guards what follows; all of it can be found again
	registered map[evidence.CaseID]int64 // the largest size of each log known to be in the register
	looked     time.Time                 // when heads were last looked for; zero before
	lookedFar  time.Time

	mirrorLooked time.Time       // when heads were last looked for that are not mirrored; zero before
	mirrorAfter  evidence.CaseID // the last log that was looked at in turn

	cosigned map[string]int64 // by witness: the size that it cosigned last, as far as is known
	anchored map[string]int64 // by kind and name: the largest size of an anchor that is kept
	failing  map[string]bool  // by kind and name: it was logged
}

// New returns a Register and the alarms that are on record in it. It performs no
// input or output.
func New(c Config) (*Register, *Alarms) {
	if c.Clock == nil {
		c.Clock = time.Now
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.Logger == nil {
		c.Logger = slog.Default()
	}
	a := &Alarms{
		book: c.Book, clerk: c.Clerk, store: c.Store, mirror: c.Mirror, clock: c.Clock, random: c.Random, logger: c.Logger,
		turn: make(chan struct{}, 1), read: alarms.New(alarmsKept),
	}
	return &Register{
		book: c.Book, clerk: c.Clerk, store: c.Store, mirror: c.Mirror, alarms: a, witnesses: c.Witnesses, authorities: c.Authorities,
		origin: c.Origin, clock: c.Clock, random: c.Random, logger: c.Logger,
		registered: map[evidence.CaseID]int64{}, cosigned: map[string]int64{}, anchored: map[string]int64{}, failing: map[string]bool{},
	}, a
}
