package vault

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

// services makes what each process of ours signs in with.
func (b *bootstrap) services(ctx context.Context) (err error) {
	if b.outcome.API, err = b.service(ctx, ServiceAPI, b.spec.API); err != nil {
		return err
	}
	b.outcome.Worker, err = b.service(ctx, ServiceWorker, b.spec.Worker)
	return err
}

func (b *bootstrap) service(ctx context.Context, name string, known AppRole) (AppRole, error) {
	path := "auth/" + b.spec.Layout.Services + "/role/" + b.spec.Layout.Policies + name
	if err := b.write(ctx, path, map[string]any{
		"token_policies": []string{b.spec.Layout.Policies + name}, "token_no_default_policy": true, "token_type": "service",
		"token_ttl": seconds(b.spec.ServiceLife), "token_max_ttl": seconds(b.spec.ServiceLife),
		"secret_id_ttl": "0", "secret_id_num_uses": 0, "bind_secret_id": true,
	}); err != nil {
		return AppRole{}, err
	}
	var role AppRole
	secret, err := b.admin.Logical().ReadWithContext(ctx, path+"/role-id")
	if err != nil {
		return AppRole{}, translate(err, "reading the role ID of %s", name)
	}
	if err := decode(secret, &role); err != nil {
		return AppRole{}, err
	}
	if known.SecretID != "" && known.RoleID == role.RoleID {
		taken, err := b.takes(ctx, path, known.SecretID)
		if err != nil {
			return AppRole{}, err
		}
		if taken {
			return known, nil
		}
	}
	secret, err = b.admin.Logical().WriteWithContext(ctx, path+"/secret-id", nil)
	if err != nil {
		return AppRole{}, translate(err, "issuing a secret ID for %s", name)
	}
	if err := decode(secret, &role); err != nil {
		return AppRole{}, err
	}
	if role.SecretID == "" {
		return AppRole{}, evidence.Errorf(evidence.Unavailable, "Vault issued no secret ID for %s.", name)
	}
	return role, nil
}

// takes reports whether the secret ID is still good for the role.
func (b *bootstrap) takes(ctx context.Context, path, secretID string) (bool, error) {
	secret, err := b.admin.Logical().WriteWithContext(ctx, path+"/secret-id/lookup", map[string]any{"secret_id": secretID})
	if status := statusOf(err); status == http.StatusNotFound || status == http.StatusBadRequest {
		return false, nil
	}
	return secret != nil, translate(err, "asking for a secret ID")
}

// seconds writes a duration as Vault reads it.
func seconds(d time.Duration) string { return strconv.Itoa(int(d.Seconds())) + "s" }
