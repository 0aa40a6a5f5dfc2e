package app

import (
	"context"
	"errors"
	"log/slog"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/object"
	"github.com/sealcase/sealcase/evidence/registry"
	"github.com/sealcase/sealcase/evidence/vault"
	duties "github.com/sealcase/sealcase/workflows/worker"
)

// Person is somebody who can sign in, as a file of people has it.
type Person struct {
	Login    string          `json:"login"`
	Name     string          `json:"name"`
	Roles    []evidence.Role `json:"roles"`
	Password string          `json:"password"` // set when the login is made, and never again
}

// Setup is what only bootstrap is told.
type Setup struct {
	Token       string // an administrator's of Vault
	People      []Person
	Credentials string // folder to write how each of our processes signs in
	// S3Users has users of MinIO made for our processes, with Config's key of the
	// object store, which is then an administrator's.
	S3Users bool
}

// Bootstrap prepares the four engines: Vault; buckets; collections and indexes; namespace and search
// attributes. It is idempotent, and writes how each of our processes signs in to a
// file of its own in the folder of credentials. It returns the public keys.
func Bootstrap(ctx context.Context, c Config, setup Setup, logger *slog.Logger) ([]evidence.PublicKey, error) {
	if err := object.Bootstrap(ctx, c.objects()); err != nil {
		return nil, err
	}
	logger.InfoContext(ctx, "storage is ready")
	if err := bootstrapRegistry(ctx, c, logger); err != nil {
		return nil, err
	}
	logger.InfoContext(ctx, "metadata is ready")
	api, worker, err := bootstrapProcesses(ctx, c, setup)
	if err != nil {
		return nil, err
	}
	outcome, err := bootstrapVault(ctx, c, setup, api, worker)
	if err != nil {
		return nil, err
	}
	logger.InfoContext(ctx, "vault is ready", "people", len(setup.People))
	if !outcome.Audited {
		logger.WarnContext(ctx, "Vault has no audit device that this token can see: who signed in as somebody else, nobody could tell. Switch on two, so that a full disk does not stop it: vault audit enable file file_path=..., then sealcase bootstrap again")
	}
	t, err := c.dialTemporal(nil, nil, logger)
	if err != nil {
		return nil, err
	}
	defer t.Close()
	if err := duties.Bootstrap(ctx, t, c.TemporalNamespace); err != nil {
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

// bootstrapProcesses returns what an earlier bootstrap gave our processes, with
// users of the object store, where they are wanted.
func bootstrapProcesses(ctx context.Context, c Config, setup Setup) (api, worker credentials, err error) {
	for service, own := range map[string]*credentials{vault.ServiceAPI: &api, vault.ServiceWorker: &worker} {
		if *own, err = knownCredentials(setup.Credentials, service); err != nil {
			return api, worker, err
		}
		own.Service = service
		if !setup.S3Users {
			continue
		}
		if own.S3, err = object.BootstrapUser(ctx, c.objects(), service, own.S3); err != nil {
			return api, worker, err
		}
	}
	return api, worker, nil
}

func bootstrapVault(ctx context.Context, c Config, setup Setup, api, worker credentials) (vault.Outcome, error) {
	admin, err := vault.NewAdmin(c.VaultAddr, setup.Token, nil)
	if err != nil {
		return vault.Outcome{}, err
	}
	spec := vault.Spec{Origin: c.Origin, Layout: c.Vault.layout()}
	for _, p := range setup.People {
		spec.People = append(spec.People, vault.PersonSpec{Login: p.Login, Name: p.Name, Roles: p.Roles, Password: p.Password})
	}
	spec.API, spec.Worker = api.Vault, worker.Vault
	outcome, err := vault.Bootstrap(ctx, admin, spec)
	if err != nil {
		return outcome, err
	}
	api.Vault, worker.Vault = outcome.API, outcome.Worker
	return outcome, writeCredentials(setup.Credentials, api, worker)
}
