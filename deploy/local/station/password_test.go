package station_test

import (
	"net/http"
	"os/exec"
	"testing"
)

// TestAdministratorSetsAPassword ends every session of the person, and the old
// password does not do any more.
func TestAdministratorSetsAPassword(t *testing.T) {
	who, err := shared.Person("aisha")
	if err != nil {
		t.Fatal(err)
	}
	session := anew(t, "aisha")
	set := func(password string) {
		t.Helper()
		cmd := exec.CommandContext(t.Context(), shared.Program("sealcase"), "password", "aisha")
		cmd.Env = []string{"SEALCASE_VAULT_ADDR=" + shared.Servers.VaultAddr, "SEALCASE_VAULT_TOKEN=" + shared.Servers.VaultRootToken, "SEALCASE_PASSWORD=" + password}
		if said, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, said)
		}
	}
	set("another password of hers")
	defer func() { // later tests sign in as before
		set(who.Password)
		delete(shells, "aisha")
	}()
	until(t, "the session is over", patience, func() bool {
		return session.send(http.MethodGet, "/session", nil, nil).status == http.StatusUnauthorized
	})
	r := wire{t, ""}.send(http.MethodPost, "/session", nil, `{"login":"aisha","password":"`+who.Password+`","client":"cli"}`)
	if r.status != http.StatusUnauthorized {
		t.Errorf("the old password: %d %s", r.status, r.body)
	}
}
