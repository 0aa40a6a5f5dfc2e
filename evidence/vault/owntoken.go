package vault

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/hashicorp/vault/api"

	"github.com/sealcase/sealcase/evidence"
)

// ownToken is this process's own token. It signs in when one is needed, and
// again when two thirds of the token's life are over: that takes one request,
// as renewing would, and has no end.
type ownToken struct {
	client  *Client
	role    AppRole
	as      string        // which process this is; empty: any
	signing chan struct{} // holds one place: one sign-in at a time

	mu      sync.Mutex
	current string
	until   time.Time // when to sign in again
}

func newOwnToken(c *Client, role AppRole, as string) *ownToken {
	return &ownToken{client: c, role: role, as: as, signing: make(chan struct{}, 1)}
}

// token returns a token that is good for now as far as we know.
func (o *ownToken) token(ctx context.Context) (string, error) {
	if token := o.known(); token != "" {
		return token, nil
	}
	select {
	case o.signing <- struct{}{}:
		defer func() { <-o.signing }()
	case <-ctx.Done():
		return "", translate(ctx.Err(), "waiting to sign in to Vault")
	}
	if token := o.known(); token != "" { // somebody else signed in meanwhile
		return token, nil
	}
	return o.signIn(ctx)
}

func (o *ownToken) known() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.client.now().Before(o.until) {
		return o.current
	}
	return ""
}

func (o *ownToken) signIn(ctx context.Context) (string, error) {
	begun := o.client.now()
	secret, err := o.client.api.Logical().WriteWithContext(ctx, "auth/"+o.client.layout.Services+"/login",
		map[string]any{"role_id": o.role.RoleID, "secret_id": o.role.SecretID})
	switch status := statusOf(err); {
	case status == http.StatusBadRequest || status == http.StatusForbidden || status == http.StatusNotFound:
		return "", evidence.WrapError(evidence.Unavailable, err,
			"Vault does not let this program in. The administrator runs bootstrap and gives it the role ID and secret ID anew.")
	case err != nil:
		return "", translate(err, "signing in to Vault")
	case secret == nil || secret.Auth == nil:
		return "", evidence.Errorf(evidence.Unavailable, "Vault answered a sign-in without a token.")
	}
	if err := o.mine(ctx, secret.Auth); err != nil {
		return "", err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	o.current, o.until = secret.Auth.ClientToken, begun.Add(life(secret.Auth)*2/3)
	return o.current, nil
}

// mine returns nil when Vault let this process in as itself. A token of another
// process is given back.
func (o *ownToken) mine(ctx context.Context, auth *api.SecretAuth) error {
	is := strings.TrimPrefix(auth.Metadata["role_name"], o.client.layout.Policies)
	if o.as == "" || is == o.as {
		return nil
	}
	refused := evidence.Errorf(evidence.Invalid,
		"This process is the %s, and was given the credentials of the %s. Give each process its own file, as sealcase bootstrap wrote it, and no other.", o.as, is)
	return errors.Join(refused, o.client.Logout(ctx, auth.ClientToken))
}

// forget drops the token, or whichever there is when token is empty, and
// returns what was dropped.
func (o *ownToken) forget(token string) string {
	o.mu.Lock()
	defer o.mu.Unlock()
	if token != "" && token != o.current {
		return "" // somebody else signed in again already
	}
	dropped := o.current
	o.current, o.until = "", time.Time{}
	return dropped
}

func life(auth *api.SecretAuth) time.Duration { return time.Duration(auth.LeaseDuration) * time.Second }
