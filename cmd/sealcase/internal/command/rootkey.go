package command

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"github.com/sealcase/sealcase/cmd/sealcase/internal/rootfile"
	"github.com/sealcase/sealcase/cmd/sealcase/internal/savefile"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/vault"
)

type rootCmd struct {
	New  rootNewCmd  `cmd:"" help:"Make a root key: a file, encrypted with a passphrase, to be kept offline; or in Vault."`
	Sign rootSignCmd `cmd:"" help:"Show what keys request wrote, ask, and sign it with the root."`
}

type rootNewCmd struct {
	Output    string `name:"out" short:"o" placeholder:"FILE" help:"File to make; put it on a stick, and a copy in a safe."`
	InVault   bool   `name:"vault" help:"Make it in Vault instead, where only administrators may use it."`
	Number    int    `default:"1" help:"Which root of the agency this is: one higher when it follows another."`
	Origin    string `env:"SEALCASE_ORIGIN" required:"" help:"Names this installation in checkpoints and keys, such as agency.example."`
	VaultAddr string `name:"vault-addr" env:"SEALCASE_VAULT_ADDR" help:"Vault: https://host:port."`
	Token     string `name:"vault-token" env:"SEALCASE_VAULT_TOKEN" help:"An administrator's token of Vault; better in the environment."`
}

// Run makes a root and says its public key.
func (c *rootNewCmd) Run(ctx context.Context, s *session) error {
	var key evidence.PublicKey
	switch {
	case c.InVault == (c.Output != ""):
		return evidence.Errorf(evidence.Invalid, "a root is made in a file (--out) or in Vault (--vault)")
	case c.InVault:
		admin, err := vault.NewAdmin(c.VaultAddr, c.Token, nil)
		if err != nil {
			return err
		}
		if key, err = vault.NewRoot(ctx, admin, vault.DefaultLayout(), c.Origin); err != nil {
			return err
		}
	default:
		passphrase, err := s.passphrase("Passphrase of the new root: ")
		if err != nil {
			return err
		}
		if key, err = rootfile.New(c.Output, fmt.Sprintf("%s/root/v%d", c.Origin, c.Number), passphrase); err != nil {
			return err
		}
	}
	return s.print(map[string]string{"root": key.VKey(), "file": c.Output}, func(p *printer) {
		p.say("%s", key.VKey())
		p.say("This is the root's public key: publish it where nobody can change it, and give it to serve and worker in SEALCASE_ROOT.")
	})
}

type rootSignCmd struct {
	Request   string `arg:"" help:"What sealcase keys request wrote."`
	Key       string `placeholder:"FILE" help:"The file of the root."`
	InVault   bool   `name:"vault" help:"The root is in Vault."`
	Output    string `short:"o" required:"" placeholder:"FILE" help:"File to write the statement to."`
	Force     bool   `help:"Replace a file that is there."`
	Yes       bool   `help:"Do not ask."`
	VaultAddr string `name:"vault-addr" env:"SEALCASE_VAULT_ADDR" help:"Vault: https://host:port."`
	Token     string `name:"vault-token" env:"SEALCASE_VAULT_TOKEN" help:"An administrator's token of Vault; better in the environment."`
}

// Run signs a request, after showing all that it states.
func (c *rootSignCmd) Run(ctx context.Context, s *session) error {
	said, err := readRequest(c.Request)
	if err != nil {
		return err
	}
	in := bufio.NewReader(s.Stdin)
	if !c.Yes {
		s.show(said)
		fmt.Fprint(s.Stderr, "Sign this? Type yes: ")
		if answer, _ := in.ReadString('\n'); strings.TrimSpace(answer) != "yes" {
			return evidence.Errorf(evidence.Invalid, "nothing was signed")
		}
	}
	root, err := c.open(ctx, s, said.Agency)
	if err != nil {
		return err
	}
	signed, err := attest.SignStatement(ctx, root, said)
	if err != nil {
		return err
	}
	text, err := attest.WriteSigned(signed)
	if err != nil {
		return err
	}
	if err := savefile.At(c.Output, "statement.json", c.Force).Write(text); err != nil {
		return err
	}
	return s.print(map[string]any{"file": c.Output, "serial": said.Serial, "root": signed.Root}, func(p *printer) {
		p.say("Statement %d is signed by %s. Vault's administrator installs it: sealcase keys install %s", said.Serial, signed.Root, c.Output)
	})
}

func (c *rootSignCmd) open(ctx context.Context, s *session, origin string) (evidence.Signer, error) {
	if c.InVault {
		admin, err := vault.NewAdmin(c.VaultAddr, c.Token, nil)
		if err != nil {
			return nil, err
		}
		return vault.RootSigner(ctx, admin, vault.DefaultLayout(), origin)
	}
	if c.Key == "" {
		return nil, evidence.Errorf(evidence.Invalid, "where is the root? Give its file (--key), or --vault")
	}
	passphrase, err := s.passphrase("Passphrase of the root: ")
	if err != nil {
		return nil, err
	}
	return rootfile.Open(c.Key, passphrase)
}

// show writes what a request states, for whoever signs it.
func (s *session) show(said attest.Statement) {
	fmt.Fprintf(s.Stderr, "Statement %d of %s, of %s:\n", said.Serial, shown(said.Agency), said.At)
	for _, k := range said.Keys {
		fmt.Fprintf(s.Stderr, "  %s\n    counts from %s", shown(k.Key), k.From)
		if r := k.Revoked; r != nil {
			fmt.Fprintf(s.Stderr, ", revoked from %s: %s", r.From, shown(r.Reason))
		}
		fmt.Fprintln(s.Stderr)
	}
	if said.Next != "" {
		fmt.Fprintf(s.Stderr, "  From then on only the root %s counts.\n", shown(said.Next))
	}
}

// passphrase takes that of a root from SEALCASE_ROOT_PASSPHRASE, or asks for it.
func (s *session) passphrase(prompt string) (string, error) {
	if passphrase := s.Getenv("SEALCASE_ROOT_PASSPHRASE"); passphrase != "" {
		return passphrase, nil
	}
	return s.askPassword(bufio.NewReader(s.Stdin), prompt)
}
