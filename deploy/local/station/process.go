package station

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sealcase/sealcase/deploy/local/servers"
)

// database is the name of the station's database.
const database = "sealcase"

// origin is the name under which the station's logs and keys are known.
const origin = "sealcase.example"

// build makes the programs and, where asked for, the user interface in them.
func (s *Station) build(ctx context.Context, withWeb bool) error {
	root, err := Root()
	if err != nil {
		return err
	}
	b := builder{root: root, bin: s.Bin, log: s.file("logs/build.log")}
	if withWeb {
		err := s.crew.Do("web", "checking the user interface", func(say func(string)) error { return b.web(ctx, say) })
		if err != nil {
			return s.buildError("the user interface", err, b.log)
		}
	}
	err = s.crew.Do("sealcase", "building the programs", func(func(string)) error { return b.programs(ctx) })
	if err != nil {
		return s.buildError("the programs", err, b.log)
	}
	return nil
}

func (s *Station) buildError(what string, err error, log string) error {
	return fmt.Errorf("building %s: %w\n  log: %s\n  try: check that Go 1.26 and Node 20 are installed and that the network reaches the module proxy and the npm registry",
		what, err, log)
}

// baseEnviron is what both of our processes need to know. Credentials are in
// files, so that no list of processes shows them.
func (s *Station) baseEnviron() []string {
	env := []string{
		"SEALCASE_MONGODB_DATABASE=" + database,
		"SEALCASE_ORIGIN=" + origin,
		"SEALCASE_S3_PREFIX=sealcase",
		"SEALCASE_TEMPORAL_NAMESPACE=sealcase",
		"SEALCASE_REGISTER_INTERVAL=15s", // a person looks on
		"SEALCASE_MIRROR_INTERVAL=15s",
	}
	for _, variable := range s.Servers.Environ() {
		if name, _, _ := strings.Cut(variable, "="); !slices.Contains(administrators(), name) {
			env = append(env, variable)
		}
	}
	if s.WitnessKey != "" {
		env = append(env, "SEALCASE_WITNESSES="+s.WitnessURL+"="+s.WitnessKey)
	}
	return env
}

// administrators are the variables that none of our lasting processes is given:
// with them anything can be done to the engines.
func administrators() []string {
	return []string{"SEALCASE_VAULT_TOKEN", "SEALCASE_EMBEDDED_DSN", "SEALCASE_S3_ACCESS_KEY", "SEALCASE_S3_SECRET_KEY"}
}

// environOf is what one of our processes, "api" or "worker", is given: the
// credentials of no other.
func (s *Station) environOf(name string) []string {
	return append(s.baseEnviron(), "SEALCASE_ROOT="+s.RootKey(), "SEALCASE_CREDENTIALS="+s.file("credentials/"+name+".json"))
}

// start starts one of our processes: "api" or "worker".
func (s *Station) start(ctx context.Context, name string, ready func(context.Context) error) (*servers.Child, error) {
	args := []string{"worker"}
	if name == "api" {
		args = []string{"serve", "--listen", strings.TrimPrefix(s.URL, "http://")}
	}
	return s.crew.Start(ctx, servers.Program{
		Name: name, Path: s.Program("sealcase"), Args: args, Dir: s.file("home"), Log: s.file("logs/" + name + ".log"),
		Env:   s.environOf(name),
		Try:   "read the log; -reset starts over with empty data",
		Ready: ready,
	})
}

// Program returns the path of one of the station's programs.
func (s *Station) Program(name string) string { return filepath.Join(s.Bin, name) }

// apiReady asks the API whether it and everything behind it works.
func (s *Station) apiReady(ctx context.Context) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, s.URL+"/readyz", nil)
	if err != nil {
		return fmt.Errorf("asking whether the API is ready: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("asking whether the API is ready: %w", err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(io.LimitReader(response.Body, 2000))
		return fmt.Errorf("the API is not ready: %s: %s", response.Status, said)
	}
	return nil
}

// BrowserEnviron returns the variables by which the tests of the user interface
// find this station, its people and, to do what an administrator of the servers
// could, its servers.
func (s *Station) BrowserEnviron() []string {
	return append(append(os.Environ(), s.Servers.Environ()...), "SEALCASE_URL="+s.URL, "SEALCASE_PEOPLE="+s.file("people.json"))
}
