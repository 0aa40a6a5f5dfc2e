package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/analyze"
	"github.com/sealcase/sealcase/evidence/analyze/fileid"
	"github.com/sealcase/sealcase/evidence/analyze/session/formats"
	"github.com/sealcase/sealcase/evidence/analyze/textscan"
	"github.com/sealcase/sealcase/evidence/audit"
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

// EnsureKey implements api.Identities.
func (i identities) EnsureKey(ctx context.Context, token string, person evidence.PersonID) error {
	return i.vault.EnsurePersonKey(ctx, token, person)
}

// Signer implements api.Identities.
func (i identities) Signer(token string, person evidence.PersonID) evidence.Signer {
	return i.vault.PersonSigner(token, person)
}

// FindPerson implements api.Identities.
func (i identities) FindPerson(ctx context.Context, login string) (evidence.Person, error) {
	return i.vault.FindPerson(ctx, login)
}

// API returns the HTTP interface over the engines.
func (a *App) API(trustedProxies []string) (*api.Server, error) {
	return api.New(api.Config{
		Casework: a.Rooms.Custody, Wishes: a.Rooms.Custody, Logs: a.Rooms.Custody, PublicKeys: a.Rooms.Clerk, Exhibits: a.Rooms.Analyses, Collections: a.Rooms.Exhibits, Intakes: a.Rooms.Intakes, Uploads: a.Rooms.Uploads,
		Bundles: a.Rooms.Disclose, Register: a.Rooms.Register, AlarmBook: a.Rooms.Alarms, Workflows: a.Workflows, Identities: identities{a.Vault},
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

// Listening is where and how the API is served.
type Listening struct {
	Listen         string   `env:"SEALCASE_LISTEN" default:"127.0.0.1:8080" help:"Address to listen on."`
	TLSCert        string   `name:"tls-cert" env:"SEALCASE_TLS_CERT" placeholder:"FILE" help:"Certificate chain (PEM); without one, put a proxy with TLS in front."`
	TLSKey         string   `name:"tls-key" env:"SEALCASE_TLS_KEY" placeholder:"FILE" help:"Key of the certificate (PEM)."`
	TrustedProxies []string `env:"SEALCASE_TRUSTED_PROXIES" help:"Addresses or networks of proxies whose X-Forwarded-For is believed."`
}

// listener returns the listener, with TLS when there is a certificate.
func (o Listening) listener(ctx context.Context) (net.Listener, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", o.Listen)
	if err != nil {
		return nil, evidence.WrapError(evidence.Unavailable, err, "the address %s cannot be listened on; is it taken?", o.Listen)
	}
	if o.TLSCert == "" && o.TLSKey == "" {
		return l, nil
	}
	certificate, err := tls.LoadX509KeyPair(o.TLSCert, o.TLSKey)
	if err != nil {
		return nil, errors.Join(evidence.WrapError(evidence.Invalid, err, "the certificate or its key cannot be read"), l.Close())
	}
	return tls.NewListener(l, &tls.Config{Certificates: []tls.Certificate{certificate}, MinVersion: tls.VersionTLS12}), nil
}

// Serve serves the API and the pages until ctx ends.
func (a *App) Serve(ctx context.Context, o Listening) error {
	server, err := a.API(o.TrustedProxies)
	if err != nil {
		return err
	}
	l, err := o.listener(ctx)
	if err != nil {
		return err
	}
	a.Logger.InfoContext(ctx, "serving", "address", l.Addr().String(), "tls", o.TLSCert != "", "version", a.Config.Version)
	return server.Run(ctx, l)
}

// Work does the lasting work until ctx ends. A build ID turns Worker
// Versioning on.
func (a *App) Work(ctx context.Context, buildID string) error {
	w := worker.New(a.Temporal, a.lasting(), analyzers(), worker.Options{
		Queue: a.Config.TemporalQueue, Data: a.data, Retention: a.Config.Retention, BuildID: buildID, Logger: a.Logger,
		Auditor: a.auditor(), AuditInterval: a.Config.AuditInterval, RegisterInterval: a.Config.RegisterInterval,
		MirrorInterval: a.Config.MirrorInterval,
	})
	if err := w.Run(ctx); err != nil {
		return fmt.Errorf("working: %w", err)
	}
	return nil
}

// lasting returns what does the lasting work.
func (a *App) lasting() worker.Rooms {
	r := a.Rooms
	return worker.Rooms{
		Casefile: r.Custody, Cases: r.Custody, Roster: r.Clerk, Intakes: r.Intakes, Sealing: r.Sealing, Exhibits: r.Exhibits,
		Analysis: r.Analyses, Disclosure: r.Disclose, Audit: r.Alarms, Register: r.Register, Mirroring: r.Register,
	}
}

// auditor returns what compares everything that the engines keep.
func (a *App) auditor() *audit.Auditor {
	service := evidence.ServiceActor("worker")
	return audit.New(audit.Config{
		Registry: a.Registry, Objects: a.Objects, Mirror: a.mirror, Origin: a.Config.Origin, Retention: a.Config.Retention,
		Keys: a.Rooms.Clerk.VaultKeys, Root: a.root, Stated: statements{a.Vault}.Stated, People: a.Vault.PersonKeys, Witnesses: a.Rooms.Register.CheckWitnesses,
		Publish: func(ctx context.Context) error {
			_, err := a.Rooms.Register.PublishHeads(ctx, service)
			return err
		},
		CatchUp: func(ctx context.Context, c evidence.CaseID) error { return a.Rooms.Register.CatchUp(ctx, service, c) },
		Gone: func(ctx context.Context, gone []evidence.AlarmID) error {
			return a.Rooms.Alarms.RecordGone(ctx, service, gone)
		},
	})
}

// analyzers returns what new evidence is given to.
func analyzers() []analyze.Analyzer {
	return []analyze.Analyzer{fileid.Analyzer{}, formats.Analyzer(), textscan.Analyzer{}}
}
