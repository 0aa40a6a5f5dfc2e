package app

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"

	"github.com/sealcase/sealcase/cmd/sealcase/internal/ownfile"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/object"
	"github.com/sealcase/sealcase/evidence/vault"
)

// Identity is how a process signs in to Vault: with the file that bootstrap
// wrote for it, or with the two values of an AppRole.
type Identity struct {
	Credentials  string `name:"credentials" env:"SEALCASE_CREDENTIALS" placeholder:"FILE" help:"File that bootstrap wrote for this process, and for no other."`
	RoleID       string `name:"vault-role-id" env:"SEALCASE_VAULT_ROLE_ID" help:"Role ID of this process, without a file."`
	SecretID     string `name:"vault-secret-id" env:"SEALCASE_VAULT_SECRET_ID" help:"Secret ID of this process; better in a file."`
	SecretIDFile string `name:"vault-secret-id-file" env:"SEALCASE_VAULT_SECRET_ID_FILE" placeholder:"FILE" help:"File with the secret ID."`
}

// Role returns how service, vault.ServiceAPI or vault.ServiceWorker, signs in.
// Invalid means that it was given nothing, or what another process signs in with.
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
		c, err := readCredentials(i.Credentials, service)
		if err != nil {
			return role, err
		}
		role = c.Vault
	}
	if role.RoleID == "" || role.SecretID == "" {
		return role, evidence.Errorf(evidence.Invalid,
			"this process cannot sign in to Vault: set SEALCASE_CREDENTIALS to the file that sealcase bootstrap wrote for the %s, or SEALCASE_VAULT_ROLE_ID and SEALCASE_VAULT_SECRET_ID_FILE", service)
	}
	return role, nil
}

// Store returns c with what service signs in to the object store with: what
// bootstrap wrote for it, where it made users, and otherwise what c says.
func (i Identity) Store(service string, c Config) (Config, error) {
	if i.Credentials != "" {
		own, err := readCredentials(i.Credentials, service)
		if err != nil {
			return c, err
		}
		if own.S3.Access != "" {
			c.S3AccessKey, c.S3SecretKey = own.S3.Access, own.S3.Secret
		}
	}
	if c.S3AccessKey == "" || c.S3SecretKey == "" {
		return c, evidence.Errorf(evidence.Invalid,
			"this process cannot sign in to the object store: set SEALCASE_S3_ACCESS_KEY and SEALCASE_S3_SECRET_KEY, or have sealcase bootstrap make users (--s3-users)")
	}
	return c, nil
}

// credentials is what bootstrap writes for one process of ours. It is as secret
// as what that process may do.
type credentials struct {
	Service string        `json:"service"` // whose they are
	Vault   vault.AppRole `json:"vault"`
	S3      object.Key    `json:"s3,omitzero"` // where bootstrap made users of MinIO
}

// CredentialsFile returns the file in dir that bootstrap writes for service.
func CredentialsFile(dir, service string) string { return filepath.Join(dir, service+".json") }

// readCredentials reads what bootstrap wrote for service. NotFound means that
// there is no such file, Invalid that it is another process's.
func readCredentials(file, service string) (credentials, error) {
	var c credentials
	raw, err := os.ReadFile(file)
	if errors.Is(err, os.ErrNotExist) {
		return c, evidence.WrapError(evidence.NotFound, err, "there is no file of credentials %s; sealcase bootstrap writes it", file)
	}
	if err != nil {
		return c, evidence.WrapError(evidence.Invalid, err, "the file of credentials %s cannot be read", file)
	}
	if err := json.Unmarshal(raw, &c); err != nil || c.Service == "" {
		return c, evidence.WrapError(evidence.Malformed, err, "the file of credentials is not one that this version's sealcase bootstrap wrote; run it again")
	}
	if c.Service != service {
		return c, evidence.Errorf(evidence.Invalid,
			"this process is the %s, and was given the credentials of the %s; give each process its own file and no other", service, c.Service)
	}
	return c, nil
}

// knownCredentials returns what an earlier bootstrap wrote for service, or zero.
func knownCredentials(dir, service string) (credentials, error) {
	c, err := readCredentials(CredentialsFile(dir, service), service)
	if evidence.CodeOf(err) == evidence.NotFound {
		return credentials{}, nil
	}
	return c, err
}

// writeCredentials writes a file for each process into dir, which only its owner
// may enter where it is made now.
func writeCredentials(dir string, all ...credentials) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return evidence.WrapError(evidence.Invalid, err, "the folder of credentials cannot be made")
	}
	for _, c := range all {
		if err := ownfile.WriteJSON(CredentialsFile(dir, c.Service), c); err != nil {
			return err
		}
	}
	return nil
}
