package client

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/evidence"
)

// Verify has an item's stored bytes hashed again, and waits for the outcome.
func (c *Client) Verify(ctx context.Context, id evidence.ItemID) (api.Verification, error) {
	var r api.VerificationRequest
	for {
		var raw []byte
		resp, err := c.call(ctx, request{method: http.MethodPost, path: at("evidence", string(id), "verifications"), in: r}, &raw)
		if err != nil {
			return api.Verification{}, err
		}
		if resp.StatusCode == http.StatusOK {
			var v api.Verification
			return v, decode(c.base, raw, &v)
		}
		var pending api.VerificationPending
		if err := decode(c.base, raw, &pending); err != nil {
			return api.Verification{}, err
		}
		r.Request = pending.Request // the server has waited: ask again at once
	}
}

func decode(server string, raw []byte, out any) error {
	if err := json.Unmarshal(raw, out); err != nil {
		return evidence.WrapError(evidence.Malformed, err, "the answer of %s is not one of Sealcase", server)
	}
	return nil
}
