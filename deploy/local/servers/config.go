package servers

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Config says what to bring up, and where.
type Config struct {
	// Dir keeps the data, one sub-folder a server, and logs/<process>.log. It
	// is made if it is not there. Only one stack at a time can use it.
	Dir string
	// Only names the servers to start; empty means All.
	Only []Name
	// Ports asks for fixed ports. Otherwise the port of the last start in this
	// Dir is taken if it is free, or a free one.
	Ports map[Name]int
	// Progress is told what goes on; nil means nobody.
	Progress io.Writer
	// Private ignores addresses in the environment, for tests that kill
	// servers.
	Private bool
}

// A host is the machine as one stack uses it: folders, ports, the cache of
// programs, and the thread that starts processes.
type host struct {
	dir      string
	wish     map[Name]int
	lock     *fileLock
	progress *progress
	cache    *cache
	ports    *ports
	launcher *launcher
}

// openHost prepares the data folder. close it.
func openHost(config Config) (*host, error) {
	if config.Dir == "" {
		return nil, errors.New("starting servers: Config.Dir is empty")
	}
	dir, err := filepath.Abs(config.Dir)
	if err != nil {
		return nil, fmt.Errorf("finding the data folder: %w", err)
	}
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("making the data folder: %w", err)
	}
	lock, err := tryLock(filepath.Join(dir, "lock"))
	if errors.Is(err, errLocked) {
		return nil, fmt.Errorf("the data folder %s is in use by a running stack: stop that one first: %w", dir, err)
	}
	if err != nil {
		return nil, err
	}
	h := &host{dir: dir, wish: config.Ports, lock: lock,
		progress: newProgress(config.Progress), launcher: newLauncher()}
	if h.cache, err = openCache(h.progress); err == nil {
		h.ports, err = openPorts(dir, filepath.Join(h.cache.dir, "ports"))
	}
	if err != nil {
		h.close()
		return nil, err
	}
	return h, nil
}

func (h *host) close() {
	h.progress.close()
	h.launcher.close()
	if h.ports != nil {
		h.ports.release()
	}
	h.lock.release()
}

// home makes the data folder of a server.
func (h *host) home(name string) (string, error) {
	dir := filepath.Join(h.dir, name)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return "", fmt.Errorf("making the data folder of %s: %w", name, err)
	}
	return dir, nil
}

// log returns where the output of a process goes.
func (h *host) log(process string) string {
	return filepath.Join(h.dir, "logs", process+".log")
}
