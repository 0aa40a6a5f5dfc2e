package vault_test

import (
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/vault"
)

// TestAProcessIsItselfOnly: whatever a file says, Vault says whose a role is.
func TestAProcessIsItselfOnly(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, try := range []struct {
		as   string
		role vault.AppRole
		code evidence.Code
	}{
		{vault.ServiceAPI, h.outcome.API, ""},
		{vault.ServiceWorker, h.outcome.Worker, ""},
		{vault.ServiceAPI, h.outcome.Worker, evidence.Invalid},
		{vault.ServiceWorker, h.outcome.API, evidence.Invalid},
		{vault.ServiceAPI, vault.AppRole{RoleID: h.outcome.Worker.RoleID, SecretID: h.outcome.API.SecretID}, evidence.Unavailable},
	} {
		c := h.client(try.role, func(c *vault.Config) { c.As = try.as })
		fails(t, c.Health(t.Context()), try.code)
		if _, err := c.Signer(vault.KeyLog).Sign(t.Context(), []byte("x")); evidence.CodeOf(err) != try.code {
			t.Errorf("as %s: signing gives %v, want %q", try.as, err, try.code)
		}
	}
}
