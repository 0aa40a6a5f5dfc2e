package command

import (
	"context"

	"github.com/sealcase/sealcase/cmd/sealcase/internal/client"
	"github.com/sealcase/sealcase/cmd/sealcase/internal/savefile"
	"github.com/sealcase/sealcase/evidence"
)

type keysCmd struct {
	Show    keysShowCmd    `cmd:"" default:"withargs" help:"Write the public keys that check bundles: the root, where the agency has one."`
	Request keysRequestCmd `cmd:"" help:"Write what the root is to state next, as Vault's administrator."`
	Install keysInstallCmd `cmd:"" help:"Install what the root has signed, as Vault's administrator."`
}

type keysShowCmd struct {
	Output string `short:"o" help:"File to write to; the standard output when empty." placeholder:"FILE"`
	Force  bool   `help:"Replace a file that is there."`
}

// Run writes the agency's public keys. They are public: no sign-in is needed.
func (c *keysShowCmd) Run(ctx context.Context, s *session) error {
	k, err := s.remembered()
	if err != nil {
		return err
	}
	server, err := client.New(firstOf(s.server, k.Current, defaultServer), "", s.Env.Version)
	if err != nil {
		return err
	}
	text, err := server.Keys(ctx)
	if err != nil {
		return err
	}
	keys, err := evidence.ParseVKeys(text)
	if err != nil {
		return err
	}
	if c.Output != "" {
		if err := savefile.At(c.Output, "keys.vkey", c.Force).Write(text); err != nil {
			return err
		}
	}
	lines := make([]string, len(keys))
	for i, key := range keys {
		lines[i] = key.VKey()
	}
	return s.print(map[string]any{"keys": lines, "file": c.Output}, func(p *printer) {
		if c.Output != "" {
			p.say("%d keys written to %s. Compare them with the agency by another way before you trust them.", len(keys), c.Output)
			return
		}
		for _, line := range lines {
			p.say("%s", line)
		}
	})
}
