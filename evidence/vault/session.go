package vault

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/vault/api"

	"github.com/sealcase/sealcase/evidence"
)

// maxSecret is the longest password or token that is sent to Vault, in bytes.
const maxSecret = 4096

// Session is somebody signed in. Its token is a secret: it is shown by nothing
// that prints or logs a Session.
type Session struct {
	Token   string
	Person  evidence.Person
	Expires time.Time // zero: never
}

// String returns the session without its token.
func (s Session) String() string { return "session of " + s.Person.Login }

// GoString returns the session without its token.
func (s Session) GoString() string { return s.String() }

// LogValue returns the session without its token.
func (s Session) LogValue() slog.Value { return slog.StringValue(s.String()) }

// Login signs somebody in. Unauthenticated, with one and the same message,
// means that the login does not exist, that the password is wrong, or that the
// account is locked after too many attempts.
func (c *Client) Login(ctx context.Context, login, password string) (Session, error) {
	login = strings.ToLower(login)
	if !validLogin(login) || password == "" || len(password) > maxSecret {
		return Session{}, evidence.Errorf(evidence.Unauthenticated, messageNoLogin)
	}
	begun := c.now()
	secret, err := c.api.Logical().WriteWithContext(ctx, "auth/"+c.layout.People+"/login/"+login, map[string]any{"password": password})
	switch status := statusOf(err); {
	case status == http.StatusBadRequest || status == http.StatusForbidden:
		return Session{}, evidence.WrapError(evidence.Unauthenticated, err, messageNoLogin)
	case err != nil:
		return Session{}, translate(err, "signing somebody in")
	case secret == nil || secret.Auth == nil:
		return Session{}, evidence.Errorf(evidence.Unavailable, "Vault answered a sign-in without a token.")
	}
	session := Session{Token: secret.Auth.ClientToken}
	if lease := life(secret.Auth); lease > 0 {
		session.Expires = begun.Add(lease)
	}
	if session.Person, err = c.person(ctx, secret.Auth.EntityID, secret.Auth.IdentityPolicies); err != nil {
		return Session{}, err
	}
	return session, nil
}

// Identify returns the session that a token stands for. Unauthenticated means
// that there is none: the token has ended or was never one of a person.
func (c *Client) Identify(ctx context.Context, token string) (Session, error) {
	if !validToken(token) {
		return Session{}, evidence.Errorf(evidence.Unauthenticated, messageEnded)
	}
	secret, err := c.with(token).Auth().Token().LookupSelfWithContext(ctx)
	if status := statusOf(err); status == http.StatusForbidden || status == http.StatusBadRequest {
		return Session{}, evidence.WrapError(evidence.Unauthenticated, err, messageEnded)
	}
	if err != nil {
		return Session{}, translate(err, "looking a session up")
	}
	var data tokenData
	if err := decode(secret, &data); err != nil {
		return Session{}, err
	}
	if strings.HasPrefix(data.Path, "auth/"+c.layout.Services+"/") {
		return Session{}, evidence.Errorf(evidence.Unauthenticated, "That is the token of a program, not of a person.")
	}
	session := Session{Token: token}
	if data.ExpireTime != "" {
		if session.Expires, err = time.Parse(time.RFC3339Nano, data.ExpireTime); err != nil {
			return Session{}, evidence.WrapError(evidence.Internal, err, "Vault gave a session an end that cannot be read.")
		}
	}
	session.Person, err = c.person(ctx, data.EntityID, data.IdentityPolicies)
	return session, err
}

// tokenData is what Vault says of a token. Roles are the identity's policies, as
// Person reads them: one that a login gave to its token only is none.
type tokenData struct {
	EntityID         string   `json:"entity_id"`
	ExpireTime       string   `json:"expire_time"`
	Path             string   `json:"path"`
	IdentityPolicies []string `json:"identity_policies"`
}

// Logout ends a session. One that has ended already is no error.
func (c *Client) Logout(ctx context.Context, token string) error {
	if !validToken(token) {
		return nil
	}
	err := c.with(token).Auth().Token().RevokeSelfWithContext(ctx, "")
	if status := statusOf(err); status == http.StatusForbidden || status == http.StatusBadRequest {
		return nil
	}
	return translate(err, "ending a session")
}

// validToken reports whether s can be a token; it becomes a header field.
func validToken(s string) bool {
	return s != "" && len(s) <= maxSecret && !strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' })
}

// validLogin reports whether s can be a login; it becomes part of a path.
func validLogin(s string) bool {
	return s != "" && len(s) <= 64 && s[0] != '.' && !strings.ContainsFunc(s, func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < '0' || r > '9') && !strings.ContainsRune("._-", r)
	})
}

// decode reads the data of an answer into v.
func decode(secret *api.Secret, v any) error {
	if secret == nil {
		return evidence.Errorf(evidence.Unavailable, "Vault gave an empty answer.")
	}
	raw, err := json.Marshal(secret.Data)
	if err == nil {
		err = json.Unmarshal(raw, v)
	}
	if err != nil {
		return evidence.WrapError(evidence.Internal, err, "Vault gave an answer that cannot be read; details are in the log.")
	}
	return nil
}
