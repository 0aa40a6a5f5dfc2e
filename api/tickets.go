package api

import (
	"context"

	"github.com/danielgtaylor/huma/v2"

	"github.com/sealcase/sealcase/evidence"
)

// Part is a number of consecutive bytes; all of them when nothing is said.
type Part struct {
	Offset int64  `json:"offset,omitempty" minimum:"0" doc:"Of the first byte wanted, from 0"`
	Length *int64 `json:"length,omitempty" minimum:"0" doc:"How many bytes; to the end when absent"`
}

// asked returns the part as custody counts it: -1 for to the end.
func (p Part) asked() (offset, length int64) {
	if p.Length == nil {
		return p.Offset, -1
	}
	return p.Offset, *p.Length
}

// ReadRequest says why an item is read.
type ReadRequest struct {
	Part
	Purpose string `json:"purpose" minLength:"1" doc:"Why the bytes are read; goes on record"`
}

// Ticket opens, once, the bytes that its holder has said, on record, to read. It
// is for one continuous read: whoever is cut off asks for another ticket, with
// the offset to go on from.
type Ticket struct {
	Ticket evidence.EntryID `json:"ticket" doc:"The entry that records the read"`
	Offset int64            `json:"offset"`
	Length int64            `json:"length"`
	Until  evidence.Instant `json:"until" doc:"It opens nothing after this"`
}

func ticketOf(t evidence.Ticket) *body[Ticket] {
	return &body[Ticket]{Body: Ticket{Ticket: t.Entry, Offset: t.Offset, Length: t.Length, Until: t.Until}}
}

type readInput struct {
	Item evidence.ItemID `path:"item"`
	Body ReadRequest
}

type fetchInput struct {
	Disclosure evidence.DisclosureID `path:"disclosure"`
	Body       Part
}

// TicketQuery asks for the bytes of a ticket. A ticket for a part is used with a
// Range: an answer without one is always the whole (RFC 9110 section 14.2).
type TicketQuery struct {
	RangeHeaders
	Ticket evidence.EntryID `query:"ticket" required:"true" doc:"From a POST to tickets; for a part, Range must ask for it or for some of it"`
}

type contentInput struct {
	TicketQuery
	Item evidence.ItemID `path:"item"`
}

type bundleInput struct {
	TicketQuery
	Disclosure evidence.DisclosureID `path:"disclosure"`
}

func (s *Server) readItem(ctx context.Context, actor evidence.Actor, in *readInput) (*body[Ticket], error) {
	offset, length := in.Body.asked()
	t, err := s.Exhibits.RequestEvidence(ctx, actor, in.Item, in.Body.Purpose, offset, length)
	if err != nil {
		return nil, err
	}
	return ticketOf(t), nil
}

func (s *Server) fetchBundle(ctx context.Context, actor evidence.Actor, in *fetchInput) (*body[Ticket], error) {
	offset, length := in.Body.asked()
	t, err := s.Bundles.RequestBundle(ctx, actor, in.Disclosure, offset, length)
	if err != nil {
		return nil, err
	}
	return ticketOf(t), nil
}

func (s *Server) content(ctx context.Context, actor evidence.Actor, in *contentInput) (*huma.StreamResponse, error) {
	item, err := s.Exhibits.Item(ctx, actor, in.Item)
	if err != nil {
		return nil, err
	}
	span, err := in.span(item.Length, item.Digest)
	if err != nil {
		return nil, err
	}
	content, item, err := s.Exhibits.OpenEvidence(ctx, actor, in.Item, in.Ticket, span.offset, span.length)
	if err != nil {
		return nil, err
	}
	return s.send(span, delivery{name: item.Name, digest: item.Digest, content: content}), nil
}

func (s *Server) bundle(ctx context.Context, actor evidence.Actor, in *bundleInput) (*huma.StreamResponse, error) {
	d, err := s.Bundles.Disclosure(ctx, actor, in.Disclosure)
	if err != nil {
		return nil, err
	}
	if d.State != evidence.DisclosureReady {
		return nil, evidence.Errorf(evidence.Conflict, "The bundle is not ready: it is %s. Look again in a moment.", d.State)
	}
	span, err := in.span(d.Length, d.Digest)
	if err != nil {
		return nil, err
	}
	content, d, err := s.Bundles.OpenBundle(ctx, actor, in.Disclosure, in.Ticket, span.offset, span.length)
	if err != nil {
		return nil, err
	}
	return s.send(span, delivery{name: evidence.FileName(string(d.ID) + ".zip"), digest: d.Digest, content: content}), nil
}
