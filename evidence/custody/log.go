package custody

import (
	"context"
	"iter"

	"github.com/sealcase/sealcase/evidence"
)

// LogPage returns at most limit (up to 256) entries of a case's log from index
// from on, and the size of the log.
func (s *Service) LogPage(ctx context.Context, actor evidence.Actor, c evidence.CaseID, from int64, limit int) ([]evidence.LogEntry, int64, error) {
	return nil, 0, errSoon
}

// Checkpoint returns the signed head of a case's log, a note (package ledger)
// that covers every entry acknowledged before the call. It fails with Sealed
// when nothing can be signed.
func (s *Service) Checkpoint(ctx context.Context, actor evidence.Actor, c evidence.CaseID) ([]byte, error) {
	return nil, errSoon
}

// Keys returns the public keys of checkpoints and seals, every version. They
// are public; no actor is needed.
func (s *Service) Keys(ctx context.Context) ([]evidence.PublicKey, error) { return nil, errSoon }

// Watch yields the entries of a case's log after index after (-1: from the
// first), then each new one as it comes, until ctx ends. Entries of other
// processes show within about two seconds.
func (s *Service) Watch(ctx context.Context, actor evidence.Actor, c evidence.CaseID, after int64) (iter.Seq2[evidence.LogEntry, error], error) {
	return nil, errSoon
}
