package custody

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/state"
)

// Store keeps the numbers of cases, and records of what logs say. Package registry
// implements it. It is insert-only: an Add method either adds, or reports that the key is
// taken, or fails with Unavailable, after which it is not known whether it
// added; all may be repeated. Single records that are not there are NotFound.
// Bodies are this package's own and come back byte for byte. Everything is
// safe for concurrent use, by several processes.
type Store interface {
	CaseStore
	RecordStore
}

// CaseStore keeps the numbers of cases.
type CaseStore interface {
	AddCaseNumber(ctx context.Context, number string, c evidence.CaseID) (added bool, err error)
	HasCaseNumber(ctx context.Context, number string) (bool, error)
	CaseNumber(ctx context.Context, c evidence.CaseID) (string, error) // "": none yet
}

// RecordStore keeps records of what logs say (state.Record). Whoever reads one
// asks the log whether it is so.
type RecordStore interface {
	AddRecords(ctx context.Context, list []state.Record) error // those whose keys are taken stay
	RecordsAbout(ctx context.Context, kind state.Kind, p evidence.PersonID) ([]state.Record, error)
}
