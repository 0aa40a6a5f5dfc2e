package app

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/converter"

	"github.com/sealcase/sealcase/cmd/sealcase-verify/page"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/mirror"
	"github.com/sealcase/sealcase/evidence/object"
	"github.com/sealcase/sealcase/evidence/registry"
	"github.com/sealcase/sealcase/evidence/rooms"
	"github.com/sealcase/sealcase/evidence/vault"
	"github.com/sealcase/sealcase/workflows"
	"github.com/sealcase/sealcase/workflows/payload"
)

// App is one process of Sealcase with its engines open.
type App struct {
	Config    Config
	Rooms     *rooms.Rooms
	Workflows *workflows.Client
	Vault     *vault.Client
	Objects   *object.Store
	Registry  *registry.Registry
	Temporal  client.Client
	Logger    *slog.Logger

	root     []evidence.PublicKey // none where the agency has no root
	mirror   *mirror.Mirror
	data     converter.DataConverter // encrypt what Temporal keeps
	failures converter.FailureConverter
}

const (
	probeAgain = time.Hour        // between two looks at whether the store keeps Object Lock's word
	probeRetry = 10 * time.Second // while it could not be found out
	closeTime  = 15 * time.Second
)

// Open opens the engines for a process of ours, vault.ServiceAPI or
// vault.ServiceWorker, that signs in to Vault as role. Vault and Temporal may be
// away for now: what needs them says so then. Invalid means, among others, that
// role is another process's.
func Open(ctx context.Context, c Config, service string, role vault.AppRole, logger *slog.Logger) (*App, error) {
	a := &App{Config: c, Logger: logger}
	witnesses, err := c.witnesses()
	if err != nil {
		return nil, err
	}
	root, err := c.Roots()
	if err != nil {
		return nil, err
	}
	authorities, err := c.authorities()
	if err != nil {
		return nil, err
	}
	if a.Vault, err = vault.New(vault.Config{Address: c.VaultAddr, Origin: c.Origin, Service: role, As: service, Layout: c.Vault.layout()}); err != nil {
		return nil, err
	}
	if err := a.Vault.Health(ctx); evidence.CodeOf(err) == evidence.Invalid {
		return nil, err // another process's credentials
	}
	if a.Objects, err = object.Open(ctx, c.objects()); err != nil {
		return nil, err
	}
	if a.Registry, err = registry.Open(ctx, registry.Config{URI: c.MongoURI, Database: c.MongoDatabase, Logger: logger}); err != nil {
		return nil, err
	}
	a.data, a.failures = payload.Converters(a.Vault)
	if a.Temporal, err = c.dialTemporal(a.data, a.failures, logger); err != nil {
		return nil, errors.Join(err, a.Registry.Close(ctx))
	}
	a.mirror = mirror.New(a.Objects, c.Retention, nil)
	a.Workflows = workflows.NewClient(a.Temporal, c.TemporalQueue, a.data)
	settings := a.roomsConfig(service)
	if settings.Root = root; len(root) > 0 {
		settings.Statements = statements{a.Vault}
	}
	a.root = root
	settings.Witnesses, settings.Authorities = witnesses, authorities
	a.Rooms, err = rooms.Open(settings)
	if err != nil {
		return nil, errors.Join(err, a.Close(ctx))
	}
	go a.keepProbing(ctx, a.probe(ctx))
	return a, nil
}

// roomsConfig is what the rooms are made of in a process of ours. Only a worker
// signs the machine's acts; an API has a worker do it.
func (a *App) roomsConfig(service string) rooms.Config {
	machine := a.Vault.Signer(vault.KeyWorker)
	c := rooms.Config{
		Registry: a.Registry, Objects: a.Objects, Logger: a.Logger,
		Origin: a.Config.Origin, Retention: a.Config.Retention, Version: a.Config.Version,
		Log: a.Vault.Signer(vault.KeyLog), SealKey: a.Vault.Signer(vault.KeySeal),
		WorkerKeys: machine, Directory: a.Vault, Mirror: a.mirror, VerifyPage: page.HTML(),
	}
	if service == vault.ServiceWorker {
		c.Worker = machine
	} else {
		c.Steward = a.Workflows.UpdateRoster
	}
	return c
}

// probe finds out whether the object store keeps Object Lock's word; until it
// is known that it does, evidence is refused.
func (a *App) probe(ctx context.Context) bool {
	err := a.Objects.Probe(ctx)
	switch evidence.CodeOf(err) {
	case "":
		return true
	case evidence.StorageUnsafe:
		a.Logger.ErrorContext(ctx, "the object store does not keep Object Lock's word: evidence is refused", "error", err)
		return true
	}
	a.Logger.WarnContext(ctx, "whether the object store keeps Object Lock's word could not be found out yet", "error", err)
	return false
}

func (a *App) keepProbing(ctx context.Context, known bool) {
	for {
		pause := probeAgain
		if !known {
			pause = probeRetry
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
			known = a.probe(ctx)
		}
	}
}

// Close signs what is due and closes the engines.
func (a *App) Close(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), closeTime)
	defer cancel()
	var errs []error
	if a.Rooms != nil {
		errs = append(errs, a.Rooms.Close(ctx))
	}
	a.Temporal.Close()
	errs = append(errs, a.Registry.Close(ctx), a.Vault.Close(ctx))
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("closing: %w", err)
	}
	return nil
}
