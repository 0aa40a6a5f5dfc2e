package station

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/registry"
)

// bootstrap prepares the servers with the program's own command, as an
// administrator would, and gives the embedded default the indexes that the
// registry's reads need.
func (s *Station) bootstrap(ctx context.Context) error {
	return s.crew.Do("bootstrap", "preparing Vault, buckets, indexes and workflows", func(func(string)) error {
		cmd := exec.CommandContext(ctx, s.Program("sealcase"), "--json", "bootstrap")
		cmd.Env = append(s.baseEnviron(), "SEALCASE_S3_USERS=true",
			"SEALCASE_S3_ACCESS_KEY="+s.Servers.S3.AccessKey, "SEALCASE_S3_SECRET_KEY="+s.Servers.S3.SecretKey,
			"SEALCASE_VAULT_TOKEN="+s.Servers.VaultRootToken, "SEALCASE_PEOPLE="+s.file("people.json"),
			"SEALCASE_CREDENTIALS_DIR="+s.file("credentials"))
		cmd.Dir = s.file("home")
		var said, answer bytes.Buffer
		cmd.Stdout, cmd.Stderr = &answer, &said
		if err := cmd.Run(); err != nil {
			return fmt.Errorf("sealcase bootstrap: %w\n%s", err, said.String())
		}
		if err := os.WriteFile(s.file("logs/bootstrap.log"), said.Bytes(), 0o600); err != nil {
			return fmt.Errorf("keeping what bootstrap said: %w", err)
		}
		keys, err := s.rememberKeys(answer.Bytes())
		if err != nil {
			return err
		}
		if err := s.root(ctx, keys); err != nil {
			return err
		}
		if err := s.Servers.IndexEmbedded(ctx, database, registry.EqualityFields()); err != nil {
			return fmt.Errorf("indexing the embedded default: %w", err)
		}
		return nil
	})
}

// rememberKeys takes the keys that sign heads of logs out of what bootstrap says, and
// returns all of them.
func (s *Station) rememberKeys(answer []byte) (all []evidence.PublicKey, err error) {
	var made struct {
		Keys []string `json:"keys"`
	}
	if err := json.Unmarshal(answer, &made); err != nil {
		return nil, fmt.Errorf("reading what bootstrap answers: %w", err)
	}
	s.logKeys = nil
	for _, text := range made.Keys {
		key, err := evidence.ParseVKey(text)
		if err != nil {
			return nil, fmt.Errorf("reading what bootstrap answers: %w", err)
		}
		all = append(all, key)
		if role, _, _ := attest.RoleOf(key.Name); role == attest.RoleLog {
			s.logKeys = append(s.logKeys, key)
		}
	}
	return all, nil
}
