package command

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/sealcase/sealcase/cmd/sealcase/internal/client"
	"github.com/sealcase/sealcase/cmd/sealcase/internal/ownfile"
	"github.com/sealcase/sealcase/evidence"
)

// session is one run of a command.
type session struct {
	Env
	json   bool
	server string // as given; may be empty
}

// kept is what stays between runs, in a file that only its owner can read.
type kept struct {
	Current string            `json:"current"` // address of the server signed in to last
	Tokens  map[string]string `json:"tokens"`  // by address
}

// folder returns where this program keeps what it must remember.
func (s *session) folder() (string, error) {
	if dir := s.Getenv("SEALCASE_CONFIG_DIR"); dir != "" {
		return dir, nil
	}
	dir, err := os.UserConfigDir()
	if err != nil {
		return "", evidence.WrapError(evidence.Invalid, err, "there is no folder for settings; set SEALCASE_CONFIG_DIR")
	}
	return filepath.Join(dir, "sealcase"), nil
}

func (s *session) remembered() (kept, error) {
	k := kept{Tokens: map[string]string{}}
	dir, err := s.folder()
	if err != nil {
		return k, err
	}
	raw, err := os.ReadFile(filepath.Join(dir, "sessions.json"))
	if errors.Is(err, fs.ErrNotExist) {
		return k, nil
	} else if err != nil {
		return k, fmt.Errorf("reading the sessions: %w", err)
	}
	if json.Unmarshal(raw, &k) != nil || k.Tokens == nil {
		return kept{Tokens: map[string]string{}}, nil //nolint:nilerr // unreadable: sign in again
	}
	return k, nil
}

// remember writes k, whole or not at all.
func (s *session) remember(k kept) error {
	dir, err := s.folder()
	if err != nil {
		return err
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("making the folder of sessions: %w", err)
	}
	return ownfile.WriteJSON(filepath.Join(dir, "sessions.json"), k)
}

// client returns a client of the server, signed in. SEALCASE_TOKEN stands
// above what is remembered.
func (s *session) client() (*client.Client, error) {
	k, err := s.remembered()
	if err != nil {
		return nil, err
	}
	address := s.server
	if address == "" {
		address = k.Current
	}
	if address == "" {
		return nil, evidence.Errorf(evidence.Unauthenticated, "no server is known yet. Sign in first: sealcase --server URL login")
	}
	c, err := client.New(address, "", s.Env.Version)
	if err != nil {
		return nil, err
	}
	token := s.Getenv("SEALCASE_TOKEN")
	if token == "" {
		token = k.Tokens[c.Base()]
	}
	if token == "" {
		return nil, evidence.Errorf(evidence.Unauthenticated, "you are not signed in to %s. Sign in: sealcase login", c.Base())
	}
	return client.New(address, token, s.Env.Version)
}

// forget drops the token of a server.
func (s *session) forget(_ context.Context, address string) error {
	k, err := s.remembered()
	if err != nil {
		return err
	}
	delete(k.Tokens, address)
	return s.remember(k)
}
