package vault

import (
	"context"
	"strconv"

	"github.com/hashicorp/vault/api"

	"github.com/sealcase/sealcase/evidence"
)

// mounts makes the mounts that are missing, and sets the lockout.
func (b *bootstrap) mounts(ctx context.Context) error {
	if err := b.transit(ctx); err != nil {
		return err
	}
	if err := b.mount(ctx, b.spec.Layout.Stated, "kv", "Which keys of Sealcase count", map[string]string{"version": "1"}); err != nil {
		return err
	}
	if _, err := b.auth(ctx, b.spec.Layout.Services, "approle", "Processes of Sealcase"); err != nil {
		return err
	}
	people, err := b.auth(ctx, b.spec.Layout.People, "userpass", "People of Sealcase")
	if err != nil {
		return err
	}
	b.accessor = people.Accessor
	after, pause := strconv.Itoa(b.spec.LockoutAfter), seconds(b.spec.LockoutFor)
	err = b.admin.Sys().TuneMountAllowNilWithContext(ctx, "auth/"+b.spec.Layout.People, api.TuneMountConfigInput{
		UserLockoutConfig: &api.TuneUserLockoutConfigInput{
			LockoutThreshold: &after, LockoutDuration: &pause, LockoutCounterResetDuration: &pause,
		}})
	return translate(err, "setting the lockout of logins")
}

func (b *bootstrap) transit(ctx context.Context) error {
	return b.mount(ctx, b.spec.Layout.Transit, "transit", "Signing keys of Sealcase", nil)
}

// mount makes a mount of a kind, where it is missing.
func (b *bootstrap) mount(ctx context.Context, path, kind, description string, options map[string]string) error {
	mounts, err := b.admin.Sys().ListMountsWithContext(ctx)
	if err != nil {
		return translate(err, "listing the mounts of Vault")
	}
	if mount := mounts[path+"/"]; mount != nil {
		return sameType(path, mount.Type, kind)
	}
	err = b.admin.Sys().MountWithContext(ctx, path, &api.MountInput{Type: kind, Description: description, Options: options})
	return translate(err, "mounting %s", path)
}

// auth returns a mount of logins, made where it is missing.
func (b *bootstrap) auth(ctx context.Context, path, kind, description string) (*api.AuthMount, error) {
	for {
		mounts, err := b.admin.Sys().ListAuthWithContext(ctx)
		if err != nil {
			return nil, translate(err, "listing the ways to sign in")
		}
		if mount := mounts[path+"/"]; mount != nil {
			return mount, sameType(path, mount.Type, kind)
		}
		err = b.admin.Sys().EnableAuthWithOptionsWithContext(ctx, path, &api.EnableAuthOptions{Type: kind, Description: description})
		if err != nil {
			return nil, translate(err, "mounting auth/%s", path)
		}
	}
}

func sameType(path, is, wanted string) error {
	if is == wanted {
		return nil
	}
	return evidence.Errorf(evidence.Conflict, "The mount %s in Vault is of type %s, not %s. Name another one.", path, is, wanted)
}
