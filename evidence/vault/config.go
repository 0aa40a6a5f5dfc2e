package vault

import (
	"net/http"
	"strings"
	"time"

	"github.com/hashicorp/vault/api"

	"github.com/sealcase/sealcase/evidence"
)

// The transit keys of the agency. Those of people are made by people (see
// EnsurePersonKey).
const (
	KeyLog    = "log"    // signs the heads of logs
	KeySeal   = "seal"   // signs the seals of items
	KeyWorker = "worker" // signs the acts of the machine
	KeyRoot   = "root"   // states which of these count; only administrators may use it, and an agency may keep its root elsewhere
)

// agencyKeys returns the transit keys of the agency, in the order in which they
// are listed.
func agencyKeys() []string { return []string{KeyLog, KeySeal, KeyWorker} }

// requestLimit is how long one request may take, so that a stalled Vault (a
// blocked audit device, for one) shows as Unavailable.
const requestLimit = 15 * time.Second

// Layout says under which names things lie in Vault.
type Layout struct {
	Transit  string // mount of the signing keys
	People   string // mount of the logins of people, userpass
	Services string // mount of the logins of processes, approle
	Stated   string // mount of what the root states, kv
	Policies string // what the names of policies and entities begin with
}

// DefaultLayout is the layout of an installation.
func DefaultLayout() Layout {
	return Layout{Transit: "transit", People: "userpass", Services: "approle", Stated: "sealcase-keys", Policies: "sealcase-"}
}

// WithPrefix returns the layout with prefix before every name, so that several
// installations, or tests, share a Vault.
func (l Layout) WithPrefix(prefix string) Layout {
	return Layout{Transit: prefix + l.Transit, People: prefix + l.People, Services: prefix + l.Services, Stated: prefix + l.Stated, Policies: prefix + l.Policies}
}

func (l Layout) orDefault() Layout {
	if l == (Layout{}) {
		return DefaultLayout()
	}
	return l
}

// AppRole is how a process signs in to Vault. The SecretID is a secret: it
// belongs into a file that only the process can read.
type AppRole struct {
	RoleID   string `json:"role_id"`
	SecretID string `json:"secret_id"`
}

// Config says where Vault is and how this process signs in to it.
type Config struct {
	Address string // URL
	Origin  string // names the agency in key names, such as "agency.example"
	Service AppRole
	// As is which of our processes this is: ServiceAPI or ServiceWorker. What
	// Vault says is another's is refused, so that no process holds the rights of
	// two. Empty: any.
	As     string
	Layout Layout // zero: DefaultLayout

	Transport http.RoundTripper // nil: the default one; carries the trusted CAs
	Now       func() time.Time  // nil: time.Now
}

// newAPI returns a client of Vault without a token. Neither VAULT_TOKEN nor
// VAULT_NAMESPACE of the environment reaches it.
func newAPI(address string, transport http.RoundTripper) (*api.Client, error) {
	if transport == nil {
		transport = http.DefaultTransport
	}
	client, err := api.NewClient(&api.Config{
		Address: address, Timeout: requestLimit, DisableRedirects: true,
		HttpClient: &http.Client{Transport: transport},
	})
	if err != nil {
		return nil, evidence.WrapError(evidence.Invalid, err, "the address of Vault is not a URL")
	}
	client.SetMaxRetries(0) // callers are durable workflows or people; they know when to try again
	client.SetToken("")
	client.ClearNamespace()
	return client, nil
}

// checkOrigin refuses an origin that cannot begin the name of a note key.
func checkOrigin(origin string) error {
	if origin == "" || strings.ContainsAny(origin, "+ \t\r\n") {
		return evidence.Errorf(evidence.Invalid, "the origin %q cannot begin the name of a key; use a domain of the agency", origin)
	}
	return nil
}
