package register

import (
	"context"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

// Clerk puts acts on record.
type Clerk interface {
	// PutOnRecord puts acts of actor on one log on record, each once, signed: one
	// whose identifier is there already is returned as it stands there.
	PutOnRecord(ctx context.Context, actor evidence.Actor, list ...evidence.Entry) ([]evidence.LogEntry, error)
	// CheckSigned returns nil when an entry carries a good signature of its actor.
	CheckSigned(ctx context.Context, e evidence.LogEntry) error
}

// Store keeps what the register is found by, and what outsiders gave for it.
// Package registry implements it; it is insert-only, as a logbook.LogStore.
type Store interface {
	AlarmStore
	EntryAt(ctx context.Context, c evidence.CaseID, index int64) (e evidence.LogEntry, ok bool, err error)
	Checkpoint(ctx context.Context, c evidence.CaseID, size int64) ([]byte, error) // nil: none
	HeadsOf(ctx context.Context, at time.Time) (map[evidence.CaseID]int64, error)  // sizes of those recorded in that minute
	CaseIDs(ctx context.Context) ([]evidence.CaseID, error)                        // all of them: for a register that is behind by long
	AddAnchor(ctx context.Context, a evidence.Anchor) (added bool, err error)
	Anchors(ctx context.Context, tile int64) ([]evidence.Anchor, error) // of sizes in a tile of 256, by size
}

// AlarmStore keeps records of alarms, for where the register cannot be read or
// written to.
type AlarmStore interface {
	AddAlarm(ctx context.Context, a evidence.Alarm) (added bool, err error)
	Alarms(ctx context.Context) ([]evidence.Alarm, error) // the one raised last first
}

// Mirror keeps a second record of what the register is told, where nobody can
// write over it. Package mirror implements it.
type Mirror interface {
	AddAlarm(ctx context.Context, a evidence.Alarm) error
	AddAnchor(ctx context.Context, a evidence.Anchor) error
}
