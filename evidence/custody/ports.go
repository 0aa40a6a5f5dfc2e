package custody

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/logbook"
	"github.com/sealcase/sealcase/evidence/state"
)

// Clerk knows who may act in a case and with which keys they sign, and has acts
// signed.
type Clerk interface {
	// Allow returns nil when the actor has a permission in a case.
	Allow(ctx context.Context, actor evidence.Actor, c evidence.CaseID, p act.Permission, thing string) error
	// Enter is Allow, and returns what the log says of the case.
	Enter(ctx context.Context, actor evidence.Actor, c evidence.CaseID, p act.Permission, thing string) (logbook.Head, error)
	// CaseNow returns what the log says of a case, to be decided on: all of it.
	CaseNow(ctx context.Context, c evidence.CaseID) (evidence.Case, *state.Case, error)
	// CanSign returns nil when the actor's signer answers.
	CanSign(ctx context.Context, actor evidence.Actor) error
	// SignAll has the actor sign entries, and returns their bytes and the key.
	SignAll(ctx context.Context, actor evidence.Actor, list []evidence.Entry) (raw [][]byte, key evidence.PublicKey, err error)
	// PersonKey returns the key by which a person's entry is signed, which Vault says
	// is theirs.
	PersonKey(ctx context.Context, e evidence.LogEntry) (evidence.PublicKey, error)
	// Enlisted returns nil when a log gives the actor the key and their roles.
	Enlisted(ctx context.Context, actor evidence.Actor, c evidence.CaseID, key evidence.PublicKey) error
	// Enlist has a log say who people are, as Vault does, and with which keys they sign.
	Enlist(ctx context.Context, c evidence.CaseID, people ...evidence.PersonID) error
	// RaiseRules has a log be judged by the rules of now, where what is to be recorded
	// needs it.
	RaiseRules(ctx context.Context, c evidence.CaseID, rules int, work []*logbook.Draft) error
}

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
