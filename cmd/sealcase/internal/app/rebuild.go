package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/mirror"
	"github.com/sealcase/sealcase/evidence/object"
	"github.com/sealcase/sealcase/evidence/rebuild"
	"github.com/sealcase/sealcase/evidence/registry"
	"github.com/sealcase/sealcase/evidence/vault"
)

// Rebuild makes the database that c names, which must be empty, anew from the
// buckets. It believes keys, or what Vault has when there are none given.
func Rebuild(ctx context.Context, c Config, id Identity, keys []evidence.PublicKey, logger *slog.Logger) (rebuild.Report, error) {
	if len(keys) == 0 {
		var err error
		if keys, err = c.Roots(); err != nil {
			return rebuild.Report{}, err
		}
	}
	if len(keys) == 0 {
		var err error
		if keys, err = agencyKeys(ctx, c, id); err != nil {
			return rebuild.Report{}, err
		}
	}
	c, err := id.Store(vault.ServiceWorker, c)
	if err != nil {
		return rebuild.Report{}, err
	}
	objects, err := object.Open(ctx, c.objects())
	if err != nil {
		return rebuild.Report{}, err
	}
	r, err := registry.Open(ctx, registry.Config{URI: c.MongoURI, Database: c.MongoDatabase, Logger: logger})
	if err != nil {
		return rebuild.Report{}, err
	}
	if err := r.Bootstrap(ctx); err != nil {
		return rebuild.Report{}, errors.Join(err, r.Close(ctx))
	}
	report, err := rebuild.Run(ctx, rebuild.Config{
		Registry: r, Objects: objects, Mirror: mirror.New(objects, c.Retention, nil), Keys: keys, Origin: c.Origin,
		Tell: func(c evidence.CaseID) { logger.InfoContext(ctx, "rebuilding", "case", string(c)) },
	})
	return report, errors.Join(err, r.Close(ctx))
}

// agencyKeys asks Vault for the agency's public keys, as the worker.
func agencyKeys(ctx context.Context, c Config, id Identity) ([]evidence.PublicKey, error) {
	role, err := id.Role(vault.ServiceWorker)
	if err != nil {
		return nil, err
	}
	v, err := vault.New(vault.Config{Address: c.VaultAddr, Origin: c.Origin, Service: role, As: vault.ServiceWorker, Layout: c.Vault.layout()})
	if err != nil {
		return nil, err
	}
	var keys []evidence.PublicKey
	for _, name := range []string{vault.KeyLog, vault.KeySeal, vault.KeyWorker} {
		versions, err := v.Signer(name).PublicKeys(ctx)
		if err != nil {
			return nil, errors.Join(fmt.Errorf("reading the agency's keys: %w", err), v.Close(ctx))
		}
		keys = slices.Concat(keys, versions)
	}
	return keys, v.Close(ctx)
}
