package command

import (
	"context"
	"errors"
	"log/slog"
	"maps"
	"net"
	"os"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/witness"
)

type witnessCmd struct {
	Listen   string     `env:"SEALCASE_WITNESS_LISTEN" default:"127.0.0.1:8181" help:"Address to answer at: host:port. Put TLS in front of it where a network lies between."`
	Dir      string     `env:"SEALCASE_WITNESS_DIR" required:"" placeholder:"DIR" help:"Folder of the key and of what was cosigned; keep it, and keep it to yourself."`
	Name     string     `env:"SEALCASE_WITNESS_NAME" placeholder:"NAME" help:"Names the witness's key, such as witness.court.example; needed at the first start."`
	Log      []string   `env:"SEALCASE_WITNESS_LOGS" placeholder:"ORIGIN=VKEY" help:"A log to accept, and the key that signs its heads; may be given more than once."`
	Policy   string     `env:"SEALCASE_WITNESS_POLICY" placeholder:"FILE" help:"File of logs to accept: ORIGIN VKEY, a log a line."`
	LogLevel slog.Level `env:"SEALCASE_LOG_LEVEL" default:"info" help:"debug, info, warn or error."`
}

// Run cosigns heads of logs until it is told to end. It needs none of the
// agency's servers: anybody may run one.
func (c *witnessCmd) Run(ctx context.Context, s *session) error {
	policy, err := c.policy()
	if err != nil {
		return err
	}
	server, err := witness.NewServer(witness.ServerConfig{Dir: c.Dir, Name: c.Name, Logs: policy, Logger: s.logger(c.LogLevel)})
	if err != nil {
		return err
	}
	listener, err := (&net.ListenConfig{}).Listen(ctx, "tcp", c.Listen)
	if err != nil {
		return errors.Join(evidence.WrapError(evidence.Invalid, err, "the witness cannot answer at %s", c.Listen), server.Close())
	}
	vkey, origins := server.Key().VKey(), slices.Sorted(maps.Keys(policy))
	err = s.print(map[string]any{"key": vkey, "listen": listener.Addr().String(), "logs": origins}, func(p *printer) {
		p.say("This witness's key; give it to whoever is to trust it, by a way of your own:")
		p.say("%s", vkey)
		p.say("It answers at %s and cosigns the heads of:", listener.Addr())
		for _, origin := range origins {
			p.say("  %s", origin)
		}
	})
	if err == nil {
		err = server.Serve(ctx, listener)
	}
	return errors.Join(err, server.Close())
}

func (c *witnessCmd) policy() (witness.Policy, error) {
	policy := witness.Policy{}
	if c.Policy != "" {
		text, err := os.ReadFile(c.Policy)
		if err != nil {
			return nil, evidence.WrapError(evidence.NotFound, err, "the file of logs cannot be read")
		}
		if policy, err = witness.ParsePolicy(text); err != nil {
			return nil, err
		}
	}
	for _, log := range c.Log {
		if err := policy.Accept(log); err != nil {
			return nil, err
		}
	}
	return policy, nil
}
