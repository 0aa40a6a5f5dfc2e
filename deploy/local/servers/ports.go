package servers

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"sync"
	"syscall"
)

// Free ports are looked for below the range that kernels give to outgoing
// connections, so that no client takes one between our look and the start.
const (
	firstPort = 12000
	lastPort  = 31999
)

// ports hands out loopback ports and remembers them in the data folder, so that
// a second start finds every server where it was.
type ports struct {
	mu     sync.Mutex
	file   string
	claims string // folder of the locks by which stacks keep out of each other's way
	chosen map[string]int
	locks  []*fileLock
}

// openPorts reads the ports of the last start out of the data folder.
func openPorts(dir, claims string) (*ports, error) {
	if err := os.MkdirAll(claims, 0o700); err != nil {
		return nil, fmt.Errorf("making the folder of port claims: %w", err)
	}
	file := filepath.Join(dir, "ports.json")
	chosen, err := recall[map[string]int](file)
	if errors.Is(err, os.ErrNotExist) {
		chosen, err = map[string]int{}, nil
	}
	return &ports{file: file, claims: claims, chosen: chosen}, err
}

// address returns the loopback address for a listener. A wish that is not zero
// is taken as it is; otherwise the port of last time if it is free, or a new one.
func (p *ports) address(listener string, wish int) (string, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	candidates := []int{wish}
	if wish == 0 {
		candidates = []int{p.chosen[listener]}
		for range 200 {
			candidates = append(candidates, firstPort+rand.IntN(lastPort-firstPort+1))
		}
	}
	for _, port := range candidates {
		if port == 0 || !p.claim(port) {
			continue
		}
		if p.chosen[listener] != port {
			p.chosen[listener] = port
			if err := Keep(p.file, p.chosen); err != nil {
				return "", err
			}
		}
		return loopback(port), nil
	}
	return "", fmt.Errorf("choosing a port for %s: %v taken by another program", listener, candidates[:1])
}

// claim takes a free port for the life of this stack.
func (p *ports) claim(port int) bool {
	lock, err := tryLock(filepath.Join(p.claims, strconv.Itoa(port)))
	if err != nil {
		return false
	}
	if !free(port) {
		lock.release()
		return false
	}
	p.locks = append(p.locks, lock)
	return true
}

// free reports whether nothing listens on a port. No child is started in the
// meantime, because it would have our listener open for a moment longer.
func free(port int) bool {
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	listener, err := net.Listen("tcp", loopback(port))
	if err != nil {
		return false
	}
	listener.Close()
	return true
}

// release gives all claims up.
func (p *ports) release() {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, lock := range p.locks {
		lock.release()
	}
	p.locks = nil
}

func loopback(port int) string { return net.JoinHostPort("127.0.0.1", strconv.Itoa(port)) }
