package intake

import (
	"context"
	"io"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/logbook"
	"github.com/sealcase/sealcase/evidence/state"
)

// Clerk knows who may act in a case and with which keys they sign, and puts acts on
// record.
type Clerk interface {
	// Allow returns nil when the actor has a permission in a case.
	Allow(ctx context.Context, actor evidence.Actor, c evidence.CaseID, p act.Permission, thing string) error
	// CaseNow returns what the log says of a case, to be decided on: all of it.
	CaseNow(ctx context.Context, c evidence.CaseID) (evidence.Case, *state.Case, error)
	// Prepare makes an act of actor ready to be appended: a person's is signed now.
	Prepare(ctx context.Context, actor evidence.Actor, e evidence.Entry) (*logbook.Draft, error)
	// PutOnRecord puts acts of actor on one log on record, each once, signed.
	PutOnRecord(ctx context.Context, actor evidence.Actor, list ...evidence.Entry) ([]evidence.LogEntry, error)
	// KeysOf returns the keys of a person; read again where the one that is wanted is
	// not among those remembered.
	KeysOf(ctx context.Context, p evidence.PersonID, wanted string) ([]evidence.PublicKey, error)
	// Trust returns by which keys of the agency seals and logs are believed.
	Trust(ctx context.Context) (*attest.Trust, error)
	// Introduce has a log told of the versions of the agency's keys that it lacks.
	Introduce(ctx context.Context, c evidence.CaseID) error
}

// Store keeps uploads and the steps that each made, records of intakes, and items.
// Package registry implements it; it is insert-only, as a logbook.LogStore.
type Store interface {
	AddUpload(ctx context.Context, id evidence.UploadID, body []byte) (added bool, err error)
	Upload(ctx context.Context, id evidence.UploadID) ([]byte, error)
	FindUpload(ctx context.Context, match func(body []byte) bool) ([]byte, error) // walks over all: for what was cut off
	AddUploadStep(ctx context.Context, id evidence.UploadID, n int, body []byte) (added bool, err error)
	UploadSteps(ctx context.Context, id evidence.UploadID) ([][]byte, error) // by n

	AddRecords(ctx context.Context, list []state.Record) error // those whose keys are taken stay
	Record(ctx context.Context, kind state.Kind, key string) (state.Record, error)

	AddItem(ctx context.Context, it evidence.Item) (added bool, err error)
	Item(ctx context.Context, id evidence.ItemID) (evidence.Item, error)
	ItemTile(ctx context.Context, c evidence.CaseID, tile int) ([]evidence.Item, error) // exhibits 64*tile+1 and on
}

// Objects keeps bytes. Package object implements it on S3. References given
// for writing have a bucket and a key and no version. Everything is safe for
// concurrent use; failures are StorageFull, StorageUnsafe, NotFound or
// Unavailable.
type Objects interface {
	// Put writes body whole, in one request, locked from birth.
	Put(ctx context.Context, to evidence.ObjectRef, body []byte, mediaType string, lock evidence.Lock) (evidence.Stored, error)
	// Begin starts a multipart write at its final key, locked from birth.
	Begin(ctx context.Context, to evidence.ObjectRef, mediaType string, lock evidence.Lock) (multipart string, err error)
	// PutPart writes part number (from 1), 5 MiB to 5 GiB, the last may be
	// shorter. The same number again replaces it.
	PutPart(ctx context.Context, to evidence.ObjectRef, multipart string, number int, body []byte) (evidence.Part, error)
	// Complete makes the parts an object.
	Complete(ctx context.Context, to evidence.ObjectRef, multipart string, parts []evidence.Part) (evidence.Stored, error)
	// Abort throws a multipart write away. Idempotent.
	Abort(ctx context.Context, to evidence.ObjectRef, multipart string) error
	// Open reads length bytes (-1: to the end) of exactly that version.
	Open(ctx context.Context, ref evidence.ObjectRef, offset, length int64) (io.ReadCloser, error)
	// Stat returns what the store says of that version, or of the newest when
	// ref names none.
	Stat(ctx context.Context, ref evidence.ObjectRef) (evidence.Stored, error)
	// Extend moves the retention of that version to a later time.
	Extend(ctx context.Context, ref evidence.ObjectRef, until evidence.Instant) error
	// Remove deletes an unlocked object, in the staging bucket only.
	Remove(ctx context.Context, ref evidence.ObjectRef) error
	// Writable returns nil when the start-up probe found that the store keeps
	// Object Lock's word, and StorageUnsafe otherwise.
	Writable(ctx context.Context) error
	// Buckets names where objects go.
	Buckets() evidence.Buckets
}
