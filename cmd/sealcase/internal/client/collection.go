package client

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/evidence"
)

// Collection is an exhibit of many files on the server.
type Collection struct {
	client *Client
	item   evidence.ItemID
}

// Collection returns the calls about the members of an exhibit.
func (c *Client) Collection(id evidence.ItemID) Collection { return Collection{c, id} }

// Member opens the bytes of a member of a collection. The read goes on record
// first, with the member's path and the purpose.
func (c Collection) Member(ctx context.Context, index int64, purpose string, digest evidence.Digest) (Content, error) {
	ticket, err := post[api.Ticket](ctx, c.client, "", api.ReadRequest{Purpose: purpose}, "evidence", string(c.item), "members", strconv.FormatInt(index, 10), "tickets")
	if err != nil {
		return Content{}, err
	}
	if ticket.Length == 0 { // there is no range of no bytes
		return Content{ReadCloser: io.NopCloser(strings.NewReader(""))}, nil
	}
	r := request{method: http.MethodGet, path: at("evidence", string(c.item), "content"), query: url.Values{"ticket": {string(ticket.Ticket)}}}
	r.header = http.Header{"Range": {fmt.Sprintf("bytes=%d-%d", ticket.Offset, ticket.Offset+ticket.Length-1)}}
	resp, err := c.client.send(ctx, r)
	if err != nil {
		return Content{}, err
	}
	if resp.StatusCode != http.StatusPartialContent {
		resp.Body.Close()
		return Content{}, evidence.Errorf(evidence.Malformed, "the server did not send the part that was asked for")
	}
	return Content{ReadCloser: resp.Body}, nil
}

// Members returns a page of what is in a collection.
func (c Collection) Members(ctx context.Context, filter, cursor string, limit int) (api.Page[api.CollectionMember], error) {
	q := pageQuery(cursor, limit)
	if filter != "" {
		q.Set("filter", filter)
	}
	return get[api.Page[api.CollectionMember]](ctx, c.client, q, "evidence", string(c.item), "members")
}

// Proof returns the proof that a member is of a collection.
func (c Collection) Proof(ctx context.Context, index int64) ([]byte, error) {
	return get[[]byte](ctx, c.client, nil, "evidence", string(c.item), "members", strconv.FormatInt(index, 10), "proof")
}
