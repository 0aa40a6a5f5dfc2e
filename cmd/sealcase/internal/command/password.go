package command

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"golang.org/x/term"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/vault"
)

type passwordCmd struct {
	Login     string `arg:"" help:"Who gets another password."`
	VaultAddr string `name:"vault-addr" env:"SEALCASE_VAULT_ADDR" required:"" help:"Vault: https://host:port."`
	Token     string `name:"vault-token" env:"SEALCASE_VAULT_TOKEN" required:"" help:"An administrator's token of Vault; better in the environment."`
}

// Run sets a password and ends the sessions of whoever has it. It is the
// administrator's: a session must not be enough to take an account over.
func (c *passwordCmd) Run(ctx context.Context, s *session) error {
	password, err := s.askPassword(bufio.NewReader(s.Stdin), "New password: ")
	if err != nil {
		return err
	}
	admin, err := vault.NewAdmin(c.VaultAddr, c.Token, nil)
	if err != nil {
		return err
	}
	if err := vault.SetPassword(ctx, admin, vault.DefaultLayout(), c.Login, password); err != nil {
		return err
	}
	return s.print(map[string]string{"login": c.Login, "state": "password set, sessions ended"}, func(p *printer) {
		p.say("%s has a new password; every session of theirs has ended.", c.Login)
	})
}

// askPassword asks for a password on the terminal, or takes it from
// SEALCASE_PASSWORD or the next line of in.
func (s *session) askPassword(in *bufio.Reader, prompt string) (string, error) {
	if password := s.Getenv("SEALCASE_PASSWORD"); password != "" {
		return password, nil
	}
	if file, ok := s.Stdin.(*os.File); ok && term.IsTerminal(int(file.Fd())) {
		fmt.Fprint(s.Stderr, prompt)
		raw, err := term.ReadPassword(int(file.Fd()))
		fmt.Fprintln(s.Stderr)
		return string(raw), err
	}
	password, err := in.ReadString('\n')
	if err != nil && err != io.EOF {
		return "", fmt.Errorf("reading the password: %w", err)
	}
	if password = strings.TrimRight(password, "\r\n"); password == "" {
		return "", evidence.Errorf(evidence.Invalid, "a password is needed: on the terminal, the standard input or in SEALCASE_PASSWORD")
	}
	return password, nil
}
