package exhibit

import (
	"context"
	"io"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/logbook"
)

// ticketTime is how long a ticket opens bytes. It is for the request that comes
// next, not for keeping.
const ticketTime = 5 * time.Minute

// Tickets put reads of stored bytes on record, and open the bytes once.
type Tickets struct {
	book     *logbook.Book
	clerk    Clerk
	exhibits *Exhibits
	store    TicketStore
	clock    func() time.Time
}

// TicketStore keeps which tickets were used. It only keeps one from being used
// twice: what a ticket opens, and for whom, the log says.
type TicketStore interface {
	AddRedemption(ctx context.Context, ticket evidence.EntryID) (added bool, err error)
}

// saidPart returns the part of size bytes that an entry is about.
func saidPart(e evidence.Entry, size int64) (evidence.Span, error) {
	switch e.Act {
	case evidence.ActViewed:
		if p, err := act.Read[act.Viewed](e); err == nil && p.Bytes >= 0 {
			return evidence.SpanOf(size, p.Offset, p.Bytes)
		}
	case evidence.ActDownloaded:
		return evidence.Span{Length: size}, nil
	case evidence.ActFetched:
		if p, err := act.Read[act.Fetched](e); err == nil && p.Offset == nil {
			return evidence.Span{Length: size}, nil
		} else if err == nil && p.Bytes != nil && *p.Bytes >= 0 {
			return evidence.SpanOf(size, *p.Offset, *p.Bytes)
		}
	}
	return evidence.Span{}, evidence.NoTicket()
}

// Issue puts a read on record and returns the ticket for it.
func (s *Tickets) Issue(ctx context.Context, actor evidence.Actor, e evidence.Entry, p evidence.Span) (evidence.Ticket, error) {
	recorded, err := s.clerk.PutOnRecord(ctx, actor, e)
	if err != nil {
		return evidence.Ticket{}, err
	}
	return evidence.Ticket{
		Entry: recorded[0].Entry.ID, Offset: p.Offset, Length: p.Length,
		Until: evidence.At(recorded[0].Entry.At.Time().Add(ticketTime)),
	}, nil
}

// Check returns the entry that a ticket names in a case, when it is a read
// by actor of now. What the entry is about is for the caller to compare. An entry
// that others put into the registry counts when its actor signed it; this process
// then sees to it that a head is signed over it, as over one of its own.
func (s *Tickets) Check(ctx context.Context, actor evidence.Actor, c evidence.CaseID, id evidence.EntryID) (evidence.Entry, error) {
	l := s.book.Log(c)
	e, err := l.Entry(ctx, id)
	switch evidence.CodeOf(err) {
	case "":
	case evidence.NotFound, evidence.Conflict:
		return evidence.Entry{}, evidence.NoTicket()
	default:
		return evidence.Entry{}, err
	}
	if e.Entry.Actor.ID != actor.ID || e.Entry.Actor.Service {
		return evidence.Entry{}, evidence.NoTicket()
	}
	if err := l.Check(ctx, e.Index+1); err != nil {
		return evidence.Entry{}, err
	}
	if age := s.clock().Sub(e.Entry.At.Time()); age > ticketTime || -age > logbook.ClockLimit {
		return evidence.Entry{}, evidence.Errorf(evidence.Conflict, "this ticket has run out; it was good for %s from %s. No byte was read: ask for another, which goes on record as well", ticketTime, e.Entry.At)
	}
	l.SignSoon()
	return e.Entry, nil
}

// redeem uses a ticket up. It fails with Conflict when it was used, by whichever
// process. Whoever takes the record of that away lets the same person read the
// same bytes again while the ticket lasts, and nobody else anything.
func (s *Tickets) redeem(ctx context.Context, id evidence.EntryID) error {
	added, err := s.store.AddRedemption(ctx, id)
	if err == nil && !added {
		err = evidence.Errorf(evidence.Conflict, "this ticket was used; each opens the bytes once. No byte was read: ask for another, which goes on record as well")
	}
	return err
}

// within returns nil when the bytes asked for are among those of a ticket.
func within(p, ticket evidence.Span) error {
	if p.Offset < ticket.Offset || p.Offset+p.Length > ticket.Offset+ticket.Length {
		return evidence.Errorf(evidence.Invalid, "this ticket is for %d bytes from %d on, and no others; ask for that range, or for another ticket", ticket.Length, ticket.Offset)
	}
	return nil
}

// Open opens bytes of the object of size bytes that an entry names, for which
// the entry of a ticket is, and uses the ticket up.
func (s *Tickets) Open(ctx context.Context, e, names evidence.Entry, size, offset, length int64) (io.ReadCloser, error) {
	may, err := saidPart(e, size)
	if err != nil {
		return nil, err
	}
	p, err := evidence.SpanOf(size, offset, length)
	if err != nil {
		return nil, err
	}
	if err := within(p, may); err != nil {
		return nil, err
	}
	body, err := s.exhibits.OpenNamed(ctx, names, p.Offset, p.Length)
	if err != nil {
		return nil, err
	}
	if err := s.redeem(ctx, e.ID); err != nil {
		body.Close()
		return nil, err
	}
	return body, nil
}
