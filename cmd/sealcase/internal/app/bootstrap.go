package app

import (
	"context"
	"errors"
	"log/slog"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/object"
	"github.com/sealcase/sealcase/evidence/registry"
	"github.com/sealcase/sealcase/evidence/vault"
	"github.com/sealcase/sealcase/workflows/worker"
)

// Person is somebody who can sign in, as a file of people has it.
type Person struct {
	Login    string          `json:"login"`
	Name     string          `json:"name"`
	Roles    []evidence.Role `json:"roles"`
	Password string          `json:"password"` // set when the login is made, and never again
}

// Bootstrap prepares the four engines: Vault with token, which is an
// administrator's; buckets; collections and indexes; namespace and search
// attributes. It is idempotent, and writes how each of our processes signs in to a
// file of its own in the folder of credentials. It returns the public keys.
func Bootstrap(ctx context.Context, c Config, token string, people []Person, dir string, logger *slog.Logger) ([]evidence.PublicKey, error) {
	if err := object.Bootstrap(ctx, c.objects()); err != nil {
		return nil, err
	}
	logger.InfoContext(ctx, "storage is ready")
	if err := bootstrapRegistry(ctx, c, logger); err != nil {
		return nil, err
	}
	logger.InfoContext(ctx, "metadata is ready")
	outcome, err := bootstrapVault(ctx, c, token, people, dir)
	if err != nil {
		return nil, err
	}
	logger.InfoContext(ctx, "vault is ready", "people", len(people))
	if !outcome.Audited {
		logger.WarnContext(ctx, "Vault has no audit device that this token can see: who signed in as somebody else, nobody could tell. Switch on two, so that a full disk does not stop it: vault audit enable file file_path=..., then sealcase bootstrap again")
	}
	t, err := c.dialTemporal(nil, nil, logger)
	if err != nil {
		return nil, err
	}
	defer t.Close()
	if err := worker.Bootstrap(ctx, t, c.TemporalNamespace); err != nil {
		return nil, err
	}
	logger.InfoContext(ctx, "workflows are ready")
	return outcome.Keys, nil
}

func bootstrapRegistry(ctx context.Context, c Config, logger *slog.Logger) error {
	r, err := registry.Open(ctx, registry.Config{URI: c.MongoURI, Database: c.MongoDatabase, Logger: logger})
	if err != nil {
		return err
	}
	return errors.Join(r.Bootstrap(ctx), r.Close(ctx))
}

func bootstrapVault(ctx context.Context, c Config, token string, people []Person, dir string) (vault.Outcome, error) {
	admin, err := vault.NewAdmin(c.VaultAddr, token, nil)
	if err != nil {
		return vault.Outcome{}, err
	}
	spec := vault.Spec{Origin: c.Origin, Layout: c.Vault.layout()}
	for _, p := range people {
		spec.People = append(spec.People, vault.PersonSpec{Login: p.Login, Name: p.Name, Roles: p.Roles, Password: p.Password})
	}
	for service, known := range map[string]*vault.AppRole{vault.ServiceAPI: &spec.API, vault.ServiceWorker: &spec.Worker} {
		c, err := knownCredentials(dir, service)
		if err != nil {
			return vault.Outcome{}, err
		}
		*known = c.Vault
	}
	outcome, err := vault.Bootstrap(ctx, admin, spec)
	if err != nil {
		return outcome, err
	}
	return outcome, writeCredentials(dir, credentials{vault.ServiceAPI, outcome.API}, credentials{vault.ServiceWorker, outcome.Worker})
}
