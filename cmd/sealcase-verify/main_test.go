package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"sealcase-verify": main})
}

// TestScripts runs the transcripts in testdata/script: what people type, what
// they read, and the exit codes. Each has the golden bundle, its proof and its
// keys at hand, and commands to spoil them.
func TestScripts(t *testing.T) {
	golden, err := filepath.Abs("../../evidence/bundle/testdata")
	if err != nil {
		t.Fatal(err)
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			for _, name := range []string{"golden.zip", "golden.vkey", "golden.proof.json", "golden.witness", "later.zip", "plain.zip", "plain.vkey"} {
				data, err := os.ReadFile(filepath.Join(golden, name))
				if err != nil {
					return err
				}
				if err := os.WriteFile(filepath.Join(e.WorkDir, name), data, 0o600); err != nil {
					return err
				}
			}
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"spoil": spoil, "exits": exits},
	})
}

// spoil changes a file: "spoil flip FILE TEXT" changes a bit of the first
// occurrence of TEXT, "spoil cut FILE N" takes off the last N bytes, "spoil
// add FILE TEXT" adds TEXT at the end.
func spoil(ts *testscript.TestScript, _ bool, args []string) {
	if len(args) != 3 {
		ts.Fatalf("usage: spoil flip|cut|add FILE ARG")
	}
	path := ts.MkAbs(args[1])
	data, err := os.ReadFile(path)
	ts.Check(err)
	switch args[0] {
	case "flip":
		i := bytes.Index(data, []byte(args[2]))
		if i < 0 {
			ts.Fatalf("%s does not hold %q", args[1], args[2])
		}
		data[i] ^= 1
	case "cut":
		n, err := strconv.Atoi(args[2])
		ts.Check(err)
		data = data[:len(data)-n]
	case "add":
		data = append(data, args[2]...)
	default:
		ts.Fatalf("spoil cannot %s", args[0])
	}
	ts.Check(os.WriteFile(path, data, 0o600))
}

// exits runs sealcase-verify and wants an exit code: "exits CODE ARG...".
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	err = ts.Exec("sealcase-verify", args[1:]...)
	got := 0
	if exit, ok := err.(*exec.ExitError); ok {
		got = exit.ExitCode()
	} else {
		ts.Check(err)
	}
	if got != want {
		ts.Fatalf("exit code %d, want %d", got, want)
	}
}

// TestWebAssembly keeps the program free of what a browser does not have.
func TestWebAssembly(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(t.TempDir(), "verify.wasm"), ".")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("building for js/wasm: %v\n%s", err, out)
	}
}

// TestImports keeps the program small enough to be read by a sceptic.
func TestImports(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), "go", "list", "-deps", ".")
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0")
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("listing what is imported: %v", err)
	}
	const house = "github.com/sealcase/sealcase/"
	allowed := map[string]bool{
		house + "evidence": true, house + "evidence/act": true, house + "evidence/canon": true, house + "evidence/ledger": true,
		house + "evidence/seal": true, house + "evidence/attest": true, house + "evidence/bundle": true, house + "evidence/collection": true, house + "evidence/state": true,
		house + "cmd/sealcase-verify": true,
	}
	for path := range strings.FieldsSeq(string(out)) {
		if path == "net" || strings.HasPrefix(path, "net/") || path == "runtime/cgo" || path == "os/exec" {
			t.Errorf("it imports %s", path)
		}
		if strings.HasPrefix(path, house) && !allowed[path] {
			t.Errorf("it imports %s", path)
		}
	}
}
