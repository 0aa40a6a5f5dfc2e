package vault

import (
	"context"
	"slices"

	"github.com/sealcase/sealcase/evidence"
)

// people makes the logins and the persons behind them.
func (b *bootstrap) people(ctx context.Context) error {
	for _, p := range b.spec.People {
		if err := b.login(ctx, p); err != nil {
			return err
		}
		if err := b.person(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// login makes the login, or sets its sessions anew without touching its
// password.
func (b *bootstrap) login(ctx context.Context, p PersonSpec) error {
	path := "auth/" + b.spec.Layout.People + "/users/" + p.Login
	present, err := b.admin.Logical().ReadWithContext(ctx, path)
	if err != nil {
		return translate(err, "reading the login %s", p.Login)
	}
	data := map[string]any{
		"token_ttl": seconds(b.spec.SessionLife), "token_max_ttl": seconds(b.spec.SessionLife),
		"token_policies": []string{b.spec.Layout.Policies + policyPerson}, "token_no_default_policy": true, "token_type": "service",
	}
	if present == nil {
		if p.Password == "" {
			return evidence.Errorf(evidence.Invalid, "the new login %s needs a password", p.Login)
		}
		data["password"] = p.Password
	}
	return b.write(ctx, path, data)
}

// person makes the entity behind a login: a name, and the roles as policies.
func (b *bootstrap) person(ctx context.Context, p PersonSpec) error {
	layout := b.spec.Layout
	e, err := b.entityOf(ctx, p.Login)
	if err != nil {
		return err
	}
	var policies []string
	for _, other := range e.Policies { // those that are no role were given by somebody else: keep them
		if len(layout.roles([]string{other})) == 0 {
			policies = append(policies, other)
		}
	}
	for _, role := range p.Roles {
		policies = append(policies, layout.policy(role))
	}
	slices.Sort(policies)
	data := map[string]any{
		"name": layout.Policies + p.Login, "policies": slices.Compact(policies),
		"metadata": map[string]string{metaLogin: p.Login, metaName: p.Name},
	}
	if e.ID != "" {
		return b.write(ctx, "identity/entity/id/"+e.ID, data)
	}
	secret, err := b.admin.Logical().WriteWithContext(ctx, "identity/entity", data)
	if err != nil {
		return translate(err, "making the person %s", p.Login)
	}
	if secret == nil { // the name was there, without its login: an earlier run broke off
		secret, err = b.admin.Logical().ReadWithContext(ctx, "identity/entity/name/"+layout.Policies+p.Login)
		if err != nil {
			return translate(err, "reading the person %s", p.Login)
		}
	}
	if err := decode(secret, &e); err != nil {
		return err
	}
	return b.write(ctx, "identity/entity-alias", map[string]any{
		"name": p.Login, "canonical_id": e.ID, "mount_accessor": b.accessor})
}

// entityOf returns the entity that a login belongs to, or an empty one.
func (b *bootstrap) entityOf(ctx context.Context, login string) (entity, error) {
	secret, err := b.admin.Logical().WriteWithContext(ctx, "identity/lookup/entity",
		map[string]any{"alias_name": login, "alias_mount_accessor": b.accessor})
	if err != nil {
		return entity{}, translate(err, "finding the person %s", login)
	}
	if secret == nil {
		return entity{}, nil
	}
	var e entity
	err = decode(secret, &e)
	return e, err
}
