package station

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"

	"github.com/sealcase/sealcase/deploy/local/servers"
)

// witnessName names the key of the station's witness.
const witnessName = "witness.sealcase.example"

// startWitness starts what in earnest an outsider runs: a witness that remembers
// the register's heads, knows nothing of the station but the keys that sign
// them, and keeps its state in a folder of its own.
func (s *Station) startWitness(ctx context.Context) error {
	address, err := s.settle("witness.port", 0)
	if err != nil {
		return err
	}
	s.WitnessURL = "http://" + address
	dir := s.file("witness")
	args := []string{"witness", "--listen", address, "--dir", dir, "--name", witnessName}
	for _, key := range s.logKeys {
		args = append(args, "--log", origin+"/register="+key.VKey())
	}
	s.Witness, err = s.crew.Start(ctx, servers.Program{
		Name: "witness", Path: s.Program("sealcase"), Args: args, Dir: s.file("home"), Log: s.file("logs/witness.log"),
		Env: []string{}, Try: "read the log; -reset starts over with empty data", Ready: s.witnessReady,
	})
	if err != nil {
		return err
	}
	vkey, err := os.ReadFile(filepath.Join(dir, "witness.vkey"))
	if err != nil {
		return fmt.Errorf("reading the witness's key: %w", err)
	}
	s.WitnessKey = strings.TrimSpace(string(vkey))
	return nil
}

// witnessReady asks the witness for anything: that it answers is enough.
func (s *Station) witnessReady(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.WitnessURL, nil)
	if err != nil {
		return fmt.Errorf("asking whether the witness answers: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("asking whether the witness answers: %w", err)
	}
	return response.Body.Close()
}
