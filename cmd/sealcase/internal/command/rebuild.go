package command

import (
	"context"
	"log/slog"
	"os"

	"github.com/sealcase/sealcase/cmd/sealcase/internal/app"
	"github.com/sealcase/sealcase/evidence"
)

type rebuildCmd struct {
	app.Config
	app.Identity
	Keys     string     `placeholder:"FILE" help:"The agency's root, or its public keys, as published; without it the root of this installation counts, or what Vault has."`
	LogLevel slog.Level `env:"SEALCASE_LOG_LEVEL" default:"warn" help:"debug, info, warn or error."`
}

// Run makes an empty database anew from the buckets.
func (c *rebuildCmd) Run(ctx context.Context, s *session) error {
	var keys []evidence.PublicKey
	if c.Keys != "" {
		text, err := os.ReadFile(c.Keys)
		if err != nil {
			return evidence.WrapError(evidence.NotFound, err, "the file of keys cannot be read")
		}
		if keys, err = evidence.ParseVKeys(text); err != nil {
			return err
		}
	}
	report, err := app.Rebuild(ctx, c.Config, c.Identity, keys, s.logger(c.LogLevel))
	if err != nil {
		return err
	}
	err = s.print(report, func(p *printer) {
		p.say("Made anew from the buckets: %d cases with %d entries, %d items in %d intakes, %d disclosures, %d alarms, %d anchors.",
			report.Cases, report.Entries, report.Items, report.Intakes, report.Disclosures, report.Alarms, report.Anchors)
		for _, l := range report.Lost {
			p.say("Not there: %s %s", string(l.Case), l.What)
		}
		for _, l := range report.Problems {
			p.say("Not as it should be: %s %s", string(l.Case), l.What)
		}
	})
	if err == nil && len(report.Problems) > 0 {
		return &toldError{exitMismatch}
	}
	return err
}
