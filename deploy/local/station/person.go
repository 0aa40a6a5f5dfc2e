package station

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A Shell is one of the people at the command line of the station.
type Shell struct {
	station *Station
	login   string
	folder  string // of settings and sessions
}

// SignIn signs one of the people in at the command line.
func (s *Station) SignIn(ctx context.Context, login string) (*Shell, error) {
	person, err := s.Person(login)
	if err != nil {
		return nil, err
	}
	sh := &Shell{station: s, login: login, folder: filepath.Join(s.Dir, "home", login)}
	if err := os.MkdirAll(sh.folder, 0o700); err != nil {
		return nil, fmt.Errorf("making the folder of %s: %w", login, err)
	}
	cmd := sh.Command(ctx, "login", login)
	cmd.Env = append(cmd.Env, "SEALCASE_PASSWORD="+person.Password)
	_, err = sh.output(cmd)
	return sh, err
}

// Command returns a sealcase command of this person, not yet started.
func (sh *Shell) Command(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, sh.station.Program("sealcase"), args...)
	cmd.Env = append(os.Environ(), "SEALCASE_SERVER="+sh.station.URL, "SEALCASE_CONFIG_DIR="+sh.folder)
	cmd.Dir = sh.folder
	return cmd
}

// Run runs a sealcase command and returns what it prints for people.
func (sh *Shell) Run(ctx context.Context, args ...string) (string, error) {
	out, err := sh.output(sh.Command(ctx, args...))
	return string(out), err
}

// JSON runs a sealcase command with --json and decodes what it prints.
func (sh *Shell) JSON(ctx context.Context, into any, args ...string) error {
	out, err := sh.output(sh.Command(ctx, append([]string{"--json"}, args...)...))
	if err != nil {
		return err
	}
	if err := json.Unmarshal(out, into); err != nil {
		return fmt.Errorf("reading what sealcase %s printed: %w", strings.Join(args, " "), err)
	}
	return nil
}

func (sh *Shell) output(cmd *exec.Cmd) ([]byte, error) {
	var out, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &said
	if err := cmd.Run(); err != nil {
		return out.Bytes(), fmt.Errorf("%s: sealcase %s: %w: %s%s", sh.login, strings.Join(cmd.Args[1:], " "), err, said.String(), out.String())
	}
	return out.Bytes(), nil
}
