package object_test

import (
	"crypto/rand"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/deploy/local/servers"
	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
	"github.com/sealcase/sealcase/evidence/object"
	"github.com/sealcase/sealcase/evidence/object/objecttest"
)

// configFor names fresh buckets on a server.
func configFor(at servers.S3) object.Config {
	return object.Config{Endpoint: at.Endpoint, AccessKey: at.AccessKey, SecretKey: at.SecretKey, TLS: at.TLS,
		Prefix: "t" + strings.ToLower(rand.Text()[:12])}
}

// open bootstraps the buckets and opens the store.
func open(t testing.TB, config object.Config) *object.Store {
	t.Helper()
	if err := object.Bootstrap(t.Context(), config); err != nil {
		t.Fatal(err)
	}
	store, err := object.Open(t.Context(), config)
	if err != nil {
		t.Fatal(err)
	}
	return store
}

func TestMinIO(t *testing.T) {
	objecttest.Run(t, open(t, configFor(servertest.S3(t))))
}

// TestVersitygw shows that the contract is no transcript of MinIO: another
// store keeps it too, as far as objects go that need no Object Lock.
func TestVersitygw(t *testing.T) {
	objecttest.RunPlain(t, open(t, configFor(servertest.Versitygw(t))))
}
