package station

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"github.com/sealcase/sealcase/evidence"
)

// rootPassphrase is that of the demonstration's root, which lies beside everything
// else. An agency keeps its root and the passphrase elsewhere, and apart.
const rootPassphrase = "for this demonstration only"

// RootKey is the file with the root's public key.
func (s *Station) RootKey() string { return s.file("root/root.vkey") }

// root makes the root of this installation, unless there is one, and has it state
// the agency's keys, unless it has stated all of them, as an administrator would.
func (s *Station) root(ctx context.Context, keys []evidence.PublicKey) error {
	if err := os.MkdirAll(s.file("root"), 0o700); err != nil {
		return fmt.Errorf("making the folder of the root: %w", err)
	}
	private, request, statement := s.file("root/root"), s.file("root/request.json"), s.file("root/statement.json")
	if _, err := os.Stat(private); errors.Is(err, os.ErrNotExist) {
		said, err := s.asRoot(ctx, "root", "new", "--out", private)
		if err != nil {
			return err
		}
		key, _, _ := strings.Cut(said, "\n")
		if err := os.WriteFile(s.RootKey(), []byte(key+"\n"), 0o644); err != nil { // a public key
			return fmt.Errorf("keeping the root's public key: %w", err)
		}
	}
	text, err := os.ReadFile(statement)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("reading what the root states: %w", err)
	}
	stated := len(keys) > 0
	for _, k := range keys {
		stated = stated && bytes.Contains(text, []byte(k.VKey()))
	}
	if stated {
		return nil
	}
	for _, args := range [][]string{
		{"keys", "request", "--output", request, "--force"}, {"root", "sign", request, "--key", private, "--output", statement, "--force", "--yes"},
		{"keys", "install", statement},
	} {
		if _, err := s.asRoot(ctx, args...); err != nil {
			return err
		}
	}
	return nil
}

// asRoot runs a command of whoever has the root and administers Vault.
func (s *Station) asRoot(ctx context.Context, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, s.Program("sealcase"), args...)
	cmd.Env = append(s.baseEnviron(), "SEALCASE_VAULT_TOKEN="+s.Servers.VaultRootToken, "SEALCASE_ROOT="+s.RootKey(), "SEALCASE_ROOT_PASSPHRASE="+rootPassphrase)
	var answer, said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &answer, &said
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("sealcase %s: %w\n%s", strings.Join(args[:2], " "), err, said.String())
	}
	return answer.String(), nil
}
