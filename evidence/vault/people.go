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
	Disabled bool              `json:"disabled"`
	Metadata map[string]string `json:"metadata"`
	Policies []string          `json:"policies"`
	Groups   []string          `json:"group_ids"` // also those that a group of theirs is in
	Aliases  []alias           `json:"aliases"`
}

// alias is a login that belongs to an entity.
type alias struct {
	Name      string `json:"name"`
	MountPath string `json:"mount_path"`
}

// The metadata that Bootstrap gives an entity. What somebody signs in with is
// read from the alias; the login here is for people who look into Vault.
const (
	metaLogin = "login"
	metaName  = "name"
)

// login returns what the entity signs in with among the people, or "": it is
// then a process of ours, or somebody who is no business of ours.
func (e entity) login(layout Layout) string {
	for _, a := range e.Aliases {
		if a.MountPath == "auth/"+layout.People+"/" {
			return a.Name
		}
	}
	return ""
}

// person returns the person that the entity is. Somebody disabled has no roles.
func (e entity) person(layout Layout, policies []string) evidence.Person {
	p := evidence.Person{ID: evidence.PersonID(e.ID), Login: e.login(layout), Name: e.Metadata[metaName], Disabled: e.Disabled}
	if !e.Disabled {
		p.Roles = layout.roles(policies)
	}
	if p.Name == "" {
		p.Name = p.Login
	}
	return p
}

// Person returns who has that ID, as Vault says now: login, name, the roles held
// by name or through a group of Vault, and whether the person was disabled, who
// then has no roles. Nothing of it can be changed with the person's own token,
// nor by a process of ours. NotFound means that nobody among the people has the
// ID; Invalid, that it cannot be one.
func (c *Client) Person(ctx context.Context, id evidence.PersonID) (evidence.Person, error) {
	if !validPerson(id) {
		return evidence.Person{}, evidence.Errorf(evidence.Invalid, "%q is not the identity of a person", id)
	}
	e, err := c.readEntity(ctx, string(id))
	if err != nil {
		return evidence.Person{}, err
	}
	policies, err := c.policiesOf(ctx, e)
	if err != nil {
		return evidence.Person{}, err
	}
	return e.person(c.layout, policies), nil
}

// policiesOf returns the policies that the entity holds by itself and through
// its groups.
func (c *Client) policiesOf(ctx context.Context, e entity) ([]string, error) {
	policies := slices.Clone(e.Policies)
	for _, id := range e.Groups {
		var group struct {
			Policies []string `json:"policies"`
		}
		err := c.asService(ctx, func(client *api.Client) error {
			secret, err := client.Logical().ReadWithContext(ctx, "identity/group/id/"+id)
			if err != nil || secret == nil { // nil: it ended meanwhile
				return translate(err, "reading a group")
			}
			return decode(secret, &group)
		})
		if err != nil {
			return nil, err
		}
		policies = append(policies, group.Policies...)
	}
	return policies, nil
}

// person returns the person whose entity has that ID, with the roles that the
// policies of the session give.
func (c *Client) person(ctx context.Context, id string, policies []string) (evidence.Person, error) {
	if id == "" { // a root token, for one: it belongs to nobody
		return evidence.Person{}, evidence.Errorf(evidence.Unauthenticated, "That token belongs to no person. Sign in with a login.")
	}
	e, err := c.people.get(id, func() (entity, error) { return c.readEntity(ctx, id) })
	if evidence.CodeOf(err) == evidence.NotFound {
		return evidence.Person{}, evidence.WrapError(evidence.Unauthenticated, err, messageEnded)
	}
	if err != nil {
		return evidence.Person{}, err
	}
	return e.person(c.layout, policies), nil
}

// readEntity returns what Vault says of the person with that ID, or NotFound.

func (c *Client) readEntity(ctx context.Context, id string) (entity, error) {
	var e entity
	err := c.asService(ctx, func(client *api.Client) error {
		secret, err := client.Logical().ReadWithContext(ctx, "identity/entity/id/"+id)
		if err != nil {
			return translate(err, "reading a person")
		}
		if secret == nil {
			return evidence.Errorf(evidence.NotFound, "Vault knows nobody of that identity.")
		}
		return decode(secret, &e)
	})
	if err == nil && (e.ID != id || e.login(c.layout) == "") {
		err = evidence.Errorf(evidence.NotFound, "Vault knows nobody of that identity.")
	}
	return e, err
}

// FindPerson returns the person who signs in with that login, as Person does.
// NotFound means that there is none, or that the
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
	if err == nil && (e.Disabled || e.login(c.layout) != login) {
		err = notFound
	}
	if err != nil {
		return evidence.Person{}, err
	}
	policies, err := c.policiesOf(ctx, e)
	return e.person(c.layout, policies), err
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
