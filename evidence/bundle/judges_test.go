package bundle_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
)

// judge is another verifier, in a process of its own: a line of job in, a line
// of outcome out.
type judge struct {
	mu   sync.Mutex // of agrees
	in   io.WriteCloser
	out  *bufio.Scanner
	line func(job) string
}

// job is a bundle and what is given with it: paths of files, "" for none.
type job struct {
	Bundle  string `json:"bundle"`
	Keys    string `json:"keys"`
	Proof   string `json:"proof,omitempty"`
	Witness string `json:"witness,omitempty"`
}

// start starts the process of a judge; it ends with the test.
func start(t *testing.T, line func(job) string, name string, args ...string) *judge {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatalf("%s is needed for this test: %v", name, err)
	}
	t.Cleanup(func() {
		in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("%s ended with %v", name, err)
		}
	})
	return &judge{in: in, out: bufio.NewScanner(out), line: line}
}

// ask hands in a job; answer waits for its outcome.
func (j *judge) ask(of job) error {
	_, err := io.WriteString(j.in, j.line(of)+"\n")
	return err
}

func (j *judge) answer() (bundle.Outcome, error) {
	if !j.out.Scan() {
		return "", fmt.Errorf("the verifier ended: %w", j.out.Err())
	}
	return bundle.Outcome(j.out.Text()), nil
}

// agrees has the judge come to an outcome of a mutant, by the keys of its reader.
func (j *judge) agrees(t *testing.T, f *fixture, m *mutant, want bundle.Outcome) {
	t.Helper()
	j.agreesOn(t, f, m.zip(), want)
}

// agreesOn has the judge come to an outcome of a bundle, by the keys of its reader.
func (j *judge) agreesOn(t *testing.T, f *fixture, zip []byte, want bundle.Outcome) {
	t.Helper()
	dir := t.TempDir()
	of := job{Bundle: filepath.Join(dir, "bundle.zip"), Keys: filepath.Join(dir, "keys.vkey")}
	for path, data := range map[string][]byte{of.Bundle: zip, of.Keys: evidence.FormatVKeys(f.trusted)} {
		if err := os.WriteFile(path, data, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	j.mu.Lock()
	defer j.mu.Unlock()
	if err := j.ask(of); err != nil {
		t.Fatal(err)
	}
	if outcome, err := j.answer(); err != nil || outcome != want {
		t.Errorf("the other verifier says %s (%v), want %s", outcome, err, want)
	}
}

// startPython starts the verifier that was written from FORMAT.md alone.
func startPython(t *testing.T) *judge {
	t.Helper()
	return start(t, func(of job) string {
		args := []string{of.Bundle, "-key", of.Keys}
		if of.Proof != "" {
			args = append(args, "-proof", of.Proof)
		}
		if of.Witness != "" {
			args = append(args, "-witness", of.Witness)
		}
		return "'" + strings.Join(args, "' '") + "'"
	}, "python3", "testdata/judge.py")
}

// startPage starts the program of verify.html under Node.
func startPage(t *testing.T, program string) *judge {
	t.Helper()
	root, err := exec.CommandContext(t.Context(), "go", "env", "GOROOT").Output()
	if err != nil {
		t.Fatal(err)
	}
	loader := filepath.Join(strings.TrimSpace(string(root)), "lib", "wasm", "wasm_exec.js")
	return start(t, func(of job) string { return string(must(json.Marshal(of))) },
		"node", "../../cmd/sealcase-verify/page/judge.mjs", loader, program)
}

// buildPage compiles the program of verify.html.
func buildPage(t *testing.T) string {
	t.Helper()
	program := filepath.Join(t.TempDir(), "verify.wasm")
	cmd := exec.CommandContext(t.Context(), "go", "build", "-trimpath", "-o", program, "../../cmd/sealcase-verify/page/wasm")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm", "CGO_ENABLED=0")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building the program of the page: %v\n%s", err, out)
	}
	return program
}
