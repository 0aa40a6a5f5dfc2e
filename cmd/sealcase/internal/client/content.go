package client

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/evidence"
)

// Content is bytes that are coming.
type Content struct {
	io.ReadCloser
	Offset int64 // where they begin: as asked for, or 0 when the server sends all
}

// ItemContent opens the bytes of an item from offset on. The read goes on record
// first, with its purpose.
func (c *Client) ItemContent(ctx context.Context, id evidence.ItemID, purpose string, offset int64, digest evidence.Digest) (Content, error) {
	ticket, err := post[api.Ticket](ctx, c, "", api.ReadRequest{Part: api.Part{Offset: offset}, Purpose: purpose}, "evidence", string(id), "tickets")
	if err != nil {
		return Content{}, err
	}
	return c.content(ctx, at("evidence", string(id), "content"), ticket, digest)
}

// Bundle opens a bundle from offset on. That it is fetched goes on record first.
func (c *Client) Bundle(ctx context.Context, id evidence.DisclosureID, offset int64, digest evidence.Digest) (Content, error) {
	ticket, err := post[api.Ticket](ctx, c, "", api.Part{Offset: offset}, "disclosures", string(id), "tickets")
	if err != nil {
		return Content{}, err
	}
	return c.content(ctx, at("disclosures", string(id), "bundle"), ticket, digest)
}

// content opens what a ticket is for.
func (c *Client) content(ctx context.Context, path string, ticket api.Ticket, digest evidence.Digest) (Content, error) {
	r := request{method: http.MethodGet, path: path, query: url.Values{"ticket": {string(ticket.Ticket)}}}
	if ticket.Offset > 0 {
		r.header = http.Header{
			"Range": {fmt.Sprintf("bytes=%d-", ticket.Offset)}, "If-Range": {`"` + digest.String() + `"`},
		}
	}
	resp, err := c.send(ctx, r)
	if err != nil {
		return Content{}, err
	}
	offset := ticket.Offset
	if resp.StatusCode != http.StatusPartialContent {
		offset = 0
	}
	return Content{ReadCloser: resp.Body, Offset: offset}, nil
}
