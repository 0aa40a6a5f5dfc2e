package logbook

import (
	"context"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/mirror"
	"github.com/sealcase/sealcase/evidence/state"
)

// LogStore keeps the logs of cases: entries in tiles of 256, a record for each
// full tile, signed checkpoints and snapshots. Package registry implements it.
//
// It is insert-only: an Add method either adds, or reports that the key is
// taken, or fails with Unavailable, after which it is not known whether it
// added; all may be repeated. Single records that are not there are NotFound.
// Bodies are this package's own and come back byte for byte. Everything is
// safe for concurrent use, by several processes.
type LogStore interface {
	AddEntries(ctx context.Context, c evidence.CaseID, list []evidence.LogEntry) (added int, err error) // in order, until a key is taken
	EntryAt(ctx context.Context, c evidence.CaseID, index int64) (e evidence.LogEntry, ok bool, err error)
	Entries(ctx context.Context, c evidence.CaseID, tile int64) ([]evidence.LogEntry, error) // by index
	Entry(ctx context.Context, id evidence.EntryID) (evidence.LogEntry, error)
	AddTile(ctx context.Context, c evidence.CaseID, tile int64, body []byte) error
	Tiles(ctx context.Context, c evidence.CaseID, span int64) ([][]byte, error) // tiles 256*span and on, until one is missing
	AddSnapshot(ctx context.Context, c evidence.CaseID, size int64, body []byte) error
	LastSnapshot(ctx context.Context, c evidence.CaseID, most int64) ([]byte, error) // newest of at most that size; nil: none
	AddCheckpoint(ctx context.Context, c evidence.CaseID, size int64, note []byte) error
	Checkpoint(ctx context.Context, c evidence.CaseID, size int64) ([]byte, error)     // nil: none
	LastCheckpoint(ctx context.Context, c evidence.CaseID, tile int64) ([]byte, error) // newest with size/256 == tile; nil: none
}

// Mirror keeps a second record of logs, where nobody can write over it. Package
// mirror implements it. All may be repeated; failures are those of an object
// store.
type Mirror interface {
	// Mark returns how many entries of a log are mirrored without a gap, where it
	// is known that known are.
	Mark(ctx context.Context, c evidence.CaseID, known int64) (int64, error)
	// Heads returns signed heads of a log, not yet checked, the largest size first:
	// of the most largest sizes of size and above.
	Heads(ctx context.Context, c evidence.CaseID, size int64, most int) ([]mirror.Note, error)
	AddEntries(ctx context.Context, c evidence.CaseID, from int64, raw [][]byte) error
	AddCheckpoint(ctx context.Context, c evidence.CaseID, size int64, note []byte) error
}

// AgencyKeys are public keys of the agency. They are kept apart: whoever may sign
// heads of logs may not thereby act as the machine.
type AgencyKeys struct {
	Log    []evidence.PublicKey // of heads, every version that may sign, oldest first
	Worker []evidence.PublicKey // of the machine's acts
	Root   []evidence.PublicKey // that states which keys count; none where the agency has no root
	Stated *attest.Signed       // with a root: its newest statement; nil while there is none
}

// lacks reports whether the log says not yet what the root stated last.
func (k AgencyKeys) lacks(said *state.Case) bool {
	if k.Stated == nil {
		return false
	}
	s, err := k.Stated.Read()
	return err == nil && !said.States(k.Stated.Root, s.Serial)
}

// trust returns by which keys the next entries of a log are believed that says
// this so far, and its heads.
func (k AgencyKeys) trust(origin string, said *state.Case) *attest.Trust {
	if len(k.Root) == 0 {
		return attest.NewTrust(origin, slices.Concat(k.Log, k.Worker))
	}
	t := attest.NewTrust(origin, k.Root)
	if k.Stated != nil {
		_, _ = t.Know(*k.Stated) // whoever gave it has checked it
	}
	for _, s := range said.Statements {
		t.Had(s.Root, s.Serial, s.Index, s.Revoked)
	}
	return t
}

// Keys says whose keys count, and what a log says of them.
type Keys interface {
	// Last returns the keys as they were last read; none before.
	Last() AgencyKeys
	// Read reads the keys.
	Read(ctx context.Context) (AgencyKeys, error)
	// Known reads the keys, and returns those that were last read where that fails.
	Known(ctx context.Context) (AgencyKeys, error)
	// CheckPerson returns nil when a person's entry is signed with a key of theirs.
	CheckPerson(ctx context.Context, e evidence.LogEntry) error
	// Beginning returns the entry, not signed, that a log begins with. It has an
	// identifier that is a function of the log.
	Beginning(ctx context.Context, c evidence.CaseID) (evidence.Entry, error)
	// Introductions returns the entries, not signed, about the agency's keys that a
	// log lacks which says this: a statement of its root, or those that introduce
	// versions of its keys.
	Introductions(ctx context.Context, c evidence.CaseID, said *state.Case) ([]evidence.Entry, error)
	// Introduce has a log told of the versions of the agency's keys that it does not
	// know, and returns when that is on record.
	Introduce(ctx context.Context, c evidence.CaseID) error
}
