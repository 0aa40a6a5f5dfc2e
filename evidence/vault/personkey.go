package vault

import (
	"context"
	"net/http"
	"strings"
	"sync"

	"github.com/hashicorp/vault/api"

	"github.com/sealcase/sealcase/evidence"
)

// personKey returns the name, in the transit mount, of the key of whoever has
// that ID.
func personKey(id string) string { return "person-" + id }

// personName returns the name of a person's key, without its version.
func (c *Client) personName(id evidence.PersonID) string { return c.origin + "/person/" + string(id) }

const (
	messageNoPersonKey = "There is no key yet to sign your acts with. Sign in again, which makes one; nothing was recorded."
	messageNotYours    = "Vault does not let this session sign as you. Nothing was recorded; sign in again. If that does not help, the administrator runs bootstrap, which gives people the right to a key of their own."
	messageLeft        = "The key %q in Vault was brought in from outside, or may have been copied out, so that what it signs proves nothing. Nothing was signed; tell whoever runs Vault."
	messageCopied      = "The signing key of %s in Vault may have been copied or can be deleted, so that what it signs proves nothing. Nothing was recorded; tell a supervisor and whoever runs Vault."
)

// EnsurePersonKey makes sure that the person whose session token is has a key of
// their own, and that nobody can take it out of Vault. The key is made with the
// person's own token; this process could not. It fails with Forbidden when
// Vault does not let the token have the person's key, Unauthenticated when the
// session has ended, and with Conflict when the key is one that could leave
// Vault or be deleted: somebody with an administrator's rights made it so.
func (c *Client) EnsurePersonKey(ctx context.Context, token string, person evidence.PersonID) error {
	if !validPerson(person) {
		return evidence.Errorf(evidence.Invalid, "%q is not the identity of a person", person)
	}
	err := c.checkPersonKey(ctx, person)
	if evidence.CodeOf(err) != evidence.NotFound {
		return err
	}
	err = c.asPerson(token)(ctx, func(client *api.Client) error {
		_, err := client.Logical().WriteWithContext(ctx, c.layout.Transit+"/keys/"+personKey(string(person)), map[string]any{"type": "ed25519"})
		return err
	})
	if err != nil {
		return translate(err, "making the key of a person")
	}
	return c.checkPersonKey(ctx, person)
}

func (c *Client) checkPersonKey(ctx context.Context, person evidence.PersonID) error {
	_, err := c.personKeyData(ctx, person)
	return err
}

// personKeyData returns a person's key, unless it could leave Vault.
func (c *Client) personKeyData(ctx context.Context, person evidence.PersonID) (keyData, error) {
	data, err := c.keyData(ctx, personKey(string(person)))
	if err == nil && (data.couldLeave() || data.DeletionAllowed) {
		err = evidence.Errorf(evidence.Conflict, messageCopied, person)
	}
	return data, err
}

// PersonKeys returns the public keys of a person, oldest first, as Vault has
// them now: every version, named "<origin>/person/<ID>/v<version>". Somebody who
// never signed in has none, which is no error. It fails with Invalid for what
// is no person, and with Conflict for a key that could leave Vault.
func (c *Client) PersonKeys(ctx context.Context, person evidence.PersonID) ([]evidence.PublicKey, error) {
	if !validPerson(person) {
		return nil, evidence.Errorf(evidence.Invalid, "%q is not the identity of a person", person)
	}
	data, err := c.personKeyData(ctx, person)
	if evidence.CodeOf(err) == evidence.NotFound {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	versions, err := data.versions(personKey(string(person)))
	if err != nil {
		return nil, err
	}
	keys := make([]evidence.PublicKey, 0, len(versions))
	for _, v := range versions {
		keys = append(keys, v.named(c.personName(person)))
	}
	return keys, nil
}

// PersonSigner returns the signer of a person's own key. It shows Vault the
// token of that person's session, and nothing else can make it sign; it keeps
// the token only in itself. Sign fails with Unauthenticated when the session
// has ended or the person was disabled, and with Forbidden when the session is
// somebody else's.
func (c *Client) PersonSigner(token string, person evidence.PersonID) *Signer {
	s := &Signer{
		client: c, key: personKey(string(person)), name: c.personName(person),
		as: c.asPerson(token), absent: messageNoPersonKey,
	}
	s.keys = c.rings.of(s.key, func() *keyring { return &keyring{read: c.reading(personKey(string(person)), messageNoPersonKey)} })
	return s
}

// asPerson does things with the token of a person's session. Unlike this
// process's own it is never replaced.
func (c *Client) asPerson(token string) func(context.Context, func(*api.Client) error) error {
	return func(ctx context.Context, do func(*api.Client) error) error {
		if !validToken(token) {
			return evidence.Errorf(evidence.Unauthenticated, messageEnded)
		}
		err := do(c.with(token))
		if statusOf(err) != http.StatusForbidden {
			return err
		}
		_, lookupErr := c.with(token).Auth().Token().LookupSelfWithContext(ctx)
		if statusOf(lookupErr) == http.StatusForbidden {
			return evidence.WrapError(evidence.Unauthenticated, err, messageEnded)
		}
		return evidence.WrapError(evidence.Forbidden, err, messageNotYours)
	}
}

// validPerson reports whether id can be the ID of an entity; it becomes part of
// a path.
func validPerson(id evidence.PersonID) bool {
	return id != "" && len(id) <= 64 && !strings.ContainsFunc(string(id), func(r rune) bool {
		return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && r != '-'
	})
}

// ringsLimit is of how many people the public keys are remembered.
const ringsLimit = 4096

// keyrings remembers the public keys of people from one request to the next. It
// holds no token.
type keyrings struct {
	mu    sync.Mutex
	known map[string]*keyring
}

func (k *keyrings) of(name string, fresh func() *keyring) *keyring {
	k.mu.Lock()
	defer k.mu.Unlock()
	if ring := k.known[name]; ring != nil {
		return ring
	}
	if k.known == nil || len(k.known) >= ringsLimit {
		k.known = map[string]*keyring{}
	}
	ring := fresh()
	k.known[name] = ring
	return ring
}
