package exhibit

import (
	"context"
	"io"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
)

// RequestEvidence puts on record that actor reads the bytes of an item from
// offset on, length of them (-1: to the end), and returns the ticket that opens
// them: as downloaded when all is asked for, as viewed when a part is. The
// purpose is required.
func (s *Service) RequestEvidence(ctx context.Context, actor evidence.Actor, id evidence.ItemID, purpose string, offset, length int64) (evidence.Ticket, error) {
	it, err := s.item(ctx, actor, id, act.ReadEvidence)
	if err != nil {
		return evidence.Ticket{}, err
	}
	if err := evidence.CheckText("the purpose of reading evidence", purpose, evidence.MaxText, true); err != nil {
		return evidence.Ticket{}, err
	}
	p, err := evidence.SpanOf(it.Length, offset, length)
	if err != nil {
		return evidence.Ticket{}, err
	}
	if _, err := s.objects.Stat(ctx, it.Data); err != nil { // what cannot be read is not read
		return evidence.Ticket{}, err
	}
	var said act.Payload = act.Downloaded{}
	if p.Length != it.Length {
		said = act.Viewed{Offset: p.Offset, Bytes: p.Length}
	}
	e, err := act.New(it.Case, said, s.now(), actor, s.random, func(e *evidence.Entry) {
		e.AboutItem(it)
		e.Purpose = purpose
	})
	if err != nil {
		return evidence.Ticket{}, err
	}
	return s.tickets.Issue(ctx, actor, e, p)
}

// OpenEvidence opens, once, bytes of an item that a ticket is for: length of them
// (-1: to the end) from offset on.
func (s *Service) OpenEvidence(ctx context.Context, actor evidence.Actor, id evidence.ItemID, ticket evidence.EntryID, offset, length int64) (io.ReadCloser, evidence.Item, error) {
	it, err := s.item(ctx, actor, id, act.ReadEvidence)
	if err != nil {
		return nil, evidence.Item{}, err
	}
	e, err := s.tickets.Check(ctx, actor, it.Case, ticket)
	if err != nil {
		return nil, evidence.Item{}, err
	}
	if e.Act != evidence.ActViewed && e.Act != evidence.ActDownloaded || e.Item != it.ID || e.Digest != it.Digest {
		return nil, evidence.Item{}, evidence.NoTicket()
	}
	receipt, err := s.book.Log(it.Case).Entry(ctx, act.ReceivedEntry(it.ID))
	if err != nil {
		return nil, evidence.Item{}, err
	}
	body, err := s.tickets.Open(ctx, e, receipt.Entry, it.Length, offset, length)
	return body, it, err
}

// OpenForAnalysis opens the bytes of an item for an analyzer, which records
// what it did with RecordAnalysis. Only a service may.
func (s *Service) OpenForAnalysis(ctx context.Context, actor evidence.Actor, item evidence.Item) (io.ReadCloser, error) {
	if err := evidence.OnlyService(actor); err != nil {
		return nil, err
	}
	if err := s.OwnData(item); err != nil {
		return nil, err
	}
	return s.objects.Open(ctx, item.Data, 0, -1)
}
