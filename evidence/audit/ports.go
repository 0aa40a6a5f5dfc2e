package audit

import (
	"context"
	"io"
	"iter"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/mirror"
	"github.com/sealcase/sealcase/evidence/state"
)

// Registry is what an audit reads of the metadata (package registry).
type Registry interface {
	Logs
	CaseIDs(ctx context.Context) ([]evidence.CaseID, error)
	CaseNumber(ctx context.Context, c evidence.CaseID) (string, error)
	RecordsOf(ctx context.Context, kind state.Kind, c evidence.CaseID) ([]state.Record, error)
	ItemTiles(ctx context.Context) (map[evidence.CaseID][]int, error)                                                   // that have anything in them
	ItemsOfTile(ctx context.Context, c evidence.CaseID, tile int) (newest, older []evidence.Item, bad []int, err error) // bad: exhibits that cannot be read
	Redemptions(ctx context.Context) iter.Seq2[evidence.EntryID, error]                                                 // which tickets were used
	Alarms(ctx context.Context) ([]evidence.Alarm, error)
}

// Logs is what an audit reads of the registry's logs, and of what is kept beside
// them.
type Logs interface {
	FiledEntries(ctx context.Context, c evidence.CaseID, tile int64) (list []evidence.LogEntry, misfiled []int64, err error) // misfiled: indexes of those whose keys are not their own
	LastEntries(ctx context.Context) (map[evidence.CaseID]int64, error)                                                      // the highest index that each log has
	EntriesOfItem(ctx context.Context, it evidence.ItemID) ([]evidence.LogEntry, error)
	EntryAt(ctx context.Context, c evidence.CaseID, index int64) (e evidence.LogEntry, ok bool, err error)
	Entry(ctx context.Context, id evidence.EntryID) (evidence.LogEntry, error)
	LogRecords(ctx context.Context, kind state.Kind, c evidence.CaseID, n int64) (list []state.LogRecord, end int64, err error) // those in the partition of n, by number, which ends before end
	LogRecordKeys(ctx context.Context, kind state.Kind) iter.Seq2[state.LogRecord, error]                                       // of all logs
}

// Objects is what an audit reads of the object store (package object).
type Objects interface {
	Stat(ctx context.Context, ref evidence.ObjectRef) (evidence.Stored, error)
	Open(ctx context.Context, ref evidence.ObjectRef, offset, length int64) (io.ReadCloser, error)
	List(ctx context.Context, bucket, prefix, after string) iter.Seq2[evidence.ObjectVersion, error]
	Names(ctx context.Context, bucket, prefix string) iter.Seq2[string, error] // what follows prefix in keys, up to the next "/" and with it
	Extend(ctx context.Context, ref evidence.ObjectRef, until evidence.Instant) error
	BucketState(ctx context.Context, bucket string) (evidence.BucketState, error)
	Buckets() evidence.Buckets
}

// Config is what an Auditor is made of. All but Witnesses, Publish, CatchUp and
// Gone are needed.
type Config struct {
	Registry  Registry
	Objects   Objects
	Mirror    *mirror.Mirror
	Keys      func(ctx context.Context) ([]evidence.PublicKey, error) // the agency's, every version, as Vault has them
	Root      []evidence.PublicKey                                    // that states which of these count; nil where the agency has none
	Stated    func(ctx context.Context) (attest.Signed, error)        // its newest statement; needed with a Root
	People    func(ctx context.Context, p evidence.PersonID) ([]evidence.PublicKey, error)
	Origin    string                                                   // names this installation in checkpoints
	Publish   func(ctx context.Context) error                          // has the register take the heads that changed, as its schedule does
	CatchUp   func(ctx context.Context, c evidence.CaseID) error       // has a log mirrored and registered up to its newest head
	Witnesses func(ctx context.Context) ([]evidence.Alarm, error)      // asks outsiders what they saw of the register
	Gone      func(ctx context.Context, gone []evidence.AlarmID) error // puts on record which noted differences are gone; nil for nobody
	Retention time.Duration                                            // how far ahead bundles and the mirror are locked; 30 days when 0
	CaseLimit time.Duration                                            // a case must be done within it, and pace for whatever was read of it; 15 minutes when 0
	Settle    time.Duration                                            // before a record that differs is read again; 2 s when 0
	Grace     time.Duration                                            // for an item, and for an object, to get its entry on record; an hour when 0
	Clock     func() time.Time                                         // time.Now when nil

	// RegisterGrace is how long after a head was mirrored, as the object store
	// says, the register may be without it or a later one; an hour when 0. The
	// register takes heads every minute, and Publish has it do so once more before
	// it is read.
	RegisterGrace time.Duration
}

// Progress is how far an audit is. It is also where another run goes on.
type Progress struct {
	After   evidence.CaseID   `json:"after,omitempty"`   // the last case that is done, or waits
	Waiting []evidence.CaseID `json:"waiting,omitempty"` // those before it that could not be read, and are tried again at the end
	Cases   int               `json:"cases"`
	Entries int64             `json:"entries"`
	Objects int64             `json:"objects"`
}
