package vault

import (
	"context"
	"net/http"
	"time"

	"github.com/hashicorp/vault/api"

	"github.com/sealcase/sealcase/evidence"
)

// Client asks Vault on behalf of one process of ours. It is safe for concurrent
// use. Every method fails with an evidence.Error: Sealed while Vault is sealed,
// Unavailable while it does not answer, and what each method says.
type Client struct {
	api    *api.Client // without a token
	layout Layout
	origin string
	now    func() time.Time
	own    *ownToken
	people *directory
	rings  keyrings
}

// New returns a client. It does not talk to Vault yet, so that a process starts
// while Vault is sealed; Health says whether it is.
func New(config Config) (*Client, error) {
	if err := checkOrigin(config.Origin); err != nil {
		return nil, err
	}
	client, err := newAPI(config.Address, config.Transport)
	if err != nil {
		return nil, err
	}
	if config.Now == nil {
		config.Now = time.Now
	}
	c := &Client{api: client, layout: config.Layout.orDefault(), origin: config.Origin, now: config.Now}
	c.own = newOwnToken(c, config.Service, config.As)
	c.people = newDirectory(config.Now)
	return c, nil
}

// Health returns nil when Vault is open and lets this process in, Sealed when
// it is sealed, Invalid when what this process signs in with is another
// process's, and Unavailable otherwise.
func (c *Client) Health(ctx context.Context) error {
	health, err := c.api.Sys().HealthWithContext(ctx)
	switch {
	case err != nil:
		return translate(err, "asking for the health of Vault")
	case !health.Initialized:
		return evidence.Errorf(evidence.Unavailable, "Vault is not initialised. The administrator does that first.")
	case health.Sealed:
		return evidence.Errorf(evidence.Sealed, messageSealed)
	}
	_, err = c.own.token(ctx)
	return err
}

// Close gives this process's own token back.
func (c *Client) Close(ctx context.Context) error {
	token := c.own.forget("")
	if token == "" {
		return nil
	}
	return c.Logout(ctx, token)
}

// with returns a client that shows token.
func (c *Client) with(token string) *api.Client {
	return c.api.WithRequestCallbacks(func(r *api.Request) { r.ClientToken = token })
}

// asService does something with this process's own token. Where Vault refuses
// it because the token has ended (it was revoked, or Vault lost it), it signs in
// again and tries once more; a refusal for lack of rights stays one.
func (c *Client) asService(ctx context.Context, do func(*api.Client) error) error {
	token, err := c.own.token(ctx)
	if err != nil {
		return err
	}
	err = do(c.with(token))
	if statusOf(err) != http.StatusForbidden {
		return err
	}
	if _, lookupErr := c.with(token).Auth().Token().LookupSelfWithContext(ctx); statusOf(lookupErr) != http.StatusForbidden {
		return err
	}
	c.own.forget(token)
	if token, err = c.own.token(ctx); err != nil {
		return err
	}
	return do(c.with(token))
}
