package vault

import (
	"context"
	"slices"
	"strings"

	"github.com/hashicorp/vault/api"

	"github.com/sealcase/sealcase/evidence"
)

// entity is what Vault says of a person.
type entity struct {
	ID       string            `json:"id"`
	Name     string            `json:"name"`
	Disabled bool              `json:"disabled"`
	Metadata map[string]string `json:"metadata"`
	Policies []string          `json:"policies"`
}

// The metadata of an entity that make it a person of ours.
const (
	metaLogin = "login"
	metaName  = "name"
)

func (e entity) person(layout Layout, policies []string) evidence.Person {
	p := evidence.Person{ID: evidence.PersonID(e.ID), Login: e.Metadata[metaLogin], Name: e.Metadata[metaName], Roles: layout.roles(policies)}
	if p.Name == "" {
		p.Name = p.Login
	}
	return p
}

// person returns the person whose entity has that ID, with the roles that the
// policies of the session give.
func (c *Client) person(ctx context.Context, id string, policies []string) (evidence.Person, error) {
	if id == "" { // a root token, for one: it belongs to nobody
		return evidence.Person{}, evidence.Errorf(evidence.Unauthenticated, "That token belongs to no person. Sign in with a login.")
	}
	e, err := c.people.get(id, func() (entity, error) { return c.readEntity(ctx, id) })
	if err != nil {
		return evidence.Person{}, err
	}
	return e.person(c.layout, policies), nil
}

func (c *Client) readEntity(ctx context.Context, id string) (entity, error) {
	var e entity
	err := c.asService(ctx, func(client *api.Client) error {
		secret, err := client.Logical().ReadWithContext(ctx, "identity/entity/id/"+id)
		if err != nil {
			return translate(err, "reading a person")
		}
		if secret == nil {
			return evidence.Errorf(evidence.Unauthenticated, messageEnded)
		}
		return decode(secret, &e)
	})
	return e, err
}

// FindPerson returns the person who signs in with that login, and the roles
// that the person holds by name. NotFound means that there is none, or that the
// person was disabled.
func (c *Client) FindPerson(ctx context.Context, login string) (evidence.Person, error) {
	login = strings.ToLower(login)
	notFound := evidence.Errorf(evidence.NotFound, "Nobody signs in as %q.", login)
	if !validLogin(login) {
		return evidence.Person{}, notFound
	}
	accessor, err := c.people.accessor(func() (string, error) { return c.readAccessor(ctx) })
	if err != nil {
		return evidence.Person{}, err
	}
	var e entity
	err = c.asService(ctx, func(client *api.Client) error {
		secret, err := client.Logical().WriteWithContext(ctx, "identity/lookup/entity",
			map[string]any{"alias_name": login, "alias_mount_accessor": accessor})
		if err != nil {
			return translate(err, "finding a person")
		}
		if secret == nil {
			return notFound
		}
		return decode(secret, &e)
	})
	if err == nil && e.Disabled {
		err = notFound
	}
	if err != nil {
		return evidence.Person{}, err
	}
	p := e.person(c.layout, e.Policies)
	p.Login = login
	return p, nil
}

// readAccessor returns the name by which Vault knows the mount of people's
// logins in aliases.
func (c *Client) readAccessor(ctx context.Context) (accessor string, err error) {
	err = c.asService(ctx, func(client *api.Client) error {
		mounts, err := client.Sys().ListAuthWithContext(ctx)
		if err != nil {
			return translate(err, "listing the ways to sign in")
		}
		mount := mounts[c.layout.People+"/"]
		if mount == nil {
			return evidence.Errorf(evidence.Unavailable, "Vault has no logins of people. The administrator runs bootstrap.")
		}
		accessor = mount.Accessor
		return nil
	})
	return accessor, err
}

// policy returns the name of the policy that is the role.
func (l Layout) policy(role evidence.Role) string { return l.Policies + string(role) }

// roles returns the roles that the policies are, in the order in which roles
// are shown.
func (l Layout) roles(policies []string) []evidence.Role {
	var roles []evidence.Role
	for _, role := range evidence.Roles() {
		if slices.Contains(policies, l.policy(role)) {
			roles = append(roles, role)
		}
	}
	return roles
}
