package vault_test

import (
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/vault"
)

// TestRootInVault: an administrator makes a root, signs with it and installs what it
// states; processes of ours read that, and may neither use the root nor write. That
// a process or a person cannot is among forbiddenToAll, with the root there, too.
func TestRootInVault(t *testing.T) {
	h := newHouse(t)
	l, ctx := h.spec.Layout, t.Context()
	_, err := h.api().Statement(ctx)
	fails(t, err, evidence.NotFound)
	_, err = vault.RootSigner(ctx, h.admin, l, h.spec.Origin)
	fails(t, err, evidence.NotFound)
	made, err := vault.NewRoot(ctx, h.admin, l, h.spec.Origin)
	if err != nil || made.Name != h.spec.Origin+"/root/v1" {
		t.Fatalf("%s, %v", made.Name, err)
	}
	root, err := vault.RootSigner(ctx, h.admin, l, h.spec.Origin)
	if err != nil {
		t.Fatal(err)
	}
	signed, err := root.Sign(ctx, []byte("one"), []byte("two"))
	if err != nil || len(signed) != 2 || !made.Verify([]byte("two"), signed[1].Bytes) {
		t.Errorf("%v, %v", signed, err)
	}
	if err := vault.InstallStatement(ctx, h.admin, l, []byte("a statement")); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]*vault.Client{"api": h.api(), "worker": h.worker()} {
		if text, err := c.Statement(ctx); err != nil || string(text) != "a statement" {
			t.Errorf("%s reads %q, %v", name, text, err)
		}
	}
	keys, err := vault.AgencyKeys(ctx, h.admin, l, h.spec.Origin)
	if err != nil || len(keys) != 3 || keys[0].At.IsZero() {
		t.Errorf("%v, %v", keys, err)
	}
	for who, token := range map[string]string{
		"api": h.serviceToken(h.outcome.API), "worker": h.serviceToken(h.outcome.Worker), "ivy": h.login("ivy").Token,
	} {
		c := rawClient(t, h.address, token)
		for path, data := range map[string]map[string]any{
			l.Transit + "/sign/root": {"input": "eA=="}, l.Stated + "/stated": {"statement": "mine"}, l.Transit + "/keys/root/rotate": nil,
		} {
			if _, err := c.Logical().Write(path, data); err == nil || !strings.Contains(err.Error(), "403") {
				t.Errorf("%s may write %s: %v", who, path, err)
			}
		}
	}
}
