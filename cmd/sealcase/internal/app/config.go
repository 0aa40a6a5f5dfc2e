package app

import (
	"encoding/json"
	"os"
	"strings"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/object"
	"github.com/sealcase/sealcase/evidence/vault"
)

// Config says where the engines are. Secrets come from the environment or from
// files, so that no list of processes shows them.
type Config struct {
	MongoURI      string `name:"mongodb-uri" env:"SEALCASE_MONGODB_URI" required:"" help:"Metadata: mongodb://…"`
	MongoDatabase string `name:"mongodb-database" env:"SEALCASE_MONGODB_DATABASE" default:"sealcase" help:"Name of the database."`

	S3Endpoint  string `name:"s3-endpoint" env:"SEALCASE_S3_ENDPOINT" required:"" help:"Object store: host:port."`
	S3AccessKey string `name:"s3-access-key" env:"SEALCASE_S3_ACCESS_KEY" required:"" help:"Access key."`
	S3SecretKey string `name:"s3-secret-key" env:"SEALCASE_S3_SECRET_KEY" required:"" help:"Secret key."`
	S3TLS       bool   `name:"s3-tls" env:"SEALCASE_S3_TLS" help:"The object store has TLS."`
	S3Region    string `name:"s3-region" env:"SEALCASE_S3_REGION" help:"Region, where the store has any."`
	S3Prefix    string `name:"s3-prefix" env:"SEALCASE_S3_PREFIX" default:"sealcase" help:"What the names of the buckets begin with."`

	VaultAddr string `name:"vault-addr" env:"SEALCASE_VAULT_ADDR" required:"" help:"Vault: https://host:port."`

	TemporalAddress   string `name:"temporal-address" env:"SEALCASE_TEMPORAL_ADDRESS" required:"" help:"Temporal: host:port."`
	TemporalNamespace string `name:"temporal-namespace" env:"SEALCASE_TEMPORAL_NAMESPACE" default:"sealcase" help:"Namespace."`
	TemporalTLS       bool   `name:"temporal-tls" env:"SEALCASE_TEMPORAL_TLS" help:"Temporal has TLS."`
	TemporalQueue     string `name:"temporal-queue" env:"SEALCASE_TEMPORAL_QUEUE" default:"sealcase" help:"Task queue."`

	Origin    string        `env:"SEALCASE_ORIGIN" required:"" help:"Names this installation in checkpoints and keys, such as agency.example."`
	Retention time.Duration `env:"SEALCASE_RETENTION" default:"720h" help:"How far ahead evidence is locked; extended on a schedule."`

	AuditInterval time.Duration `env:"SEALCASE_AUDIT_INTERVAL" default:"6h" help:"How often everything that is stored is compared with everything that was signed; negative for never on a schedule."`

	Outsiders

	Version string     `kong:"-"`
	Vault   VaultNames `kong:"-"`
}

// VaultNames says under which names things lie in Vault; the zero value is
// what an installation has. Tests share a Vault by another prefix.
type VaultNames struct{ Prefix string }

func (n VaultNames) layout() vault.Layout {
	l := vault.DefaultLayout()
	if n.Prefix != "" {
		l = l.WithPrefix(n.Prefix)
	}
	return l
}

func (c Config) objects() object.Config {
	return object.Config{
		Endpoint: c.S3Endpoint, AccessKey: c.S3AccessKey, SecretKey: c.S3SecretKey, TLS: c.S3TLS, Region: c.S3Region, Prefix: c.S3Prefix,
	}
}

// Identity is how a process signs in to Vault: with the file that bootstrap
// wrote, or with the two values of an AppRole.
type Identity struct {
	Credentials  string `name:"vault-credentials" env:"SEALCASE_VAULT_CREDENTIALS" placeholder:"FILE" help:"File that bootstrap wrote."`
	RoleID       string `name:"vault-role-id" env:"SEALCASE_VAULT_ROLE_ID" help:"Role ID of this process, without a file."`
	SecretID     string `name:"vault-secret-id" env:"SEALCASE_VAULT_SECRET_ID" help:"Secret ID of this process; better in a file."`
	SecretIDFile string `name:"vault-secret-id-file" env:"SEALCASE_VAULT_SECRET_ID_FILE" placeholder:"FILE" help:"File with the secret ID."`
}

// Role returns how service, vault.ServiceAPI or vault.ServiceWorker, signs in.
func (i Identity) Role(service string) (vault.AppRole, error) {
	role := vault.AppRole{RoleID: i.RoleID, SecretID: i.SecretID}
	if i.SecretIDFile != "" {
		raw, err := os.ReadFile(i.SecretIDFile)
		if err != nil {
			return role, evidence.WrapError(evidence.Invalid, err, "the file with the secret ID cannot be read")
		}
		role.SecretID = strings.TrimSpace(string(raw))
	}
	if i.Credentials != "" && role.RoleID == "" {
		all, err := ReadCredentials(i.Credentials)
		if err != nil {
			return role, err
		}
		role = all.of(service)
	}
	if role.RoleID == "" || role.SecretID == "" {
		return role, evidence.Errorf(evidence.Invalid,
			"this process cannot sign in to Vault: set SEALCASE_VAULT_CREDENTIALS to the file that sealcase bootstrap wrote, or SEALCASE_VAULT_ROLE_ID and SEALCASE_VAULT_SECRET_ID_FILE")
	}
	return role, nil
}

// Credentials is the file that bootstrap writes: how our processes sign in to
// Vault. It is as secret as what they may do.
type Credentials struct {
	API    vault.AppRole `json:"api"`
	Worker vault.AppRole `json:"worker"`
}

func (c Credentials) of(service string) vault.AppRole {
	if service == vault.ServiceWorker {
		return c.Worker
	}
	return c.API
}

// ReadCredentials reads what bootstrap wrote.
func ReadCredentials(file string) (Credentials, error) {
	var c Credentials
	raw, err := os.ReadFile(file)
	if err != nil {
		return c, evidence.WrapError(evidence.NotFound, err, "the credentials of our processes cannot be read; sealcase bootstrap writes them")
	}
	if err := json.Unmarshal(raw, &c); err != nil {
		return c, evidence.WrapError(evidence.Malformed, err, "the file of credentials is not one that sealcase bootstrap wrote")
	}
	return c, nil
}
