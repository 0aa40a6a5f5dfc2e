package custody

import (
	"context"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/logbook"
)

// ticketTime is how long a ticket opens bytes. It is for the request that comes
// next, not for keeping.
const ticketTime = 5 * time.Minute

// Ticket opens bytes once. Whoever wants to read bytes first puts the read on
// record, signed, and gets a ticket for exactly that read. The ticket is the
// identifier of the entry, and what it opens is what the entry says: nothing is
// kept of it anywhere else, and nobody else can use it.
type Ticket struct {
	Entry  evidence.EntryID
	Offset int64 // of the first byte that it opens
	Length int64 // in bytes
	Until  evidence.Instant
}

// part is a number of consecutive bytes of a whole.
type part struct{ offset, length int64 }

// partOf returns length bytes (-1: to the end) from offset on of what has size
// bytes. It fails with Invalid when it begins after the end.
func partOf(size, offset, length int64) (part, error) {
	if offset < 0 || offset > size {
		return part{}, evidence.Errorf(evidence.Invalid, "there are %d bytes; there is none at %d", size, offset)
	}
	if length < 0 || length > size-offset {
		length = size - offset
	}
	return part{offset, length}, nil
}

// saidPart returns the part of size bytes that an entry is about.
func saidPart(e evidence.Entry, size int64) (part, error) {
	switch e.Act {
	case evidence.ActViewed:
		if p, err := act.Read[act.Viewed](e); err == nil && p.Bytes >= 0 {
			return partOf(size, p.Offset, p.Bytes)
		}
	case evidence.ActDownloaded:
		return part{0, size}, nil
	case evidence.ActFetched:
		if p, err := act.Read[act.Fetched](e); err == nil && p.Offset == nil {
			return part{0, size}, nil
		} else if err == nil && p.Bytes != nil && *p.Bytes >= 0 {
			return partOf(size, *p.Offset, *p.Bytes)
		}
	}
	return part{}, noTicket()
}

// recordRead puts a read on record and returns the ticket for it.
func (s *Service) recordRead(ctx context.Context, actor evidence.Actor, e evidence.Entry, p part) (Ticket, error) {
	recorded, err := s.PutOnRecord(ctx, actor, e)
	if err != nil {
		return Ticket{}, err
	}
	return Ticket{
		Entry: recorded[0].Entry.ID, Offset: p.offset, Length: p.length,
		Until: evidence.At(recorded[0].Entry.At.Time().Add(ticketTime)),
	}, nil
}

// checkTicket returns the entry that a ticket names in a case, when it is a read
// by actor of now. What the entry is about is for the caller to compare. An entry
// that others put into the registry counts when its actor signed it; this process
// then sees to it that a head is signed over it, as over one of its own.
func (s *Service) checkTicket(ctx context.Context, actor evidence.Actor, c evidence.CaseID, id evidence.EntryID) (evidence.Entry, error) {
	l := s.book.Log(c)
	e, err := l.Entry(ctx, id)
	switch evidence.CodeOf(err) {
	case "":
	case evidence.NotFound, evidence.Conflict:
		return evidence.Entry{}, noTicket()
	default:
		return evidence.Entry{}, err
	}
	if e.Entry.Actor.ID != actor.ID || e.Entry.Actor.Service {
		return evidence.Entry{}, noTicket()
	}
	if err := l.Check(ctx, e.Index+1); err != nil {
		return evidence.Entry{}, err
	}
	if age := s.now().Time().Sub(e.Entry.At.Time()); age > ticketTime || -age > logbook.ClockLimit {
		return evidence.Entry{}, evidence.Errorf(evidence.Conflict, "this ticket has run out; it was good for %s from %s. No byte was read: ask for another, which goes on record as well", ticketTime, e.Entry.At)
	}
	l.SignSoon()
	return e.Entry, nil
}

// redeem uses a ticket up. It fails with Conflict when it was used, by whichever
// process. Whoever takes the record of that away lets the same person read the
// same bytes again while the ticket lasts, and nobody else anything.
func (s *Service) redeem(ctx context.Context, id evidence.EntryID) error {
	added, err := s.registry.AddRedemption(ctx, id)
	if err == nil && !added {
		err = evidence.Errorf(evidence.Conflict, "this ticket was used; each opens the bytes once. No byte was read: ask for another, which goes on record as well")
	}
	return err
}

// within returns nil when the bytes asked for are among those of a ticket.
func (p part) within(ticket part) error {
	if p.offset < ticket.offset || p.offset+p.length > ticket.offset+ticket.length {
		return evidence.Errorf(evidence.Invalid, "this ticket is for %d bytes from %d on, and no others; ask for that range, or for another ticket", ticket.length, ticket.offset)
	}
	return nil
}

// noTicket is what anybody hears of a ticket that does not exist and of one that
// is for something or somebody else.
func noTicket() error {
	return evidence.Errorf(evidence.NotFound, "there is no such ticket for you here; no byte was read: ask for one")
}
