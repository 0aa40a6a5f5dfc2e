package servers_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/deploy/local/servers"
)

func TestAddressesInTheEnvironment(t *testing.T) {
	given := []string{
		"SEALCASE_MONGODB_URI=mongodb://m/", "SEALCASE_EMBEDDED_DSN=postgres://p/", "SEALCASE_VAULT_ADDR=https://v",
		"SEALCASE_VAULT_TOKEN=t", "SEALCASE_TEMPORAL_ADDRESS=t:7233", "SEALCASE_S3_ENDPOINT=s:9000",
		"SEALCASE_S3_ACCESS_KEY=a", "SEALCASE_S3_SECRET_KEY=k", "SEALCASE_S3_TLS=true",
	}
	for _, variable := range given {
		name, value, _ := strings.Cut(variable, "=")
		t.Setenv(name, value)
	}
	stack, err := servers.Up(t.Context(), servers.Config{}) // needs no folder: it starts nothing
	if err != nil {
		t.Fatal(err)
	}
	if !stack.S3.TLS || !stack.Embedded {
		t.Errorf("got %+v, embedded %t", stack.S3, stack.Embedded)
	}
	if got := stack.Environ(); !slices.Equal(got, given) {
		t.Errorf("got %v", got)
	}
	if err := stack.Restart(t.Context(), servers.Vault); err == nil {
		t.Error("restarted a server that belongs to someone else")
	}
	if err := stack.Down(t.Context()); err != nil {
		t.Error(err)
	}
}

func TestHalfAnAddressInTheEnvironment(t *testing.T) {
	for _, test := range []struct{ set, missing string }{
		{"SEALCASE_VAULT_ADDR", "SEALCASE_VAULT_TOKEN"},
		{"SEALCASE_S3_ENDPOINT", "SEALCASE_S3_ACCESS_KEY"},
	} {
		t.Run(test.set, func(t *testing.T) {
			t.Setenv(test.set, "somewhere")
			t.Setenv(test.missing, "")
			_, err := servers.Up(t.Context(), servers.Config{Dir: t.TempDir()})
			if err == nil || !strings.Contains(err.Error(), test.missing) {
				t.Errorf("got %v", err)
			}
		})
	}
}
