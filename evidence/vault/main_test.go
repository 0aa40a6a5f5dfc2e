package vault_test

import (
	"crypto/rand"
	"net/http"
	"strings"
	"testing"

	"github.com/hashicorp/vault/api"

	"github.com/sealcase/sealcase/deploy/local/servers"
	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/vault"
)

func TestMain(m *testing.M) { servertest.Main(m, servers.Vault) }

const origin = "agency.example"

// house is an installation of its own in a Vault that tests share.
type house struct {
	t       testing.TB
	address string
	admin   *api.Client
	spec    vault.Spec
	outcome vault.Outcome
}

// newHouse bootstraps an installation with three people in the shared Vault.
func newHouse(t testing.TB, change ...func(*vault.Spec)) *house {
	t.Helper()
	address, root := servertest.Vault(t)
	return newHouseAt(t, address, root, change...)
}

func newHouseAt(t testing.TB, address, root string, change ...func(*vault.Spec)) *house {
	t.Helper()
	h := &house{t: t, address: address, admin: rawClient(t, address, root)}
	h.spec = vault.Spec{
		Origin: origin,
		Layout: vault.DefaultLayout().WithPrefix("t" + strings.ToLower(rand.Text()[:12]) + "-"),
		People: []vault.PersonSpec{
			{Login: "ivy", Name: "Ivy Vestigator", Roles: []evidence.Role{evidence.Investigator, evidence.Supervisor}, Password: "ivy-" + rand.Text()},
			{Login: "ed", Name: "Ed Xaminer", Roles: []evidence.Role{evidence.Examiner}, Password: "ed-" + rand.Text()},
			{Login: "norah", Name: "Norah Role", Password: "norah-" + rand.Text()},
		},
	}
	for _, c := range change {
		c(&h.spec)
	}
	h.bootstrap()
	return h
}

func (h *house) bootstrap() {
	h.t.Helper()
	outcome, err := vault.Bootstrap(h.t.Context(), h.admin, h.spec)
	if err != nil {
		h.t.Fatal(err)
	}
	h.outcome = outcome
	h.spec.API, h.spec.Worker = outcome.API, outcome.Worker
}

// client returns the client of a process that signs in with role.
func (h *house) client(role vault.AppRole, change ...func(*vault.Config)) *vault.Client {
	h.t.Helper()
	config := vault.Config{Address: h.address, Origin: origin, Service: role, Layout: h.spec.Layout}
	for _, c := range change {
		c(&config)
	}
	c, err := vault.New(config)
	if err != nil {
		h.t.Fatal(err)
	}
	return c
}

func (h *house) api() *vault.Client { return h.client(h.outcome.API) }

func (h *house) worker() *vault.Client { return h.client(h.outcome.Worker) }

func (h *house) password(login string) string {
	for _, p := range h.spec.People {
		if p.Login == login {
			return p.Password
		}
	}
	h.t.Fatalf("nobody signs in as %s", login)
	return ""
}

// login signs a person in.
func (h *house) login(login string) vault.Session {
	h.t.Helper()
	s, err := h.api().Login(h.t.Context(), login, h.password(login))
	if err != nil {
		h.t.Fatal(err)
	}
	return s
}

// serviceToken signs a process in and returns its token.
func (h *house) serviceToken(role vault.AppRole) string {
	h.t.Helper()
	secret, err := rawClient(h.t, h.address, "").Logical().WriteWithContext(h.t.Context(), "auth/"+h.spec.Layout.Services+"/login",
		map[string]any{"role_id": role.RoleID, "secret_id": role.SecretID})
	if err != nil {
		h.t.Fatal(err)
	}
	return secret.Auth.ClientToken
}

// rawClient returns the driver itself, to try what our own client would not.
func rawClient(t testing.TB, address, token string) *api.Client {
	t.Helper()
	c, err := api.NewClient(&api.Config{Address: address, HttpClient: &http.Client{}, DisableRedirects: true})
	if err != nil {
		t.Fatal(err)
	}
	c.SetMaxRetries(0)
	c.SetToken(token)
	c.ClearNamespace()
	return c
}

// fails fails the test unless err has the code.
func fails(t *testing.T, err error, want evidence.Code) {
	t.Helper()
	if got := evidence.CodeOf(err); got != want {
		t.Fatalf("got code %q, want %q: %v", got, want, err)
	}
}
