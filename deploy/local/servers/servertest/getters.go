package servertest

import (
	"context"
	"crypto/rand"
	"strings"
	"testing"

	"go.mongodb.org/mongo-driver/v2/mongo"
	"go.mongodb.org/mongo-driver/v2/mongo/options"

	"github.com/sealcase/sealcase/deploy/local/servers"
)

// Stack returns the stack of this test binary, or nil if Main was not called.
// It is shared by all tests, so do not kill its servers: use [Own] for that.
func Stack() *servers.Stack { return shared }

// S3 returns how to reach the object store.
func S3(t testing.TB) servers.S3 {
	t.Helper()
	return have(t, servers.MinIO, stack(t).S3, stack(t).S3.Endpoint)
}

// Versitygw returns how to reach the second S3.
func Versitygw(t testing.TB) servers.S3 {
	t.Helper()
	return have(t, servers.Versitygw, stack(t).Versitygw, stack(t).Versitygw.Endpoint)
}

// Temporal returns the address of the workflow engine, host:port.
func Temporal(t testing.TB) string {
	t.Helper()
	return have(t, servers.Temporal, stack(t).TemporalAddress, stack(t).TemporalAddress)
}

// Vault returns the URL of Vault and its root token.
func Vault(t testing.TB) (addr, rootToken string) {
	t.Helper()
	return have(t, servers.Vault, stack(t).VaultAddr, stack(t).VaultAddr), stack(t).VaultRootToken
}

// Mongo returns the URI of the metadata database, and the name of a fresh
// database in it, which is dropped when the test ends.
func Mongo(t testing.TB) (uri, database string) {
	t.Helper()
	uri = have(t, servers.Mongo, stack(t).MongoURI, stack(t).MongoURI)
	database = "test_" + strings.ToLower(rand.Text()[:16])
	t.Cleanup(func() { drop(t, uri, database) })
	return uri, database
}

// IndexEmbedded makes equality queries fast on the embedded default, as
// [servers.Stack.IndexEmbedded] does.
func IndexEmbedded(t testing.TB, database string, fields map[string][]string) {
	t.Helper()
	if err := stack(t).IndexEmbedded(t.Context(), database, fields); err != nil {
		t.Fatal(err)
	}
}

func drop(t testing.TB, uri, database string) {
	ctx, cancel := context.WithTimeout(context.Background(), stopLimit)
	defer cancel()
	client, err := mongo.Connect(options.Client().ApplyURI(uri))
	if err != nil {
		t.Errorf("dropping database %s: %v", database, err)
		return
	}
	defer client.Disconnect(ctx)
	if err := client.Database(database).Drop(ctx); err != nil {
		t.Logf("dropping database %s: %v", database, err) // its server may have been killed on purpose
	}
}

// stack returns the shared stack or fails the test.
func stack(t testing.TB) *servers.Stack {
	t.Helper()
	if shared == nil {
		t.Fatal("servertest: this package has no servers: call servertest.Main from TestMain")
	}
	return shared
}

// have fails the test if the server was not asked for.
func have[T any](t testing.TB, name servers.Name, value T, address string) T {
	t.Helper()
	if address == "" {
		t.Fatalf("servertest: this package did not ask for %s: name it in servertest.Main", name)
	}
	return value
}
