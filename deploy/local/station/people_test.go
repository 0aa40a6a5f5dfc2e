package station_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/sealcase/sealcase/deploy/local/station"
	"github.com/sealcase/sealcase/evidence"
)

// patience is how long anything may take that a person waits for, on a machine
// that is busy with killing servers.
const patience = 2 * time.Minute

// The exit codes of sealcase, as its --help lists them.
const (
	exitForbidden   = 3
	exitNotFound    = 4
	exitConflict    = 5
	exitMismatch    = 6
	exitUnavailable = 7
)

// person is one of the people at the command line.
type person struct {
	t     *testing.T
	shell *station.Shell
}

// as returns a person who is signed in.
func as(t *testing.T, login string) person {
	t.Helper()
	if shells[login] == nil {
		shell, err := shared.SignIn(t.Context(), login)
		if err != nil {
			t.Fatal(err)
		}
		shells[login] = shell
	}
	return person{t, shells[login]}
}

// outcome is what a command left behind.
type outcome struct {
	args   string
	stdout []byte
	stderr string
	code   int
}

// said is all that a person reads.
func (o outcome) said() string { return o.stderr + string(o.stdout) }

// start starts a sealcase command. The outcome comes when it has ended.
func (p person) start(args ...string) <-chan outcome {
	p.t.Helper()
	return p.startFor(patience, args...)
}

// startFor starts a command that is killed when limit has passed.
func (p person) startFor(limit time.Duration, args ...string) <-chan outcome {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), limit)
	cmd := p.shell.Command(ctx, args...)
	ended := make(chan outcome, 1)
	go func() {
		defer cancel()
		ended <- finish(cmd)
	}()
	return ended
}

// run runs a sealcase command.
func (p person) run(args ...string) outcome {
	p.t.Helper()
	return <-p.start(args...)
}

func finish(cmd *exec.Cmd) outcome {
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	o := outcome{args: strings.Join(cmd.Args[1:], " "), stdout: stdout.Bytes(), stderr: stderr.String()}
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		o.code = exit.ExitCode()
	} else if err != nil {
		o.code, o.stderr = -1, err.Error()
	}
	return o
}

// fails runs a command that must fail with an exit code, and with words of a
// message.
func (p person) fails(code int, words string, args ...string) outcome {
	p.t.Helper()
	o := p.run(args...)
	if o.code != code || !strings.Contains(strings.ToLower(o.said()), strings.ToLower(words)) {
		p.t.Errorf("%s: exit code %d, want %d and %q:\n%s", o.args, o.code, code, words, o.said())
	}
	return o
}

// ask runs a command with --json that must succeed, and returns its answer.
func ask[T any](p person, args ...string) T {
	p.t.Helper()
	o := p.run(append([]string{"--json"}, args...)...)
	if o.code != 0 {
		p.t.Fatalf("%s: exit code %d:\n%s", o.args, o.code, o.said())
	}
	return answer[T](p.t, o)
}

// answer decodes what a command with --json wrote.
func answer[T any](t *testing.T, o outcome) T {
	t.Helper()
	var v T
	if err := json.Unmarshal(o.stdout, &v); err != nil {
		t.Fatalf("%s: %v:\n%s", o.args, err, o.said())
	}
	return v
}

type list[T any] struct {
	Items []T `json:"items"`
}

// openCase opens a case of ida's, with emil and paula.
func openCase(t *testing.T) evidence.Case {
	t.Helper()
	return ask[evidence.Case](as(t, "ida"), "case", "open", t.Name(), "--member", "emil", "--member", "paula")
}

// addArgs is emil's command that brings a file, or each of a folder, into a case.
func addArgs(c evidence.Case, path string) []string {
	return []string{"evidence", "add", "--each", path, "--case", string(c.ID), "--source", "Seized notebook", "--authority", "Warrant 26-mj-7"}
}

// bring brings a folder or file into a case and returns the items of the case.
func bring(t *testing.T, c evidence.Case, path string) []evidence.Item {
	t.Helper()
	if o := as(t, "emil").run(addArgs(c, path)...); o.code != 0 {
		t.Fatalf("%s: exit code %d:\n%s", o.args, o.code, o.said())
	}
	return itemsOf(t, c)
}

func itemsOf(t *testing.T, c evidence.Case) []evidence.Item {
	t.Helper()
	return ask[list[evidence.Item]](as(t, "emil"), "evidence", "list", "--case", string(c.ID)).Items
}

func logOf(t *testing.T, c evidence.Case) []evidence.LogEntry {
	t.Helper()
	return ask[list[evidence.LogEntry]](as(t, "ida"), "case", "log", string(c.ID)).Items
}
