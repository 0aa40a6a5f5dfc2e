package station_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// secretsOf returns every string in a file of JSON that is long enough to be a
// secret, by where it stands.
func secretsOf(t *testing.T, file string) map[string]string {
	t.Helper()
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var value any
	if err := json.Unmarshal(raw, &value); err != nil {
		t.Fatal(err)
	}
	found := map[string]string{}
	var walk func(where string, v any)
	walk = func(where string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for name, member := range v {
				walk(where+" "+name, member)
			}
		case []any:
			for i, member := range v {
				walk(fmt.Sprintf("%s %d", where, i), member)
			}
		case string:
			if len(v) >= 12 {
				found[where] = v
			}
		}
	}
	walk(filepath.Base(filepath.Dir(file))+"/"+filepath.Base(file), value)
	return found
}

// TestEachProcessIsGivenItsOwnOnly reads what the kernel says each process was
// started with: no secret stands there, and no path of another's credentials.
func TestEachProcessIsGivenItsOwnOnly(t *testing.T) {
	secrets := map[string]string{
		"root token": shared.Servers.VaultRootToken, "root's key": shared.Servers.S3.AccessKey, "root's secret key": shared.Servers.S3.SecretKey,
	}
	for _, file := range []string{"credentials/api.json", "credentials/worker.json", "people.json"} {
		for where, secret := range secretsOf(t, filepath.Join(shared.Dir, file)) {
			secrets[where] = secret
		}
		if info, err := os.Stat(filepath.Join(shared.Dir, file)); err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%s may be read by others: %v, %v", file, info.Mode(), err)
		}
	}
	if len(secrets) < 16 {
		t.Fatalf("only %d secrets to look for", len(secrets))
	}
	for name, pid := range map[string]int{"api": shared.API.PID(), "worker": shared.Worker.PID(), "witness": shared.Witness.PID()} {
		for _, kind := range []string{"environ", "cmdline"} {
			given, err := os.ReadFile(fmt.Sprintf("/proc/%d/%s", pid, kind))
			if err != nil || len(given) == 0 {
				t.Fatalf("what the %s was started with: %v", name, err)
			}
			for where, secret := range secrets {
				if bytes.Contains(given, []byte(secret)) {
					t.Errorf("the %s's %s holds a secret: %s", name, kind, where)
				}
			}
			for _, other := range []string{"api.json", "worker.json", "people.json", "SEALCASE_VAULT_TOKEN", "SEALCASE_EMBEDDED_DSN", "SEALCASE_S3_SECRET_KEY"} {
				if !strings.HasPrefix(other, name) && bytes.Contains(given, []byte(other)) {
					t.Errorf("the %s's %s names %s", name, kind, other)
				}
			}
		}
	}
}
