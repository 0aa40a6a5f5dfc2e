package app_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/sealcase/sealcase/cmd/sealcase/internal/app"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/vault"
)

// TestRoleRefusesAnothersFile: before anything is opened.
func TestRoleRefusesAnothersFile(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write := func(name, text string) string {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return file
	}
	api := write("api.json", `{"service":"api","vault":{"role_id":"a","secret_id":"s"}}`)
	worker := write("worker.json", `{"service":"worker","vault":{"role_id":"w","secret_id":"t"}}`)
	for name, try := range map[string]struct {
		identity app.Identity
		service  string
		code     evidence.Code
	}{
		"the API's own":         {app.Identity{Credentials: api}, vault.ServiceAPI, ""},
		"the worker's own":      {app.Identity{Credentials: worker}, vault.ServiceWorker, ""},
		"the worker's":          {app.Identity{Credentials: worker}, vault.ServiceAPI, evidence.Invalid},
		"the API's":             {app.Identity{Credentials: api}, vault.ServiceWorker, evidence.Invalid},
		"both, as there was":    {app.Identity{Credentials: write("old.json", `{"api":{"role_id":"a"},"worker":{"role_id":"w"}}`)}, vault.ServiceAPI, evidence.Malformed},
		"no JSON":               {app.Identity{Credentials: write("none.json", "")}, vault.ServiceAPI, evidence.Malformed},
		"no file":               {app.Identity{Credentials: filepath.Join(dir, "absent.json")}, vault.ServiceAPI, evidence.NotFound},
		"nothing":               {app.Identity{}, vault.ServiceAPI, evidence.Invalid},
		"an ID and no secret":   {app.Identity{RoleID: "a"}, vault.ServiceAPI, evidence.Invalid},
		"without a file":        {app.Identity{RoleID: "a", SecretIDFile: write("secret", "s\n")}, vault.ServiceAPI, ""},
		"a file without values": {app.Identity{Credentials: write("empty.json", `{"service":"api"}`)}, vault.ServiceAPI, evidence.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			role, err := try.identity.Role(try.service)
			if got := evidence.CodeOf(err); got != try.code {
				t.Fatalf("got %v, want code %q", err, try.code)
			}
			if try.code == evidence.Invalid && try.identity.RoleID == "" && role.SecretID != "" {
				t.Error("a refused secret was handed out")
			}
		})
	}
}

// TestOpenRefusesAnothersRole: given without a file, it is Vault that says so.
func TestOpenRefusesAnothersRole(t *testing.T) {
	t.Parallel()
	in := install(t)
	for given, opened := range map[string]string{vault.ServiceWorker: vault.ServiceAPI, vault.ServiceAPI: vault.ServiceWorker} {
		role, err := in.identity(given).Role(given)
		if err != nil {
			t.Fatal(err)
		}
		_, err = app.Open(t.Context(), in.config, opened, role, testLogger(t))
		if evidence.CodeOf(err) != evidence.Invalid {
			t.Errorf("the %s opened with what is the %s's: %v", opened, given, err)
		}
	}
	info, err := os.Stat(filepath.Join(in.home, "credentials"))
	if err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("the folder of credentials: %v, %v", info.Mode(), err)
	}
	for _, service := range []string{vault.ServiceAPI, vault.ServiceWorker} {
		info, err := os.Stat(app.CredentialsFile(filepath.Join(in.home, "credentials"), service))
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("the %s's credentials: %v, %v", service, info.Mode(), err)
		}
	}
}
