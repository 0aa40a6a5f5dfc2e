package custody_test

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
	"github.com/sealcase/sealcase/evidence/vault"
)

// newVault returns a client of the worker's in an installation of its own in
// the Vault that the tests of the package share.
func newVault(t testing.TB) *vault.Client {
	t.Helper()
	address, root := servertest.Vault(t)
	admin, err := vault.NewAdmin(address, root, nil)
	if err != nil {
		t.Fatal(err)
	}
	layout := vault.DefaultLayout().WithPrefix("t" + strings.ToLower(rand.Text()[:12]) + "-")
	outcome, err := vault.Bootstrap(t.Context(), admin, vault.Spec{Origin: origin, Layout: layout})
	if err != nil {
		t.Fatal(err)
	}
	client, err := vault.New(vault.Config{Address: address, Origin: origin, Service: outcome.Worker, Layout: layout})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = client.Close(context.Background()) })
	return client
}
