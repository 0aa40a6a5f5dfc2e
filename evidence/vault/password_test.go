package vault_test

import (
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/vault"
)

// TestAStolenSessionCannotTakeAnAccountOver tries with a session's token all that
// would outlast the session, in the clean installation and in one that an
// earlier bootstrap made, whose people could set their password.
func TestAStolenSessionCannotTakeAnAccountOver(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	l, user := h.spec.Layout, "auth/"+h.spec.Layout.People+"/users/ed"
	earlier := `path "` + user + `/password" { capabilities = ["update"] }`
	if err := h.admin.Sys().PutPolicyWithContext(t.Context(), l.Policies+"person", earlier); err != nil {
		t.Fatal(err)
	}
	stolen := h.login("ed").Token
	h.bootstrap()
	refused(t, rawClient(t, h.address, stolen), []try{
		tryWrite(user+"/password", map[string]any{"password": "mallory knows this"}),
		tryWrite(user+"/password", map[string]any{"password_hash": "$2a$10$mallory"}),
		tryWrite(user, map[string]any{"password": "mallory knows this"}),
		tryWrite(user, map[string]any{"token_ttl": "8760h", "token_max_ttl": "8760h"}),
		tryWrite(user, map[string]any{"token_period": "24h"}),
		tryWrite(user, map[string]any{"token_bound_cidrs": "203.0.113.0/24"}),
		tryWrite(user, map[string]any{"token_policies": []string{"root"}}),
		tryWrite(user, map[string]any{"token_no_default_policy": false}),
		tryWrite(user+"/policies", map[string]any{"token_policies": []string{"root"}}),
		tryRead(user),
		tryDelete(user),
		tryWrite("sys/auth/"+l.People+"/tune", map[string]any{"max_lease_ttl": "8760h"}),
		tryRead("sys/auth/" + l.People + "/tune"),
		tryWrite("sys/locked-users/"+l.People+"/unlock/ed", nil),
		tryWrite("identity/mfa/method/totp/generate", map[string]any{"method_id": "11111111-1111-1111-1111-111111111111"}),
		tryWrite("identity/mfa/method/totp", map[string]any{"issuer": "mallory"}),
		tryWrite("identity/mfa/method/totp/admin-destroy", map[string]any{"method_id": "x", "entity_id": "x"}),
		tryWrite("identity/mfa/login-enforcement/mallory", map[string]any{"mfa_method_ids": []string{"x"}}),
		tryWrite("identity/oidc/role/mallory", map[string]any{"key": "x"}),
		tryWrite("auth/token/create", map[string]any{"ttl": "8760h"}),
		tryWrite("auth/token/create-orphan", nil),
		tryWrite("auth/token/create/mallory", nil),
		tryWrite("auth/token/renew-accessor", map[string]any{"accessor": "x"}),
		tryWrite("cubbyhole/kept", map[string]any{"for": "later"}),
		tryWrite("sys/wrapping/wrap", map[string]any{"for": "later"}),
	})
	if _, err := h.api().Login(t.Context(), "ed", h.password("ed")); err != nil {
		t.Errorf("ed's own password does not do any more: %v", err)
	}
}

func TestSetPassword(t *testing.T) {
	t.Parallel()
	const fresh = "correct horse battery"
	h := newHouse(t, func(s *vault.Spec) { // a login that begins as another does
		s.People = append(s.People, vault.PersonSpec{Login: "ed.w", Name: "Ed Ward", Password: "secret of ed.w"})
	})
	ed, other := h.login("ed"), h.login("ed.w")
	for name, try := range map[string]struct {
		login, password string
		code            evidence.Code
	}{
		"nobody":     {"nobody", fresh, evidence.NotFound},
		"a path":     {"ed/../ivy", fresh, evidence.NotFound},
		"none":       {"", fresh, evidence.NotFound},
		"too short":  {"ed", "short", evidence.Invalid},
		"no letters": {"ed", "", evidence.Invalid},
		"too long":   {"ed", strings.Repeat("x", 100_000), evidence.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			fails(t, vault.SetPassword(t.Context(), h.admin, h.spec.Layout, try.login, try.password), try.code)
		})
	}
	if _, err := h.api().Identify(t.Context(), ed.Token); err != nil {
		t.Fatalf("a session ended by what failed: %v", err)
	}
	if err := vault.SetPassword(t.Context(), h.admin, h.spec.Layout, "Ed", fresh); err != nil {
		t.Fatal(err)
	}
	_, err := h.api().Identify(t.Context(), ed.Token)
	fails(t, err, evidence.Unauthenticated)
	if _, err := h.api().Identify(t.Context(), other.Token); err != nil {
		t.Errorf("somebody else's session ended: %v", err)
	}
	_, err = h.api().Login(t.Context(), "ed", h.password("ed"))
	fails(t, err, evidence.Unauthenticated)
	h.bootstrap()
	if _, err := h.api().Login(t.Context(), "ed", fresh); err != nil {
		t.Errorf("Bootstrap took the new password away: %v", err)
	}
}
