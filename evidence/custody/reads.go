package custody

import (
	"context"
	"io"
	"strconv"

	"github.com/sealcase/sealcase/evidence"
)

// OpenEvidence opens the bytes of an item from offset on, length of them (-1:
// to the end). The purpose is required and goes on record before the first
// byte: as downloaded when all is asked for, as viewed when a part is.
func (s *Service) OpenEvidence(ctx context.Context, actor evidence.Actor, id evidence.ItemID, purpose string, offset, length int64) (io.ReadCloser, evidence.Item, error) {
	it, err := s.item(ctx, actor, id, readEvidence)
	if err != nil {
		return nil, evidence.Item{}, err
	}
	if err := s.onRecord(ctx, it); err != nil {
		return nil, evidence.Item{}, err
	}
	if err := evidence.CheckText("the purpose of reading evidence", purpose, evidence.MaxText, true); err != nil {
		return nil, evidence.Item{}, err
	}
	if offset < 0 || offset > it.Length {
		return nil, evidence.Item{}, evidence.Errorf(evidence.Invalid, "the item has %d bytes; there is none at %d", it.Length, offset)
	}
	if length < 0 || length > it.Length-offset {
		length = it.Length - offset
	}
	body, err := s.objects.Open(ctx, it.Data, offset, length)
	if err != nil {
		return nil, evidence.Item{}, err
	}
	if err := s.recordRead(ctx, actor, it, purpose, offset, length); err != nil {
		body.Close()
		return nil, evidence.Item{}, err
	}
	return body, it, nil
}

func (s *Service) recordRead(ctx context.Context, actor evidence.Actor, it evidence.Item, purpose string, offset, length int64) error {
	act := evidence.ActViewed
	if length == it.Length {
		act = evidence.ActDownloaded
	}
	e, err := s.entryNow(it.Case, act, actor)
	if err != nil {
		return err
	}
	e.AboutItem(it)
	e.Purpose = purpose
	if act == evidence.ActViewed {
		e.Details = map[string]string{"offset": strconv.FormatInt(offset, 10), "bytes": strconv.FormatInt(length, 10)}
	}
	_, err = s.record(ctx, actor, e)
	return err
}

// OpenForAnalysis opens the bytes of an item for an analyzer, which records
// what it did with RecordAnalysis. Only a service may.
func (s *Service) OpenForAnalysis(ctx context.Context, actor evidence.Actor, item evidence.Item) (io.ReadCloser, error) {
	if err := onlyService(actor); err != nil {
		return nil, err
	}
	return s.objects.Open(ctx, item.Data, 0, -1)
}
