// Package objecttest is the contract of an object store as tests: a store that
// passes [Run] can keep evidence. It knows no driver, so that the adapter of a
// second store passes it in fifteen lines.
//
// The tests write small objects, the largest of 10 MiB; those that are locked
// stay for half a minute and are left where they are.
package objecttest

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
)

// Store is what a store must do. Package custody declares the same.
type Store interface {
	Put(ctx context.Context, to evidence.ObjectRef, body []byte, mediaType string, lock evidence.Lock) (evidence.Stored, error)
	Begin(ctx context.Context, to evidence.ObjectRef, mediaType string, lock evidence.Lock) (multipart string, err error)
	PutPart(ctx context.Context, to evidence.ObjectRef, multipart string, number int, body []byte) (evidence.Part, error)
	Parts(ctx context.Context, to evidence.ObjectRef, multipart string) ([]evidence.Part, error)
	Complete(ctx context.Context, to evidence.ObjectRef, multipart string, parts []evidence.Part) (evidence.Stored, error)
	Abort(ctx context.Context, to evidence.ObjectRef, multipart string) error
	Open(ctx context.Context, ref evidence.ObjectRef, offset, length int64) (io.ReadCloser, error)
	Stat(ctx context.Context, ref evidence.ObjectRef) (evidence.Stored, error)
	Extend(ctx context.Context, ref evidence.ObjectRef, until evidence.Instant) error
	Remove(ctx context.Context, ref evidence.ObjectRef) error
	Writable(ctx context.Context) error
	Buckets() evidence.Buckets
}

// Run tests everything that a store promises.
func Run(t *testing.T, store Store) {
	if err := store.Writable(t.Context()); err != nil {
		t.Fatal("a store that is not writable cannot be tested:", err)
	}
	t.Run("plain", func(t *testing.T) { RunPlain(t, store) })
	t.Run("locked", func(t *testing.T) { RunLocked(t, store) })
}

// RunPlain tests what a store promises of objects in its staging bucket, which
// takes no Object Lock.
func RunPlain(t *testing.T, store Store) {
	s := suite{store}
	t.Run("whole", s.whole)
	t.Run("ranges", s.ranges)
	t.Run("absent", s.absent)
	t.Run("remove", s.remove)
	t.Run("multipart", s.multipart)
	t.Run("multipart mistakes", s.multipartMistakes)
	t.Run("abort", s.abort)
	t.Run("refusals", s.refusals)
}

// RunLocked tests what a store promises of locked objects.
func RunLocked(t *testing.T, store Store) {
	s := suite{store}
	t.Run("born locked", s.bornLocked)
	t.Run("versions", s.versions)
	t.Run("multipart born locked", s.multipartBornLocked)
	t.Run("extend", s.extend)
	t.Run("refusals", s.lockedRefusals)
	t.Run("side by side", s.sideBySide)
}

type suite struct{ store Store }

// partLength is the shortest that a part may be which is not the last.
const partLength = 5 << 20

// staging returns a fresh name in the staging bucket, and locked one in the
// evidence bucket.
func (s suite) staging(t *testing.T) evidence.ObjectRef {
	return fresh(t, s.store.Buckets().Staging)
}

func (s suite) locked(t *testing.T) evidence.ObjectRef {
	return fresh(t, s.store.Buckets().Evidence)
}

func fresh(t *testing.T, bucket string) evidence.ObjectRef {
	t.Helper()
	id, err := evidence.NewID[evidence.ItemID](rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return evidence.ObjectRef{Bucket: bucket, Key: "test/" + string(id) + "/data"}
}

// shortly is a lock that ends soon, at no whole second.
func shortly() evidence.Lock {
	return evidence.Lock{Until: evidence.At(time.Now().Truncate(time.Second).Add(30*time.Second + 400*time.Millisecond))}
}

func random(t *testing.T, n int) []byte {
	t.Helper()
	body := make([]byte, n)
	if _, err := rand.Read(body); err != nil {
		t.Fatal(err)
	}
	return body
}

// put stores body and fails the test when that fails.
func (s suite) put(t *testing.T, to evidence.ObjectRef, body []byte, lock evidence.Lock) evidence.Stored {
	t.Helper()
	stored, err := s.store.Put(t.Context(), to, body, "application/octet-stream", lock)
	if err != nil {
		t.Fatal(err)
	}
	return stored
}

// holds fails the test unless the bytes at ref are body.
func (s suite) holds(t *testing.T, ref evidence.ObjectRef, body []byte) {
	t.Helper()
	s.rangeHolds(t, ref, 0, -1, body)
}

func (s suite) rangeHolds(t *testing.T, ref evidence.ObjectRef, offset, length int64, body []byte) {
	t.Helper()
	r, err := s.store.Open(t.Context(), ref, offset, length)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	read, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(read, body) {
		t.Fatalf("%d bytes from %d on: got %d bytes that are not the %d stored", length, offset, len(read), len(body))
	}
}

// fails fails the test unless err has the code.
func fails(t *testing.T, err error, want evidence.Code) {
	t.Helper()
	if diff := cmp.Diff(want, evidence.CodeOf(err)); diff != "" {
		t.Fatalf("code of %v (-want +got):\n%s", err, diff)
	}
}
