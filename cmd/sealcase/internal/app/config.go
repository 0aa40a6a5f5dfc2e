package app

import (
	"time"

	"github.com/sealcase/sealcase/evidence/object"
	"github.com/sealcase/sealcase/evidence/vault"
)

// Config says where the engines are. Secrets come from the environment or from
// files, so that no list of processes shows them.
type Config struct {
	MongoURI      string `name:"mongodb-uri" env:"SEALCASE_MONGODB_URI" required:"" help:"Metadata: mongodb://…"`
	MongoDatabase string `name:"mongodb-database" env:"SEALCASE_MONGODB_DATABASE" default:"sealcase" help:"Name of the database."`

	S3Endpoint  string `name:"s3-endpoint" env:"SEALCASE_S3_ENDPOINT" required:"" help:"Object store: host:port."`
	S3AccessKey string `name:"s3-access-key" env:"SEALCASE_S3_ACCESS_KEY" help:"Access key; not where the file of credentials has one."`
	S3SecretKey string `name:"s3-secret-key" env:"SEALCASE_S3_SECRET_KEY" help:"Secret key."`
	S3TLS       bool   `name:"s3-tls" env:"SEALCASE_S3_TLS" help:"The object store has TLS."`
	S3Region    string `name:"s3-region" env:"SEALCASE_S3_REGION" help:"Region, where the store has any."`
	S3Prefix    string `name:"s3-prefix" env:"SEALCASE_S3_PREFIX" default:"sealcase" help:"What the names of the buckets begin with."`

	VaultAddr string `name:"vault-addr" env:"SEALCASE_VAULT_ADDR" required:"" help:"Vault: https://host:port."`

	Temporal

	Root      string        `env:"SEALCASE_ROOT" placeholder:"KEY" help:"Public key of the root, which states what keys count: name+hash+base64, or a file of such. Without one no statement is looked at."`
	Origin    string        `env:"SEALCASE_ORIGIN" required:"" help:"Names this installation in checkpoints and keys, such as agency.example."`
	Retention time.Duration `env:"SEALCASE_RETENTION" default:"720h" help:"How far ahead evidence is locked; extended on a schedule."`

	AuditInterval time.Duration `env:"SEALCASE_AUDIT_INTERVAL" default:"6h" help:"How often everything that is stored is compared with everything that was signed; negative for never on a schedule."`

	MirrorInterval time.Duration `env:"SEALCASE_MIRROR_INTERVAL" default:"1m" help:"How often logs are looked for that a killed process left unsigned or not mirrored; negative for never on a schedule."`

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
