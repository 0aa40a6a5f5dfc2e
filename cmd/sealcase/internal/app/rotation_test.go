package app_test

import (
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/vault"
)

// TestRotation makes a new version of every key in Vault while the processes
// run: acts before and after are one log, and whoever trusts only the keys from
// before can check all of it.
func TestRotation(t *testing.T) {
	in := install(t)
	investigator, examiner, prosecutor := in.as(t, "investigator"), in.as(t, "examiner"), in.as(t, "prosecutor")
	c := ask[evidence.Case](t, investigator, "case", "open", "Rotation", "--member", "examiner", "--member", "prosecutor")
	add := func(name string) {
		file := filepath.Join(t.TempDir(), name)
		write(t, file, []byte(name))
		ask[receipt](t, examiner, "evidence", "add", file, "--case", c.Number, "--source", name)
	}
	add("before")
	before := in.keys(t)
	a := in.open(t, vault.ServiceAPI)
	who, err := a.Vault.Identify(t.Context(), in.token(t, "examiner"))
	if err != nil {
		t.Fatal(err)
	}
	for _, key := range []string{vault.KeyLog, vault.KeySeal, vault.KeyWorker, "person-" + string(who.Person.ID)} {
		in.rotate(t, key)
	}
	add("after")
	acts := in.signedBy(t, c.ID)
	introduced := 0
	for _, signed := range acts {
		for _, act := range signed {
			if act == evidence.ActKey {
				introduced++
			}
		}
	}
	if introduced < 3 || !slices.Contains(acts["examiner"], evidence.ActReceived) { // the seal key's comes with the first seal
		t.Errorf("%d keys were introduced: %v", introduced, acts)
	}
	d := ask[evidence.Disclosure](t, prosecutor, "bundle", "export", "--case", c.Number, "--recipient", "Court", "--purpose", "trial")
	out := filepath.Join(t.TempDir(), "b.zip")
	ask[map[string]any](t, prosecutor, "bundle", "download", string(d.ID), "-o", out)
	file, err := os.Open(out)
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	report, err := bundle.Verify(t.Context(), file, d.Length, before, bundle.Options{})
	if err != nil || report.Outcome != "ok" {
		t.Errorf("with the keys from before: %+v, %v", report, err)
	}
}

// keys returns the agency's keys as anybody reads them.
func (in *installation) keys(t *testing.T) []evidence.PublicKey {
	t.Helper()
	return publishedKeys(t, in.as(t, "auditor"))
}

// rotate makes a new version of a key, as an administrator of Vault does.
func (in *installation) rotate(t *testing.T, key string) {
	t.Helper()
	_, root := servertest.Vault(t)
	admin, err := vault.NewAdmin(in.config.VaultAddr, root, http.DefaultTransport)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := admin.Logical().WriteWithContext(t.Context(), in.config.Vault.Prefix+"transit/keys/"+key+"/rotate", nil); err != nil {
		t.Fatal(err)
	}
}
