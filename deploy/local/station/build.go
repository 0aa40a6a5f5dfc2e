package station

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sealcase/sealcase/deploy/local/servers"
)

// builder makes the programs of a station out of the checkout.
type builder struct {
	root string // of the repository
	bin  string // folder of the programs
	log  string // file that takes what the tools print
}

// programs builds sealcase and sealcase-verify, and before them the verifier's
// page, which sealcase puts into bundles.
func (b builder) programs(ctx context.Context) error {
	if err := os.MkdirAll(b.bin, 0o755); err != nil {
		return fmt.Errorf("making the folder of programs: %w", err)
	}
	if err := b.run(ctx, b.root, "go", "generate", "./cmd/sealcase-verify/page"); err != nil {
		return err
	}
	return b.run(ctx, b.root, "go", "build", "-o", b.bin+string(filepath.Separator), "./cmd/sealcase", "./cmd/sealcase-verify")
}

// web builds the user interface unless it was built from the same sources.
func (b builder) web(ctx context.Context, say func(string)) error {
	dir := filepath.Join(b.root, "web")
	key, err := sourcesKey(dir)
	if err != nil {
		return err
	}
	stamp := filepath.Join(dir, "node_modules", ".sealcase-build")
	if known, err := os.ReadFile(stamp); err == nil && string(known) == key && exists(filepath.Join(dir, "dist", "app", "index.html")) {
		return nil
	}
	say("installing the packages of the user interface")
	if err := b.run(ctx, dir, "npm", "ci", "--no-audit", "--no-fund"); err != nil {
		return err
	}
	say("building the user interface")
	if err := b.run(ctx, dir, "npm", "run", "build"); err != nil {
		return err
	}
	if err := os.WriteFile(stamp, []byte(key), 0o644); err != nil {
		return fmt.Errorf("remembering that the user interface is built: %w", err)
	}
	return nil
}

// run runs a tool; what it prints goes to the log.
func (b builder) run(ctx context.Context, dir, name string, args ...string) error {
	log, err := os.OpenFile(b.log, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("opening the log of the build: %w", err)
	}
	defer log.Close()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, servers.ToolEnviron(), log, log
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("running %s %s: %w", name, strings.Join(args, " "), errors.Join(err, ctx.Err()))
	}
	return nil
}

// sourcesKey returns a hash over everything under web/ that the build reads.
func sourcesKey(dir string) (string, error) {
	made := []string{"node_modules", "dist", "test-results", "playwright-report"}
	sum := sha256.New()
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if slices.Contains(made, d.Name()) {
				return filepath.SkipDir
			}
			return nil
		}
		f, err := os.Open(path)
		if err != nil {
			return err
		}
		defer f.Close()
		fmt.Fprintf(sum, "%q\n", path)
		_, err = io.Copy(sum, f)
		return err
	})
	if err != nil {
		return "", fmt.Errorf("reading the sources of the user interface: %w", err)
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
