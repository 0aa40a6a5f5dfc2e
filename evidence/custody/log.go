package custody

import (
	"context"
	"iter"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
)

// LogPage returns at most limit (up to evidence.MaxPage) entries of a case's log from index
// from on, and the size of the log.
func (s *Service) LogPage(ctx context.Context, actor evidence.Actor, c evidence.CaseID, from int64, limit int) ([]evidence.LogEntry, int64, error) {
	if err := s.clerk.Allow(ctx, actor, c, act.SeeCase, "case"); err != nil {
		return nil, 0, err
	}
	if from < 0 {
		return nil, 0, evidence.Errorf(evidence.Invalid, "the log is counted from 0")
	}
	h, err := s.book.Log(c).Head(ctx, 0)
	if err != nil {
		return nil, 0, err
	}
	list, err := s.book.Log(c).Entries(ctx, from, min(h.Size, from+int64(evidence.PageLimit(limit))))
	return list, h.Size, err
}

// Watch yields the entries of a case's log after index after (-1: from the
// first), then each new one as it comes, until ctx ends. Entries of other
// processes show within about two seconds.
func (s *Service) Watch(ctx context.Context, actor evidence.Actor, c evidence.CaseID, after int64) (iter.Seq2[evidence.LogEntry, error], error) {
	if err := s.clerk.Allow(ctx, actor, c, act.SeeCase, "case"); err != nil {
		return nil, err
	}
	return s.book.Log(c).Watch(ctx, after), nil
}

// Checkpoint returns the signed head of a case's log, a note (package ledger)
// that covers every entry acknowledged before the call. It fails with Sealed
// when nothing can be signed; the entries stay on record.
func (s *Service) Checkpoint(ctx context.Context, actor evidence.Actor, c evidence.CaseID) ([]byte, error) {
	if err := s.clerk.Allow(ctx, actor, c, act.SeeCase, "case"); err != nil {
		return nil, err
	}
	h, err := s.book.Log(c).Checkpoint(ctx)
	return h.Note, err
}

// Follow takes in what other processes recorded of a case before the call. It
// tells nothing of it.
func (s *Service) Follow(ctx context.Context, c evidence.CaseID) error {
	_, err := s.book.Log(c).Head(ctx, 0)
	return err
}
