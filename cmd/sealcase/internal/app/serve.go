package app

import (
	"context"
	"fmt"
	"net"

	"golang.org/x/sync/errgroup"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/analyze"
	"github.com/sealcase/sealcase/evidence/analyze/fileid"
	"github.com/sealcase/sealcase/evidence/analyze/textscan"
	"github.com/sealcase/sealcase/evidence/vault"
	"github.com/sealcase/sealcase/web"
	"github.com/sealcase/sealcase/workflows/worker"
)

// identities is Vault as the API sees it.
type identities struct{ vault *vault.Client }

// Login implements api.Identities.
func (i identities) Login(ctx context.Context, login, password string) (api.Identity, error) {
	s, err := i.vault.Login(ctx, login, password)
	return api.Identity{Token: s.Token, Person: s.Person, Expires: s.Expires}, err
}

// Identify implements api.Identities.
func (i identities) Identify(ctx context.Context, token string) (api.Identity, error) {
	s, err := i.vault.Identify(ctx, token)
	return api.Identity{Person: s.Person, Expires: s.Expires}, err
}

// Logout implements api.Identities.
func (i identities) Logout(ctx context.Context, token string) error {
	return i.vault.Logout(ctx, token)
}

// FindPerson implements api.Identities.
func (i identities) FindPerson(ctx context.Context, login string) (evidence.Person, error) {
	return i.vault.FindPerson(ctx, login)
}

// API returns the HTTP interface over the engines.
func (a *App) API(trustedProxies []string) (*api.Server, error) {
	return api.New(api.Config{
		Custody: a.Custody, Uploads: a.Custody, Workflows: a.Workflows, Identities: identities{a.Vault},
		Checks: []api.Check{
			{Name: "mongodb", Do: a.Registry.Ping}, {Name: "storage", Do: a.storageReady},
			{Name: "vault", Do: a.Vault.Health}, {Name: "temporal", Do: a.Workflows.Health},
		},
		UI: web.Handler(), Policy: web.ContentSecurityPolicy, TrustedProxies: trustedProxies,
		Logger: a.Logger, Version: a.Config.Version,
	})
}

// storageReady asks for the store and for the verdict on its locks.
func (a *App) storageReady(ctx context.Context) error {
	if err := a.Objects.Health(ctx); err != nil {
		return err
	}
	return a.Objects.Writable(ctx)
}

// Serve serves the API and the pages on address until ctx ends; with a worker
// in the same process when withWorker is set.
func (a *App) Serve(ctx context.Context, address string, trustedProxies []string, withWorker bool) error {
	server, err := a.API(trustedProxies)
	if err != nil {
		return err
	}
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", address)
	if err != nil {
		return evidence.WrapError(evidence.Unavailable, err, "the address %s cannot be listened on; is it taken?", address)
	}
	a.Logger.InfoContext(ctx, "serving", "address", "http://"+l.Addr().String(), "version", a.Config.Version)
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error { return server.Run(ctx, l) })
	if withWorker {
		g.Go(func() error { return a.Work(ctx, "") })
	}
	return g.Wait()
}

// Work does the lasting work until ctx ends. A build ID turns Worker
// Versioning on.
func (a *App) Work(ctx context.Context, buildID string) error {
	w := worker.New(a.Temporal, a.Custody, analyzers(), worker.Options{
		Queue: a.Config.TemporalQueue, Retention: a.Config.Retention, BuildID: buildID, Logger: a.Logger,
	})
	if err := w.Run(ctx); err != nil {
		return fmt.Errorf("working: %w", err)
	}
	return nil
}

// analyzers returns what new evidence is given to.
func analyzers() []analyze.Analyzer {
	return []analyze.Analyzer{fileid.Analyzer{}, textscan.Analyzer{}}
}
