package custody

import (
	"context"
	"io"

	"github.com/sealcase/sealcase/evidence"
)

// ReadProgress is told, while stored bytes are hashed, how many were read and
// the state from which the hashing can be resumed by another process.
type ReadProgress func(state []byte, read int64)

// ReadBack hashes what is stored for an item, from resume on (nil: from the
// beginning), and returns the digest and the number of bytes that storage gave
// in all. progress may be nil. Only a service may.
func (s *Service) ReadBack(ctx context.Context, actor evidence.Actor, item evidence.Item, resume []byte, progress ReadProgress) (evidence.Digest, int64, error) {
	return evidence.Digest{}, 0, errSoon
}

// SealItems seals items that were read back and are equal: one signature
// request for all, the seals stored and locked beside the data, an entry each.
// It returns the items as they are now. Idempotent; only a service may.
func (s *Service) SealItems(ctx context.Context, actor evidence.Actor, items []evidence.Item) ([]evidence.Item, error) {
	return nil, errSoon
}

// Quarantine sets an item apart whose stored bytes are not what was received.
// Idempotent; only a service may.
func (s *Service) Quarantine(ctx context.Context, actor evidence.Actor, item evidence.Item, observed evidence.Digest, read int64) (evidence.Item, error) {
	return evidence.Item{}, errSoon
}

// OpenForAnalysis opens the bytes of an item for an analyzer, which records
// what it did with RecordAnalysis. Only a service may.
func (s *Service) OpenForAnalysis(ctx context.Context, actor evidence.Actor, item evidence.Item) (io.ReadCloser, error) {
	return nil, errSoon
}
