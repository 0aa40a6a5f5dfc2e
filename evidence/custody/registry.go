package custody

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/logbook"
	"github.com/sealcase/sealcase/evidence/state"
)

// Registry keeps metadata. Package registry implements it on MongoDB.
//
// It is insert-only: an Add method either adds, or reports that the key is
// taken, or fails with Unavailable, after which it is not known whether it
// added; all may be repeated. Single records that are not there are NotFound.
// Bodies are this package's own and come back byte for byte. Everything is
// safe for concurrent use, by several processes.
type Registry interface {
	LogStore
	CaseStore
	RecordStore
	ItemStore
	UploadStore
	FindingStore
	DisclosureStore
	TicketStore
	Ping(ctx context.Context) error
}

// LogStore keeps the logs of cases.
type LogStore interface {
	logbook.LogStore
	EntriesOfItem(ctx context.Context, it evidence.ItemID) ([]evidence.LogEntry, error) // by index
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
	Record(ctx context.Context, kind state.Kind, key string) (state.Record, error)
	RecordsAbout(ctx context.Context, kind state.Kind, p evidence.PersonID) ([]state.Record, error)
}

// ItemStore keeps items in tiles of 64 exhibit numbers.
type ItemStore interface {
	AddItem(ctx context.Context, it evidence.Item) (added bool, err error)
	AddItems(ctx context.Context, its []evidence.Item) (taken []int, err error)
	Item(ctx context.Context, id evidence.ItemID) (evidence.Item, error)
	ItemTile(ctx context.Context, c evidence.CaseID, tile int) ([]evidence.Item, error) // exhibits 64*tile+1 and on
}

// UploadStore keeps uploads and the steps that each made.
type UploadStore interface {
	AddUpload(ctx context.Context, id evidence.UploadID, body []byte) (added bool, err error)
	Upload(ctx context.Context, id evidence.UploadID) ([]byte, error)
	FindUpload(ctx context.Context, match func(body []byte) bool) ([]byte, error) // walks over all: for what was cut off
	AddUploadStep(ctx context.Context, id evidence.UploadID, n int, body []byte) (added bool, err error)
	UploadSteps(ctx context.Context, id evidence.UploadID) ([][]byte, error) // by n
}

// FindingStore keeps what analyzers found, in pages of 256.
type FindingStore interface {
	AddAnalysis(ctx context.Context, it evidence.ItemID, run string, body []byte) error
	Analyses(ctx context.Context, it evidence.ItemID) ([][]byte, error)
	AddFindings(ctx context.Context, it evidence.ItemID, run string, page int, found []evidence.Finding) error
	Findings(ctx context.Context, it evidence.ItemID, run string, page int) ([]evidence.Finding, error)
}

// DisclosureStore keeps disclosures.
type DisclosureStore interface {
	AddDisclosure(ctx context.Context, d evidence.Disclosure) (added bool, err error)
	Disclosure(ctx context.Context, id evidence.DisclosureID) (evidence.Disclosure, error)
	Disclosures(ctx context.Context, c evidence.CaseID) ([]evidence.Disclosure, error)
}

// TicketStore keeps which tickets were used. It only keeps one from being used
// twice: what a ticket opens, and for whom, the log says.
type TicketStore interface {
	AddRedemption(ctx context.Context, ticket evidence.EntryID) (added bool, err error)
}
