package object

import (
	"context"
	"io"
	"net/http"
	"slices"
	"sync"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/sealcase/sealcase/evidence"
)

// Store keeps objects. It is safe for concurrent use. Every method fails with
// an evidence.Error: Unavailable when the server does not answer, NotFound,
// StorageFull, StorageUnsafe, Conflict or Invalid as each says.
type Store struct {
	core      minio.Core
	transport http.RoundTripper // nil: the standard one
	buckets   evidence.Buckets
	now       func() time.Time
	random    io.Reader

	probing sync.Mutex // held by the one probe that runs
	mu      sync.RWMutex
	verdict error // of the last probe; errNotProbed before the first
}

// Open returns the store after asking for each bucket once. It fails with
// Unavailable when the server does not answer or a bucket is missing. It does
// not probe: see Probe.
func Open(ctx context.Context, config Config) (*Store, error) {
	config = config.withDefaults()
	core, err := config.client()
	if err != nil {
		return nil, err
	}
	s := &Store{
		core: core, transport: config.Transport, buckets: config.Buckets(), now: config.Now, random: config.Random, verdict: errNotProbed,
	}
	if err := s.Health(ctx); err != nil {
		return nil, err
	}
	return s, nil
}

// Health returns nil when the server answers and every bucket is there, and
// Unavailable otherwise. It writes nothing.
func (s *Store) Health(ctx context.Context) error {
	for _, bucket := range append(lockedBuckets(s.buckets), s.buckets.Staging) {
		there, err := s.core.BucketExists(ctx, bucket)
		if err != nil {
			return translate(err, "asking for bucket %s", bucket)
		}
		if !there {
			return missingBucket(bucket, nil)
		}
	}
	return nil
}

// Buckets names where objects go.
func (s *Store) Buckets() evidence.Buckets { return s.buckets }

// locks reports whether objects of the bucket must be born locked.
func (s *Store) locks(bucket string) bool {
	return slices.Contains(lockedBuckets(s.buckets), bucket)
}

// lockedBuckets returns those in which objects are born locked.
func lockedBuckets(b evidence.Buckets) []string { return []string{b.Evidence, b.Bundles, b.Ledger} }

// admit refuses a write that would break the rule of its bucket: only locked
// objects into the locked buckets, and those only while the server keeps its
// word; only unlocked ones into staging.
func (s *Store) admit(ctx context.Context, to evidence.ObjectRef, lock evidence.Lock) error {
	switch {
	case to.Key == "":
		return evidence.Errorf(evidence.Invalid, "an object needs a key")
	case to.Version != "":
		return evidence.Errorf(evidence.Invalid, "a stored version cannot be written again; name the object without one")
	case s.locks(to.Bucket):
		if lock.Until.IsZero() {
			return evidence.Errorf(evidence.Invalid, "an object in %s must be born locked until some time", to.Bucket)
		}
		return s.Writable(ctx)
	case to.Bucket == s.buckets.Staging:
		if !lock.IsZero() {
			return evidence.Errorf(evidence.Invalid, "an object in %s cannot be locked", to.Bucket)
		}
		return nil
	default:
		return evidence.Errorf(evidence.Invalid, "%q is not a bucket of ours", to.Bucket)
	}
}
