package api

import (
	"context"
	"net/http"

	"github.com/sealcase/sealcase/evidence"
)

// ItemView is an item with the number that people quote, and its case.
type ItemView struct {
	Item          Item   `json:"item"`
	ExhibitNumber string `json:"exhibit_number"`
	Case          Case   `json:"case"`
}

// ItemLog is what happened to an item, in the order of the case's log.
type ItemLog struct {
	Items []LogEntry `json:"items"`
}

type itemsInput struct {
	PageQuery
	Case evidence.CaseID `path:"case"`
}

type itemInput struct {
	Item evidence.ItemID `path:"item"`
}

type findingsInput struct {
	PageQuery
	Item     evidence.ItemID `path:"item"`
	Analyzer string          `query:"analyzer" maxLength:"40" doc:"Only what the analyzer of this name found, without its version; a page may then have fewer than limit, or none, and a next"`
}

type uploadItemInput struct {
	Upload evidence.UploadID `path:"upload"`
}

func (s *Server) evidenceOperations() {
	register(s, op(http.MethodGet, "/cases/{case}/evidence", "list-evidence", "The items of a case, by exhibit number; the cursor is the number of the first exhibit of the page"), s.listItems)
	register(s, op(http.MethodGet, "/evidence/{item}", "get-item", "An item"), s.getItem)
	register(s, op(http.MethodGet, "/evidence/{item}/log", "get-item-log", "What happened to an item"), s.itemLog)
	register(s, text(op(http.MethodGet, "/evidence/{item}/seal", "get-seal", "An item's seal"),
		"application/vnd.dsse.envelope+json", "A DSSE envelope over an in-toto style statement"), s.itemSeal)
	register(s, op(http.MethodGet, "/evidence/{item}/findings", "list-findings", "What analyzers found in an item"), s.findings)
	read := op(http.MethodPost, "/evidence/{item}/tickets", "read-item", "Put on record, signed, that I read an item, and get the ticket that opens its bytes")
	read.DefaultStatus = http.StatusCreated
	register(s, read, s.readItem)
	register(s, s.download(op(http.MethodGet, "/evidence/{item}/content", "get-content", "The bytes of an item, once, with the ticket for them")), s.content)
	register(s, op(http.MethodGet, "/uploads/{upload}/item", "get-receipt", "The item that an upload became"), s.uploadItem)
}

func (s *Server) listItems(ctx context.Context, actor evidence.Actor, in *itemsInput) (*body[Page[Item]], error) {
	page, err := s.Exhibits.Items(ctx, actor, in.Case, string(in.Cursor), int(in.Limit))
	if err != nil {
		return nil, err
	}
	return pageOf(page, itemOf), nil
}

func (s *Server) getItem(ctx context.Context, actor evidence.Actor, in *itemInput) (*body[ItemView], error) {
	item, err := s.Exhibits.Item(ctx, actor, in.Item)
	if err != nil {
		return nil, err
	}
	return s.itemView(ctx, actor, item)
}

func (s *Server) itemView(ctx context.Context, actor evidence.Actor, item evidence.Item) (*body[ItemView], error) {
	c, err := s.Casework.Case(ctx, actor, item.Case)
	if err != nil {
		return nil, err
	}
	return &body[ItemView]{Body: ItemView{Item: itemOf(item), Case: caseOf(c), ExhibitNumber: evidence.ExhibitNumber(c.Number, item.Exhibit)}}, nil
}

func (s *Server) itemLog(ctx context.Context, actor evidence.Actor, in *itemInput) (*body[ItemLog], error) {
	entries, err := s.Exhibits.ItemLog(ctx, actor, in.Item)
	if err != nil {
		return nil, err
	}
	return &body[ItemLog]{Body: ItemLog{Items: each(entries, logEntryOf)}}, nil
}

func (s *Server) itemSeal(ctx context.Context, actor evidence.Actor, in *itemInput) (*textOutput, error) {
	envelope, err := s.Exhibits.ItemSeal(ctx, actor, in.Item)
	if err != nil {
		return nil, err
	}
	return &textOutput{
		ContentType: "application/vnd.dsse.envelope+json", CacheControl: "no-store",
		Disposition: disposition(evidence.FileName(string(in.Item) + ".seal.json")), Body: envelope,
	}, nil
}

func (s *Server) findings(ctx context.Context, actor evidence.Actor, in *findingsInput) (*body[Page[Finding]], error) {
	page, err := s.Exhibits.Findings(ctx, actor, in.Item, in.Analyzer, string(in.Cursor), int(in.Limit))
	if err != nil {
		return nil, err
	}
	return pageOf(page, findingOf), nil
}

// uploadItem is the receipt of an upload that is complete.
func (s *Server) uploadItem(ctx context.Context, actor evidence.Actor, in *uploadItemInput) (*body[ItemView], error) {
	up, err := s.Uploads.Upload(ctx, actor, in.Upload)
	if err != nil {
		return nil, err
	}
	if !up.Complete {
		return nil, evidence.Errorf(evidence.Conflict,
			"The upload is not complete: %d of %d bytes are safe. Resume it there.", up.Offset, up.Length)
	}
	item, err := s.Exhibits.Item(ctx, actor, up.Item)
	if err != nil {
		return nil, err
	}
	return s.itemView(ctx, actor, item)
}
