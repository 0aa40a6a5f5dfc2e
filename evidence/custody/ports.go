package custody

import (
	"context"
	"io"

	"github.com/sealcase/sealcase/evidence"
)

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
	// Parts returns what the store holds of a multipart write, by number.
	Parts(ctx context.Context, to evidence.ObjectRef, multipart string) ([]evidence.Part, error)
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
