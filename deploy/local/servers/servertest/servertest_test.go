package servertest_test

import (
	"strings"
	"testing"

	"github.com/sealcase/sealcase/deploy/local/servers"
	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
)

func TestMain(m *testing.M) { servertest.Main(m, servers.Mongo) }

func TestMongoIsFreshForEachTest(t *testing.T) {
	uri, one := servertest.Mongo(t)
	_, two := servertest.Mongo(t)
	if uri == "" || one == two {
		t.Errorf("uri %q, databases %q and %q", uri, one, two)
	}
	servertest.IndexEmbedded(t, one, map[string][]string{"entries": {"case"}})
}

// TestAddressesFromTheEnvironment passes the stack on as `go run ./deploy/local
// test` does, and wants it used as it is, embedded database included.
func TestAddressesFromTheEnvironment(t *testing.T) {
	for _, variable := range servertest.Stack().Environ() {
		name, value, _ := strings.Cut(variable, "=")
		t.Setenv(name, value)
	}
	stack, err := servers.Up(t.Context(), servers.Config{Dir: t.TempDir(), Only: []servers.Name{servers.Mongo}})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := stack.Environ(), servertest.Stack().Environ(); strings.Join(got, " ") != strings.Join(want, " ") {
		t.Errorf("got %v, want %v", got, want)
	}
	if err := stack.Kill(servers.Mongo); err == nil {
		t.Error("killed a server that belongs to someone else")
	}
	_, database := servertest.Mongo(t)
	if err := stack.IndexEmbedded(t.Context(), database, map[string][]string{"entries": {"case"}}); err != nil {
		t.Error(err)
	}
}

func TestOwnIgnoresTheEnvironment(t *testing.T) {
	t.Setenv("SEALCASE_MONGODB_URI", "mongodb://somewhere.invalid/")
	stack := servertest.Own(t, servers.Mongo)
	if strings.Contains(stack.MongoURI, "invalid") {
		t.Fatalf("took %s", stack.MongoURI)
	}
	if err := stack.Kill(servers.Mongo); err != nil {
		t.Fatal(err)
	}
	if err := stack.Restart(t.Context(), servers.Mongo); err != nil {
		t.Fatal(err)
	}
}
