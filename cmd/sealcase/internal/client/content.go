package client

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"github.com/sealcase/sealcase/evidence"
)

// Content is bytes that are coming.
type Content struct {
	io.ReadCloser
	Offset int64 // where they begin: as asked for, or 0 when the server sends all
}

// ItemContent opens the bytes of an item from offset on. The purpose goes on
// record.
func (c *Client) ItemContent(ctx context.Context, id evidence.ItemID, purpose string, offset int64, digest evidence.Digest) (Content, error) {
	return c.content(ctx, request{path: at("evidence", string(id), "content"), query: url.Values{"purpose": {purpose}}}, offset, digest)
}

// Bundle opens a bundle from offset on.
func (c *Client) Bundle(ctx context.Context, id evidence.DisclosureID, offset int64, digest evidence.Digest) (Content, error) {
	return c.content(ctx, request{path: at("disclosures", string(id), "bundle")}, offset, digest)
}

func (c *Client) content(ctx context.Context, r request, offset int64, digest evidence.Digest) (Content, error) {
	r.method = http.MethodGet
	if offset > 0 {
		r.header = http.Header{
			"Range": {fmt.Sprintf("bytes=%d-", offset)}, "If-Range": {`"` + digest.String() + `"`},
		}
	}
	resp, err := c.send(ctx, r)
	if err != nil {
		return Content{}, err
	}
	if resp.StatusCode != http.StatusPartialContent {
		offset = 0
	}
	return Content{ReadCloser: resp.Body, Offset: offset}, nil
}
