package vault

import (
	"context"
	"net/http"
	"time"

	"github.com/hashicorp/vault/api"

	"github.com/sealcase/sealcase/evidence"
)

// Spec is what Bootstrap makes true. It takes nothing away: people and services
// that it does not name stay as they are.
type Spec struct {
	Origin string // names the agency in key names
	Layout Layout // zero: DefaultLayout
	People []PersonSpec

	// API and Worker are the credentials that an earlier Bootstrap returned, or
	// zero. They are kept while Vault still takes them.
	API, Worker AppRole

	SessionLife  time.Duration // of a person's session; 0: eight hours
	ServiceLife  time.Duration // of a process's token, which it replaces by itself; 0: one hour
	LockoutAfter int           // wrong passwords in a row; 0: five
	LockoutFor   time.Duration // 0: fifteen minutes
}

// PersonSpec is somebody who can sign in. The password is set when the login is
// made and never again, so that what SetPassword gave stays.
type PersonSpec struct {
	Login    string // lower-case letters, digits and "._-"
	Name     string
	Roles    []evidence.Role
	Password string
}

// Outcome is what processes need to know after Bootstrap. It holds secrets: the
// caller stores each AppRole where only that process can read it.
type Outcome struct {
	API, Worker AppRole
	Keys        []evidence.PublicKey // every version of the log key, then of the seal key, then of the worker's
	// Audited says that Vault logs what is asked of it: without an audit device
	// nobody sees when somebody with all rights signs in as another.
	Audited bool
}

func (s Spec) withDefaults() Spec {
	s.Layout = s.Layout.orDefault()
	if s.SessionLife == 0 {
		s.SessionLife = 8 * time.Hour
	}
	if s.ServiceLife == 0 {
		s.ServiceLife = time.Hour
	}
	if s.LockoutAfter == 0 {
		s.LockoutAfter = 5
	}
	if s.LockoutFor == 0 {
		s.LockoutFor = 15 * time.Minute
	}
	return s
}

func (s Spec) check() error {
	if err := checkOrigin(s.Origin); err != nil {
		return err
	}
	for _, p := range s.People {
		if !validLogin(p.Login) {
			return evidence.Errorf(evidence.Invalid, "%q cannot be a login: use lower-case letters, digits, dot, hyphen and underscore", p.Login)
		}
		for _, role := range p.Roles {
			if !role.Valid() {
				return evidence.Errorf(evidence.Invalid, "%q is not a role", role)
			}
		}
	}
	return nil
}

// Admin is a client of Vault that shows an administrator's token.
type Admin = api.Client

// NewAdmin returns one, for Bootstrap and for the root's statements. transport is
// as in Config.
func NewAdmin(address, token string, transport http.RoundTripper) (*Admin, error) {
	admin, err := newAPI(address, transport)
	if err != nil {
		return nil, err
	}
	admin.SetToken(token)
	return admin, nil
}

// Bootstrap sets Vault up with the token of admin: signing keys that cannot
// leave it, logins with lockout, a policy for each role, the people, and what
// each process of ours may do. It is idempotent. Conflict means that a key
// exists which could have been copied; it is left alone, and so is everything
// after it.
func Bootstrap(ctx context.Context, admin *api.Client, spec Spec) (Outcome, error) {
	if err := spec.check(); err != nil {
		return Outcome{}, err
	}
	b := &bootstrap{admin: admin, spec: spec.withDefaults()}
	for _, step := range []func(context.Context) error{b.audited, b.mounts, b.keys, b.payloadKey, b.policies, b.people, b.services} {
		if err := step(ctx); err != nil {
			return Outcome{}, err
		}
	}
	return b.outcome, nil
}

// bootstrap is one run of Bootstrap.
type bootstrap struct {
	admin    *api.Client
	spec     Spec
	accessor string // of the mount of people's logins
	outcome  Outcome
}

// audited looks for an audit device. Which one there should be, and where its log
// goes, is for whoever runs Vault to say.
func (b *bootstrap) audited(ctx context.Context) error {
	devices, err := b.admin.Sys().ListAuditWithContext(ctx)
	b.outcome.Audited = len(devices) > 0
	if err = translate(err, "listing audit devices"); evidence.CodeOf(err) == evidence.Forbidden {
		return nil // this token may not know
	}
	return err
}

// keys makes the signing keys, and checks that they never could leave.
func (b *bootstrap) keys(ctx context.Context) error {
	mount := b.spec.Layout.Transit
	for _, name := range agencyKeys() {
		if err := b.write(ctx, mount+"/keys/"+name, map[string]any{
			"type": "ed25519", "exportable": false, "allow_plaintext_backup": false,
		}); err != nil {
			return err
		}
		data, err := readKeyData(ctx, b.admin, mount, name)
		if err != nil {
			return err
		}
		if data.couldLeave() {
			return evidence.Errorf(evidence.Conflict,
				"The key %q in Vault is of type %s and may have been copied. Name another transit mount, so that a key is made that cannot be.", name, data.Type)
		}
		if data.DeletionAllowed {
			if err := b.write(ctx, mount+"/keys/"+name+"/config", map[string]any{"deletion_allowed": false}); err != nil {
				return err
			}
		}
		versions, err := data.versions(name)
		if err != nil {
			return err
		}
		for _, v := range versions {
			b.outcome.Keys = append(b.outcome.Keys, v.named(b.spec.Origin+"/"+name))
		}
	}
	return nil
}

func (b *bootstrap) policies(ctx context.Context) error {
	person := personPolicy(b.spec.Layout)
	texts := map[string]string{b.spec.Layout.Policies + policyPerson: person}
	for _, role := range evidence.Roles() {
		texts[b.spec.Layout.policy(role)] = person
	}
	for _, service := range []string{ServiceAPI, ServiceWorker} {
		texts[b.spec.Layout.Policies+service] = servicePolicy(b.spec.Layout, service)
	}
	for name, text := range texts {
		if err := b.admin.Sys().PutPolicyWithContext(ctx, name, text); err != nil {
			return translate(err, "writing policy %s", name)
		}
	}
	return nil
}

func (b *bootstrap) write(ctx context.Context, path string, data map[string]any) error {
	_, err := b.admin.Logical().WriteWithContext(ctx, path, data)
	return translate(err, "writing %s", path)
}
