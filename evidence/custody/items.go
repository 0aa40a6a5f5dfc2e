package custody

import (
	"context"
	"io"

	"github.com/sealcase/sealcase/evidence"
)

// Items returns the items of a case by exhibit number, from cursor (an exhibit
// number; "" for the first) on.
func (s *Service) Items(ctx context.Context, actor evidence.Actor, c evidence.CaseID, cursor string, limit int) (Page[evidence.Item], error) {
	return Page[evidence.Item]{}, errSoon
}

// Item returns an item as it stands.
func (s *Service) Item(ctx context.Context, actor evidence.Actor, id evidence.ItemID) (evidence.Item, error) {
	return evidence.Item{}, errSoon
}

// ItemLog returns the entries about an item, in the order of the log.
func (s *Service) ItemLog(ctx context.Context, actor evidence.Actor, id evidence.ItemID) ([]evidence.LogEntry, error) {
	return nil, errSoon
}

// ItemSeal returns the item's seal, a DSSE envelope (package seal). An item
// that is not sealed has none: Conflict.
func (s *Service) ItemSeal(ctx context.Context, actor evidence.Actor, id evidence.ItemID) ([]byte, error) {
	return nil, errSoon
}

// OpenEvidence opens the bytes of an item from offset on, length of them (-1:
// to the end). The purpose is required and goes on record before the first
// byte: as downloaded when all is asked for, as viewed when a part is.
func (s *Service) OpenEvidence(ctx context.Context, actor evidence.Actor, id evidence.ItemID, purpose string, offset, length int64) (io.ReadCloser, evidence.Item, error) {
	return nil, evidence.Item{}, errSoon
}

// VerifyItem hashes the stored bytes again and checks the seal; the outcome is
// on record, good or bad. resume and progress are as for ReadBack.
func (s *Service) VerifyItem(ctx context.Context, actor evidence.Actor, id evidence.ItemID, resume []byte, progress ReadProgress) (evidence.Verification, error) {
	return evidence.Verification{}, errSoon
}

// ExtendLocks keeps the data and seals of items locked until at least until.
// One entry a case when something moved. Only a service may.
func (s *Service) ExtendLocks(ctx context.Context, actor evidence.Actor, items []evidence.Item, until evidence.Instant) error {
	return errSoon
}
