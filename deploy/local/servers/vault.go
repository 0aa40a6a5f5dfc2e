package servers

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"github.com/hashicorp/vault/api"
)

// vault is the keeper of logins and signing keys.
type vault struct {
	host    *host
	binary  string
	home    string
	addr    string // of the API
	cluster string // of the port that only other Vaults would use
	keys    vaultKeys
	proc    *process
}

func (v *vault) fetch(ctx context.Context) (err error) {
	v.binary, err = v.host.binary(ctx, vaultArtifact())
	return err
}

func (v *vault) start(ctx context.Context) (err error) {
	if v.home, err = v.host.home("vault"); err != nil {
		return err
	}
	if v.addr == "" {
		if v.addr, err = v.host.ports.address("vault", v.host.wish[Vault]); err != nil {
			return err
		}
		if v.cluster, err = v.host.ports.address("vault-cluster", 0); err != nil {
			return err
		}
	}
	config, err := v.configure()
	if err != nil {
		return err
	}
	v.proc = &process{name: "vault", path: v.binary, dir: v.home, log: v.host.log("vault"), stop: syscall.SIGTERM,
		args: []string{"server", "-config=" + config}}
	if err := v.host.run(ctx, v.proc, "read the log; the data is in "+v.home, v.answers); err != nil {
		return err
	}
	if err := v.open(ctx); err != nil {
		v.proc.kill()
		return failure("vault", v.proc.log, "read the log; the data and the keys are in "+v.home, err)
	}
	return nil
}

// configure writes the settings: Raft on this machine's disk, loopback, no TLS.
func (v *vault) configure() (string, error) {
	type block = map[string]any
	raft := filepath.Join(v.home, "raft")
	if err := os.MkdirAll(raft, 0o700); err != nil {
		return "", fmt.Errorf("making the data folder of vault: %w", err)
	}
	config := block{
		"storage":       block{"raft": block{"path": raft, "node_id": "local", "performance_multiplier": "1"}},
		"listener":      block{"tcp": block{"address": v.addr, "cluster_address": v.cluster, "tls_disable": true}},
		"api_addr":      "http://" + v.addr,
		"cluster_addr":  "http://" + v.cluster,
		"disable_mlock": true,
		"ui":            false,
	}
	data, err := json.MarshalIndent(config, "", "  ")
	if err != nil {
		return "", fmt.Errorf("writing the settings of vault: %w", err)
	}
	path := filepath.Join(v.home, "vault.json")
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return "", fmt.Errorf("writing the settings of vault: %w", err)
	}
	return path, nil
}

// answers reports whether the API is there, sealed or not.
func (v *vault) answers(ctx context.Context) error {
	client, err := v.client()
	if err != nil {
		return err
	}
	_, err = client.Sys().SealStatusWithContext(ctx)
	return err
}

// client returns a client with the root token. It does not retry: our own
// loops know better what they wait for.
func (v *vault) client() (*api.Client, error) {
	client, err := api.NewClient(&api.Config{Address: "http://" + v.addr, Timeout: 30 * time.Second,
		HttpClient: &http.Client{}, DisableRedirects: true})
	if err != nil {
		return nil, fmt.Errorf("making a client of vault: %w", err)
	}
	client.SetMaxRetries(0)
	client.SetToken(v.keys.RootToken)
	client.ClearNamespace()
	return client, nil
}

func (v *vault) processes() []*process { return started(v.proc) }

func (v *vault) describe(s *Stack) {
	s.VaultAddr, s.VaultRootToken = "http://"+v.addr, v.keys.RootToken
}
