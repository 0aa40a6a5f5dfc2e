package app_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sealcase/sealcase/cmd/sealcase/internal/app"
	"github.com/sealcase/sealcase/cmd/sealcase/internal/command"
	"github.com/sealcase/sealcase/deploy/local/servers"
	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/registry"
	"github.com/sealcase/sealcase/evidence/vault"
)

func TestMain(m *testing.M) { servertest.Main(m, servers.All()...) }

// installation is a whole Sealcase over the real servers: the API in this
// process, a worker beside it, and one person per role.
type installation struct {
	config app.Config
	url    string
	home   string
	front  atomic.Pointer[http.Handler]                  // the API that answers
	break1 func(http.ResponseWriter, *http.Request) bool // breaks a request off, when it says so
}

func testLogger(t *testing.T) *slog.Logger {
	level := slog.LevelError
	if testing.Verbose() {
		level = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(t.Output(), &slog.HandlerOptions{Level: level}))
}

func install(t *testing.T) *installation {
	t.Helper()
	_, database := servertest.Mongo(t)
	return installOn(t, servertest.Stack(), database)
}

func installOn(t *testing.T, stack *servers.Stack, database string) *installation {
	t.Helper()
	name := "t" + strings.ToLower(rand.Text()[:10])
	in := &installation{home: t.TempDir(), config: app.Config{
		MongoURI: stack.MongoURI, MongoDatabase: database,
		S3Endpoint: stack.S3.Endpoint, S3AccessKey: stack.S3.AccessKey, S3SecretKey: stack.S3.SecretKey, S3TLS: stack.S3.TLS, S3Prefix: name,
		VaultAddr: stack.VaultAddr, Vault: app.VaultNames{Prefix: name + "-"},
		Temporal: app.Temporal{TemporalAddress: stack.TemporalAddress, TemporalNamespace: name, TemporalQueue: name},
		Origin:   name + ".example", Version: "test", Retention: 30 * 24 * time.Hour,
	}}
	credentials := filepath.Join(in.home, "credentials")
	var people []app.Person
	for _, role := range evidence.Roles() {
		people = append(people, app.Person{Login: string(role), Name: "The " + string(role), Roles: []evidence.Role{role}, Password: "secret of " + string(role)})
	}
	people = append(people,
		app.Person{Login: "stranger", Name: "Stranger", Roles: []evidence.Role{evidence.Investigator}, Password: "secret of stranger"},
		app.Person{Login: "sue", Name: "Sue", Roles: []evidence.Role{evidence.Supervisor}, Password: "secret of sue"})
	setup := app.Setup{Token: stack.VaultRootToken, People: people, Credentials: credentials, S3Users: true}
	for range 2 { // it may be run again
		if _, err := app.Bootstrap(t.Context(), in.config, setup, testLogger(t)); err != nil {
			t.Fatal(err)
		}
	}
	if err := stack.IndexEmbedded(t.Context(), database, registry.EqualityFields()); err != nil {
		t.Fatal(err)
	}
	in.run(t)
	return in
}

// identity is what a process of ours signs in with.
func (in *installation) identity(service string) app.Identity {
	return app.Identity{Credentials: app.CredentialsFile(filepath.Join(in.home, "credentials"), service)}
}

// open opens the engines for one of our processes.
func (in *installation) open(t *testing.T, service string) *app.App {
	t.Helper()
	role, err := in.identity(service).Role(service)
	if err != nil {
		t.Fatal(err)
	}
	config, err := in.identity(service).Store(service, in.config)
	if err != nil {
		t.Fatal(err)
	}
	if config.S3AccessKey == in.config.S3AccessKey {
		t.Fatalf("the %s signs in to the object store as its administrator", service)
	}
	a, err := app.Open(t.Context(), config, service, role, testLogger(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := a.Close(context.Background()); err != nil {
			t.Error(err)
		}
	})
	return a
}

// startAPI lets an API with engines of its own answer from now on; the one
// before it, if any, hears nothing more.
func (in *installation) startAPI(t *testing.T) {
	t.Helper()
	server, err := in.open(t, vault.ServiceAPI).API(nil)
	if err != nil {
		t.Fatal(err)
	}
	handler := server.Handler()
	in.front.Store(&handler)
}

// run starts the API and the worker, each with engines of its own.
func (in *installation) run(t *testing.T) {
	t.Helper()
	in.startAPI(t)
	back := in.open(t, vault.ServiceWorker)
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- back.Work(ctx, "") }()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if in.break1 != nil && in.break1(w, r) {
			return
		}
		(*in.front.Load()).ServeHTTP(w, r)
	}))
	in.url = server.URL
	t.Cleanup(func() {
		server.CloseClientConnections()
		server.Close()
		stop()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
}

// as returns the command line of a person, signed in.
func (in *installation) as(t *testing.T, login string) func(args ...string) (string, int) {
	t.Helper()
	home := filepath.Join(in.home, login)
	run := func(args ...string) (string, int) {
		t.Helper()
		var out, errs bytes.Buffer
		code := command.Run(t.Context(), args, command.Env{
			Stdin: strings.NewReader("secret of " + login + "\n"), Stdout: &out, Stderr: &errs, Version: "test",
			Getenv: func(name string) string {
				if name == "SEALCASE_CONFIG_DIR" {
					return home
				}
				return ""
			},
		})
		if code != 0 {
			t.Logf("%s: sealcase %s: exit %d: %s", login, strings.Join(args, " "), code, errs.String())
		}
		return out.String(), code
	}
	if _, code := run("--server", in.url, "login", login); code != 0 {
		t.Fatalf("%s cannot sign in", login)
	}
	return run
}

// ask runs a command that must succeed and reads its JSON.
func ask[T any](t *testing.T, run func(...string) (string, int), args ...string) T {
	t.Helper()
	out, code := run(append([]string{"--json"}, args...)...)
	var value T
	if code != 0 {
		t.Fatalf("sealcase %s: exit %d", strings.Join(args, " "), code)
	}
	if err := json.Unmarshal([]byte(out), &value); err != nil {
		t.Fatalf("sealcase %s: %v in %s", strings.Join(args, " "), err, out)
	}
	return value
}

func write(t *testing.T, path string, content []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// drain reads n bytes of a request and breaks the connection off.
func drain(r *http.Request, n int64) {
	_, _ = io.CopyN(io.Discard, r.Body, n) // the client may be gone already
	panic(http.ErrAbortHandler)
}
