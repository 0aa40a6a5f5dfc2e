package servers

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// folder returns the folder of a program out of the cache.
func (h *host) folder(ctx context.Context, a artifact) (string, error) {
	here, err := os.Getwd()
	if err != nil {
		return "", fmt.Errorf("finding the working folder: %w", err)
	}
	modules, err := modulesDir(here)
	if err != nil {
		return "", failure(a.module, "", "", err)
	}
	return h.cache.get(ctx, a, modules)
}

// binary returns the program of an artifact: the one on PATH if there is one,
// otherwise the one that we build.
func (h *host) binary(ctx context.Context, a artifact) (string, error) {
	if a.path != "" {
		if found, err := exec.LookPath(a.path); err == nil {
			return filepath.Abs(found)
		}
	}
	dir, err := h.folder(ctx, a)
	if err != nil {
		return "", err
	}
	return filepath.Join(dir, a.module), nil
}
