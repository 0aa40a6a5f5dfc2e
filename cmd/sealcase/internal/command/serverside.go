package command

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/cmd/sealcase/internal/app"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/vault"
)

type serveCmd struct {
	app.Config
	app.Identity
	app.Listening
	LogLevel slog.Level `env:"SEALCASE_LOG_LEVEL" default:"info" help:"debug, info, warn or error."`
}

// Run serves until it is told to end.
func (c *serveCmd) Run(ctx context.Context, s *session) error {
	return s.process(ctx, c.Config, c.Identity, vault.ServiceAPI, c.LogLevel, func(ctx context.Context, a *app.App) error {
		return a.Serve(ctx, c.Listening)
	})
}

type workerCmd struct {
	app.Config
	app.Identity
	BuildID  string     `env:"SEALCASE_BUILD_ID" help:"Turns Temporal's Worker Versioning on."`
	LogLevel slog.Level `env:"SEALCASE_LOG_LEVEL" default:"info" help:"debug, info, warn or error."`
}

// Run works until it is told to end.
func (c *workerCmd) Run(ctx context.Context, s *session) error {
	return s.process(ctx, c.Config, c.Identity, vault.ServiceWorker, c.LogLevel, func(ctx context.Context, a *app.App) error {
		return a.Work(ctx, c.BuildID)
	})
}

// process opens the engines for a process of ours, and closes them after do.
func (s *session) process(ctx context.Context, c app.Config, id app.Identity, service string, level slog.Level, do func(context.Context, *app.App) error) error {
	role, err := id.Role(service)
	if err != nil {
		return err
	}
	if c, err = id.Store(service, c); err != nil {
		return err
	}
	c.Version = s.Env.Version
	logger := s.logger(level)
	a, err := app.Open(ctx, c, service, role, logger)
	if err != nil {
		return err
	}
	err = do(ctx, a)
	logger.InfoContext(ctx, "ending", "process", service)
	return errors.Join(err, a.Close(ctx))
}

func (s *session) logger(level slog.Level) *slog.Logger {
	return slog.New(slog.NewJSONHandler(s.Stderr, &slog.HandlerOptions{Level: level}))
}

type bootstrapCmd struct {
	app.Config
	Token       string `name:"vault-token" env:"SEALCASE_VAULT_TOKEN" required:"" help:"An administrator's token of Vault; better in the environment."`
	People      string `env:"SEALCASE_PEOPLE" placeholder:"FILE" help:"JSON list of people: login, name, roles, password."`
	Credentials string `name:"credentials" env:"SEALCASE_CREDENTIALS_DIR" default:"sealcase-credentials" placeholder:"FOLDER" help:"Folder for api.json and worker.json: how each process signs in to the engines. Give each process its own file only."`
	S3Users     bool   `name:"s3-users" env:"SEALCASE_S3_USERS" help:"Make users of MinIO for our processes, who can neither bypass locks nor delete versions; the key given here is then an administrator's."`
}

// Run prepares the engines. It may be run again.
func (c *bootstrapCmd) Run(ctx context.Context, s *session) error {
	var people []app.Person
	if c.People != "" {
		raw, err := os.ReadFile(c.People)
		if err != nil {
			return evidence.WrapError(evidence.NotFound, err, "the file of people cannot be read")
		}
		if err := json.Unmarshal(raw, &people); err != nil {
			return evidence.WrapError(evidence.Malformed, err, "the file of people is not a JSON list of {login, name, roles, password}")
		}
	}
	keys, err := app.Bootstrap(ctx, c.Config, app.Setup{Token: c.Token, People: people, Credentials: c.Credentials, S3Users: c.S3Users}, s.logger(slog.LevelInfo))
	if err != nil {
		return err
	}
	lines := make([]string, len(keys))
	for i, k := range keys {
		lines[i] = k.VKey()
	}
	return s.print(map[string]any{"credentials": c.Credentials, "people": len(people), "keys": lines}, func(p *printer) {
		p.say("Ready. %d people can sign in; our processes do with the files in %s.", len(people), c.Credentials)
		p.say("These public keys check everything that is disclosed; publish them where nobody can change them:")
		for _, line := range lines {
			p.say("%s", line)
		}
	})
}

type openapiCmd struct{}

// Run writes the description of the HTTP interface.
func (c *openapiCmd) Run(s *session) error {
	server, err := api.New(api.Config{})
	if err != nil {
		return err
	}
	document, err := server.OpenAPI()
	if err != nil {
		return err
	}
	_, err = s.Stdout.Write(document)
	return err
}
