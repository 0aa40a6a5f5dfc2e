package servers_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/hashicorp/vault/api"

	"github.com/sealcase/sealcase/deploy/local/servers"
)

func vaultClient(t *testing.T, stack *servers.Stack) *api.Client {
	t.Helper()
	config := api.DefaultConfig()
	config.Address = stack.VaultAddr
	client, err := api.NewClient(config)
	if err != nil {
		t.Fatal(err)
	}
	client.SetToken(stack.VaultRootToken)
	return client
}

func TestVaultKeepsItsKeys(t *testing.T) {
	t.Parallel()
	throughFaults(t, servers.Vault,
		func(t *testing.T, stack *servers.Stack) {
			client := vaultClient(t, stack)
			if err := client.Sys().Mount("transit", &api.MountInput{Type: "transit"}); err != nil {
				t.Fatal(err)
			}
			_, err := client.Logical().Write("transit/keys/case", map[string]any{"type": "ed25519"})
			if err != nil {
				t.Fatal(err)
			}
		},
		func(t *testing.T, stack *servers.Stack) {
			made, err := vaultClient(t, stack).Logical().Write("transit/sign/case", map[string]any{"input": "YQ=="})
			if err != nil || made.Data["signature"] == nil {
				t.Fatalf("signing: %v, %v", made, err)
			}
		})
}

func TestVaultSealsAndUnseals(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	stack := up(t, dir, servers.Vault)
	client := vaultClient(t, stack)
	client.SetMaxRetries(0)
	if err := stack.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Auth().Token().LookupSelf(); err == nil {
		t.Error("a sealed Vault answered")
	}
	if err := stack.Unseal(t.Context()); err != nil {
		t.Fatal(err)
	}
	if _, err := client.Auth().Token().LookupSelf(); err != nil {
		t.Errorf("after unsealing: %v", err)
	}
	if info, err := os.Stat(filepath.Join(dir, "vault", "audit.log")); err != nil || info.Size() == 0 {
		t.Errorf("audit log: %v, %v", info, err)
	}
	if info, err := os.Stat(filepath.Join(dir, "vault", "keys.json")); err != nil || info.Mode() != 0o600 {
		t.Errorf("keys: %v, %v", info, err)
	}
}

func TestVaultWithoutItsKeysSaysSo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	down(t, up(t, dir, servers.Vault))
	if err := os.Remove(filepath.Join(dir, "vault", "keys.json")); err != nil {
		t.Fatal(err)
	}
	_, err := servers.Up(t.Context(), servers.Config{Dir: dir, Only: []servers.Name{servers.Vault}, Private: true})
	failed := new(servers.Error)
	if !errors.As(err, &failed) || !errors.Is(err, fs.ErrNotExist) {
		t.Fatalf("got %v", err)
	}
	if failed.Server != "vault" || failed.Log == "" || failed.Try == "" || failed.Tail == "" {
		t.Errorf("the error does not tell enough: %+v", failed)
	}
}
