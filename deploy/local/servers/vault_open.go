package servers

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/hashicorp/vault/api"
)

// vaultKeys is what opens this Vault. One key share is enough where the same
// person holds all of them.
type vaultKeys struct {
	Note      string   `json:"note"`
	Keys      []string `json:"keys_base64"`
	RootToken string   `json:"root_token"`
}

const vaultNote = "Local stack only: with these keys beside the data, Vault protects nothing from who can read this folder."

// open initialises Vault the first time, unseals it, and turns the audit log on.
func (v *vault) open(ctx context.Context) error {
	client, err := v.client()
	if err != nil {
		return err
	}
	ready, err := client.Sys().InitStatusWithContext(ctx)
	if err != nil {
		return fmt.Errorf("asking whether it is initialised: %w", err)
	}
	if err := v.findKeys(ctx, client, ready); err != nil {
		return err
	}
	if err := v.unseal(ctx); err != nil {
		return err
	}
	return v.audit(ctx)
}

// findKeys reads the keys, or makes them where Vault is new.
func (v *vault) findKeys(ctx context.Context, client *api.Client, initialised bool) (err error) {
	file := filepath.Join(v.home, "keys.json")
	if initialised {
		if v.keys, err = recall[vaultKeys](file); errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("its keys are lost, remove %s to start afresh: %w", v.home, err)
		}
		return err
	}
	made, err := client.Sys().InitWithContext(ctx, &api.InitRequest{SecretShares: 1, SecretThreshold: 1})
	if err != nil {
		return fmt.Errorf("initialising: %w", err)
	}
	v.keys = vaultKeys{Note: vaultNote, Keys: made.KeysB64, RootToken: made.RootToken}
	if err := Keep(file, v.keys); err != nil {
		return err
	}
	v.host.progress.note("%-10s WARNING: its unseal key and root token are in %s. That is for one machine only.", "vault", file)
	return nil
}

// unseal opens Vault and returns when it serves requests.
func (v *vault) unseal(ctx context.Context) error {
	client, err := v.client()
	if err != nil {
		return err
	}
	for _, key := range v.keys.Keys {
		if _, err := client.Sys().UnsealWithContext(ctx, key); err != nil {
			return fmt.Errorf("unsealing: %w", err)
		}
	}
	return await(ctx, startLimit, v.proc, func(ctx context.Context) error {
		health, err := client.Sys().HealthWithContext(ctx)
		if err != nil {
			return err
		}
		if health.Sealed || health.Standby {
			return errors.New("it is unsealed but not yet active")
		}
		_, err = client.Auth().Token().LookupSelfWithContext(ctx)
		return err
	})
}

// audit turns on the log of every request, once.
func (v *vault) audit(ctx context.Context) error {
	client, err := v.client()
	if err != nil {
		return err
	}
	devices, err := client.Sys().ListAuditWithContext(ctx)
	if err != nil {
		return fmt.Errorf("listing its audit devices: %w", err)
	}
	if len(devices) > 0 {
		return nil
	}
	err = client.Sys().EnableAuditWithOptionsWithContext(ctx, "file", &api.EnableAuditOptions{
		Type: "file", Options: map[string]string{"file_path": filepath.Join(v.home, "audit.log")}})
	if err != nil {
		return fmt.Errorf("turning its audit log on: %w", err)
	}
	return nil
}

// seal closes Vault, as an alarmed keeper would.
func (v *vault) seal(ctx context.Context) error {
	client, err := v.client()
	if err != nil {
		return err
	}
	if err := client.Sys().SealWithContext(ctx); err != nil {
		return fmt.Errorf("sealing vault: %w", err)
	}
	return nil
}
