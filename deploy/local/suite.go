package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/sealcase/sealcase/deploy/local/servers"
	"github.com/sealcase/sealcase/deploy/local/station"
)

// A step is one part of the suite.
type step struct {
	name string
	run  func(*suite, context.Context) error
}

// suite is a run of the whole test suite.
type suite struct {
	root string // of the repository
	dir  string // temporary
	out  io.Writer
	env  []string // addresses of the servers
	said summary
}

func steps() []step {
	return []step{
		{"go", (*suite).goTests},
		{"race", (*suite).raceTests},
		{"web", (*suite).webTests},
		{"browser", (*suite).browserTests},
	}
}

// concurrent lists the packages whose tests run with the race detector.
func concurrent() []string {
	return []string{
		"./api/...", "./evidence/custody/...", "./evidence/exhibit/...", "./evidence/internal/...", "./evidence/ledger/...", "./evidence/object/...", "./evidence/registry/...",
		"./evidence/vault/...", "./workflows/...",
	}
}

func runSuite(ctx context.Context, args []string, out io.Writer) error {
	chosen, err := chooseSteps(args, out)
	if err != nil {
		return err
	}
	root, err := station.Root()
	if err != nil {
		return err
	}
	dir, err := os.MkdirTemp("", "sealcase-test-")
	if err != nil {
		return fmt.Errorf("making a temporary folder: %w", err)
	}
	defer os.RemoveAll(dir)
	stack, err := servers.Up(ctx, servers.Config{Dir: filepath.Join(dir, "servers"), Progress: out})
	if err != nil {
		return err
	}
	s := &suite{root: root, dir: dir, out: out, env: stack.Environ()}
	failed := s.runAll(ctx, chosen)
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	if err := stack.Down(stopping); err != nil {
		fmt.Fprintln(out, err)
	}
	if len(failed) > 0 {
		return fmt.Errorf("the suite failed in: %s", strings.Join(failed, ", "))
	}
	return nil
}

func chooseSteps(args []string, out io.Writer) ([]step, error) {
	flags := flag.NewFlagSet("local test", flag.ContinueOnError)
	flags.SetOutput(out)
	only := flags.String("only", "", "run only these steps, separated by commas: go, race, web, browser")
	if err := flags.Parse(args); err != nil {
		return nil, usageError{err}
	}
	all := steps()
	if *only == "" {
		return all, nil
	}
	var chosen []step
	for name := range strings.SplitSeq(*only, ",") {
		i := slices.IndexFunc(all, func(s step) bool { return s.name == name })
		if i < 0 {
			return nil, usageError{fmt.Errorf("there is no step %q", name)}
		}
		chosen = append(chosen, all[i])
	}
	return chosen, nil
}

// runAll runs the steps one after the other, also after one has failed, and
// returns the names of those that failed.
func (s *suite) runAll(ctx context.Context, chosen []step) (failed []string) {
	var lines []string
	for _, step := range chosen {
		fmt.Fprintf(s.out, "\n== %s\n", step.name)
		since := time.Now()
		result := "passed"
		if err := step.run(s, ctx); err != nil {
			result = "FAILED: " + err.Error()
			failed = append(failed, step.name)
		}
		lines = append(lines, fmt.Sprintf("%-8s %6s  %s", step.name, time.Since(since).Round(time.Second), result))
		if ctx.Err() != nil {
			break
		}
	}
	fmt.Fprintf(s.out, "\n%s\n%s\n", &s.said, strings.Join(lines, "\n"))
	return failed
}

// goTests runs every Go test that the race step does not run.
func (s *suite) goTests(ctx context.Context) error {
	all, err := s.packages(ctx, "./...")
	if err != nil {
		return err
	}
	raced, err := s.packages(ctx, concurrent()...)
	if err != nil {
		return err
	}
	rest := slices.DeleteFunc(all, func(p string) bool { return slices.Contains(raced, p) })
	return s.goTest(ctx, rest...)
}

func (s *suite) raceTests(ctx context.Context) error {
	return s.goTest(ctx, append([]string{"-race"}, concurrent()...)...)
}

// goTest runs tests of Go, and keeps how long each took. A package that has not
// ended after half an hour is broken off, with the stacks of its goroutines.
func (s *suite) goTest(ctx context.Context, args ...string) error {
	report := newGoReport(s.out)
	defer s.said.add(report)
	return s.run(ctx, s.tool(ctx, s.root, nil, report, "go", append([]string{"test", "-json", "-timeout", "30m"}, args...)...))
}

// webTests checks types, generated client, style and logic of the user interface.
func (s *suite) webTests(ctx context.Context) error {
	web := filepath.Join(s.root, "web")
	if err := s.command(ctx, web, nil, "npm", "ci", "--no-audit", "--no-fund"); err != nil {
		return err
	}
	var errs []error
	for _, script := range []string{"generate:check", "typecheck", "lint", "test"} {
		errs = append(errs, s.command(ctx, web, nil, "npm", "run", script))
	}
	return errors.Join(errs...)
}

// browserTests does the main job in a browser, against a station of its own.
func (s *suite) browserTests(ctx context.Context) error {
	st, err := station.Up(ctx, station.Config{Dir: filepath.Join(s.dir, "station"), Progress: s.out, Web: true, Private: true})
	if err != nil {
		return err
	}
	report := filepath.Join(s.dir, "browser.json")
	err = s.command(ctx, filepath.Join(s.root, "web"), append(st.BrowserEnviron(), "PLAYWRIGHT_JSON_OUTPUT_FILE="+report),
		"npm", "run", "e2e", "--", "--reporter=list,json")
	took, unread := browserTimings(report)
	s.said.tests = append(s.said.tests, took...)
	if err == nil { // otherwise it may never have been written
		err = unread
	}
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	return errors.Join(err, st.Down(stopping))
}

// packages returns the import paths that the patterns mean.
func (s *suite) packages(ctx context.Context, patterns ...string) ([]string, error) {
	cmd := exec.CommandContext(ctx, "go", append([]string{"list"}, patterns...)...)
	cmd.Dir, cmd.Stderr = s.root, s.out
	list, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("listing the packages: %w", err)
	}
	return strings.Fields(string(list)), nil
}

// command runs a tool of the suite with the addresses of the servers.
func (s *suite) command(ctx context.Context, dir string, env []string, name string, args ...string) error {
	return s.run(ctx, s.tool(ctx, dir, env, s.out, name, args...))
}

// tool prepares a tool that knows the addresses of the servers.
func (s *suite) tool(ctx context.Context, dir string, env []string, out io.Writer, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, out, s.out
	cmd.Env = append(append(cmd.Environ(), s.env...), env...)
	cmd.WaitDelay = 10 * time.Second // for processes that a test left behind, which hold its output open
	return cmd
}

func (s *suite) run(ctx context.Context, cmd *exec.Cmd) error {
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w", strings.Join(cmd.Args[:2], " "), errors.Join(err, ctx.Err()))
	}
	return nil
}
