package disclose

import (
	"context"
	"io"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/logbook"
	"github.com/sealcase/sealcase/evidence/state"
)

// Clerk knows who may act in a case, and puts acts on record.
type Clerk interface {
	// Allow returns nil when the actor has a permission in a case.
	Allow(ctx context.Context, actor evidence.Actor, c evidence.CaseID, p act.Permission, thing string) error
	// Enter is Allow, and returns what the log says of the case.
	Enter(ctx context.Context, actor evidence.Actor, c evidence.CaseID, p act.Permission, thing string) (logbook.Head, error)
	// CaseNow returns what the log says of a case, to be decided on: all of it.
	CaseNow(ctx context.Context, c evidence.CaseID) (evidence.Case, *state.Case, error)
	// PutOnRecord puts acts of actor on one log on record, each once, signed.
	PutOnRecord(ctx context.Context, actor evidence.Actor, list ...evidence.Entry) ([]evidence.LogEntry, error)
	// Trusted returns the agency's public keys.
	Trusted(ctx context.Context) ([]evidence.PublicKey, error)
	// Trust returns by which of them a log is believed that is read from its beginning.
	Trust(ctx context.Context) (*attest.Trust, error)
	// Stated returns the newest statement of the agency's root, or NotFound.
	Stated(ctx context.Context) (attest.Signed, error)
}

// Tickets puts reads of stored bytes on record, and opens the bytes once.
type Tickets interface {
	// Issue puts a read on record and returns the ticket for it.
	Issue(ctx context.Context, actor evidence.Actor, e evidence.Entry, p evidence.Span) (evidence.Ticket, error)
	// Check returns the entry that a ticket of actor names in a case.
	Check(ctx context.Context, actor evidence.Actor, c evidence.CaseID, id evidence.EntryID) (evidence.Entry, error)
	// Open opens bytes of the object of size bytes that an entry names, for which the
	// entry of a ticket is, and uses the ticket up.
	Open(ctx context.Context, ticket, names evidence.Entry, size, offset, length int64) (io.ReadCloser, error)
}

// Register takes the heads that disclosures stand on (package register).
type Register interface {
	// RegisterNow registers one head of a log and collects what outsiders give for
	// it, as far as they do before ctx ends.
	RegisterNow(ctx context.Context, actor evidence.Actor, c evidence.CaseID, h logbook.Head) error
	// RegisterProof shows that the register has the head of a log at exactly that
	// size; NotFound while it has not.
	RegisterProof(ctx context.Context, c evidence.CaseID, size int64) (*bundle.RegisterProof, error)
}

// Store keeps records of disclosures, and what bundles are made of. Package registry
// implements it; it is insert-only, as a logbook.LogStore.
type Store interface {
	AddDisclosure(ctx context.Context, d evidence.Disclosure) (added bool, err error)
	Disclosure(ctx context.Context, id evidence.DisclosureID) (evidence.Disclosure, error)
	Disclosures(ctx context.Context, c evidence.CaseID) ([]evidence.Disclosure, error)
	Item(ctx context.Context, id evidence.ItemID) (evidence.Item, error)
	ItemTile(ctx context.Context, c evidence.CaseID, tile int) ([]evidence.Item, error) // exhibits 64*tile+1 and on
	Checkpoint(ctx context.Context, c evidence.CaseID, size int64) ([]byte, error)      // nil: none
}

// Objects keeps bytes, as an intake.Objects.
type Objects interface {
	Put(ctx context.Context, to evidence.ObjectRef, body []byte, mediaType string, lock evidence.Lock) (evidence.Stored, error)
	Begin(ctx context.Context, to evidence.ObjectRef, mediaType string, lock evidence.Lock) (multipart string, err error)
	PutPart(ctx context.Context, to evidence.ObjectRef, multipart string, number int, body []byte) (evidence.Part, error)
	Complete(ctx context.Context, to evidence.ObjectRef, multipart string, parts []evidence.Part) (evidence.Stored, error)
	Abort(ctx context.Context, to evidence.ObjectRef, multipart string) error
	Open(ctx context.Context, ref evidence.ObjectRef, offset, length int64) (io.ReadCloser, error)
	Stat(ctx context.Context, ref evidence.ObjectRef) (evidence.Stored, error)
	Buckets() evidence.Buckets
}

// Mirror keeps a second record of disclosures, where nobody can write over it.
// Package mirror implements it.
type Mirror interface {
	AddCheckpoint(ctx context.Context, c evidence.CaseID, size int64, note []byte) error
	AddDisclosure(ctx context.Context, d evidence.Disclosure) error
}
