package command

import (
	"bufio"
	"context"
	"fmt"
	"strings"

	"github.com/sealcase/sealcase/api"
	"github.com/sealcase/sealcase/cmd/sealcase/internal/client"
	"github.com/sealcase/sealcase/evidence"
)

type loginCmd struct {
	Login    string `arg:"" optional:"" help:"The login; asked for when missing."`
	Insecure bool   `help:"Send the password to a server without TLS that is not this machine."`
}

// defaultServer is where go run ./deploy/local listens when nothing else is said.
const defaultServer = "http://127.0.0.1:8080"

// Run signs in. The password is asked for, or comes from SEALCASE_PASSWORD.
func (c *loginCmd) Run(ctx context.Context, s *session) error {
	k, err := s.remembered()
	if err != nil {
		return err
	}
	address := firstOf(s.server, k.Current, defaultServer)
	server, err := client.New(address, "", s.Env.Version)
	if err != nil {
		return err
	}
	if server.Plain() && !c.Insecure {
		return evidence.Errorf(evidence.Invalid, "%s has no TLS: the password could be read on the way. Use https, or --insecure if you know the network", server.Base())
	}
	login, password, err := c.ask(s)
	if err != nil {
		return err
	}
	session, err := server.SignIn(ctx, login, password)
	if err != nil {
		return err
	}
	k.Current = server.Base()
	k.Tokens[server.Base()] = session.Token
	if err := s.remember(k); err != nil {
		return err
	}
	session.Token = ""
	return s.identity(server.Base(), session)
}

func (c *loginCmd) ask(s *session) (login, password string, err error) {
	in := bufio.NewReader(s.Stdin)
	if login = c.Login; login == "" {
		fmt.Fprint(s.Stderr, "Login: ")
		if login, err = in.ReadString('\n'); err != nil && login == "" {
			return "", "", evidence.WrapError(evidence.Invalid, err, "a login is needed: sealcase login NAME")
		}
		login = strings.TrimSpace(login)
	}
	password, err = s.askPassword(in, "Password: ")
	return login, password, err
}

type logoutCmd struct{}

// Run ends the session at the server and forgets it here.
func (c *logoutCmd) Run(ctx context.Context, s *session) error {
	server, err := s.client()
	if err != nil {
		return err
	}
	if err := server.SignOut(ctx); err != nil && evidence.CodeOf(err) != evidence.Unauthenticated {
		return err
	}
	if err := s.forget(ctx, server.Base()); err != nil {
		return err
	}
	return s.print(map[string]string{"server": server.Base(), "state": "signed out"}, func(p *printer) {
		p.say("Signed out of %s.", server.Base())
	})
}

type whoamiCmd struct{}

// Run says who is signed in.
func (c *whoamiCmd) Run(ctx context.Context, s *session) error {
	server, err := s.client()
	if err != nil {
		return err
	}
	session, err := server.Session(ctx)
	if err != nil {
		return err
	}
	return s.identity(server.Base(), session)
}

func (s *session) identity(address string, session api.Session) error {
	out := struct {
		Server string `json:"server"`
		api.Session
	}{address, session}
	return s.print(out, func(p *printer) {
		var roles []string
		for _, r := range session.Person.Roles {
			roles = append(roles, string(r))
		}
		p.say("%s (%s), %s", session.Person.Name, session.Person.Login, firstOf(strings.Join(roles, ", "), "no role"))
		p.say("at %s until %s", address, firstOf(session.ExpiresAt.String(), "signed out"))
	})
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}
