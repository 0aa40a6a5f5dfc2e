package servers

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// A cache holds the built programs, one folder an artifact and version.
// Several processes may share it.
type cache struct {
	dir      string // <cache>/servers
	progress *progress
	building sync.Mutex // one build at a time: each uses all cores
}

// openCache returns the cache of this user.
func openCache(p *progress) (*cache, error) {
	base := os.Getenv("SEALCASE_CACHE")
	if base == "" {
		user, err := os.UserCacheDir()
		if err != nil {
			return nil, fmt.Errorf("finding the cache folder (set SEALCASE_CACHE): %w", err)
		}
		base = filepath.Join(user, "sealcase")
	}
	dir := filepath.Join(base, "servers")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("making the cache folder: %w", err)
	}
	return &cache{dir: dir, progress: p}, nil
}

// get returns the folder of the built artifact, building it first if need be.
func (c *cache) get(ctx context.Context, a artifact, modules string) (string, error) {
	src := filepath.Join(modules, a.module)
	key, err := a.key(src)
	if err != nil {
		return "", err
	}
	home := filepath.Join(c.dir, a.module)
	done := filepath.Join(home, key)
	if exists(done) {
		return done, nil
	}
	c.building.Lock()
	defer c.building.Unlock()
	if err := os.MkdirAll(home, 0o755); err != nil {
		return "", fmt.Errorf("making the cache folder of %s: %w", a.module, err)
	}
	step := c.progress.begin(a.module, "waiting for another process that builds it")
	lock, err := lockFile(ctx, filepath.Join(home, "lock"))
	if err != nil {
		step.end("not built")
		return "", fmt.Errorf("waiting for the cache of %s: %w", a.module, err)
	}
	defer lock.release()
	if exists(done) {
		step.end("built meanwhile")
		return done, nil
	}
	step.change("building " + a.does + ", once (log: " + buildLog(home, key) + ")")
	if err := c.publish(ctx, a, src, home, key); err != nil {
		step.end("not built")
		return "", failure(a.module, buildLog(home, key), buildAdvice(a), err)
	}
	step.end("built")
	return done, nil
}

// publish builds into a temporary folder and renames it, so that a folder
// under its final name is always whole. Whoever holds the lock may remove what
// a killed build has left.
func (c *cache) publish(ctx context.Context, a artifact, src, home, key string) error {
	stale, _ := filepath.Glob(filepath.Join(home, "building-*"))
	for _, dir := range stale {
		_ = os.RemoveAll(dir) // only costs room
	}
	temp, err := os.MkdirTemp(home, "building-")
	if err != nil {
		return fmt.Errorf("making a build folder: %w", err)
	}
	defer os.RemoveAll(temp)
	log, err := os.Create(buildLog(home, key))
	if err != nil {
		return fmt.Errorf("making the build log: %w", err)
	}
	defer log.Close()
	if err := build(ctx, a, src, temp, log); err != nil {
		return err
	}
	if err := os.Chmod(temp, 0o755); err != nil {
		return fmt.Errorf("opening the build folder: %w", err)
	}
	return os.Rename(temp, filepath.Join(home, key))
}

func buildLog(home, key string) string { return filepath.Join(home, key+".log") }

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
