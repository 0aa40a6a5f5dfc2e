package servers

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
)

// A Stack is a set of running servers and how to reach them. Fields of servers
// that were not asked for are empty.
type Stack struct {
	MongoURI        string // without a database
	Embedded        bool   // whether FerretDB stands in for MongoDB
	EmbeddedDSN     string // the PostgreSQL under FerretDB
	VaultAddr       string // URL
	VaultRootToken  string
	TemporalAddress string // host:port
	S3              S3
	Versitygw       S3

	mu       sync.Mutex
	host     *host // nil when every server was given
	order    []Name
	services map[Name]service
}

// Down stops the servers that Up started, in reverse order, and gives the data
// folder free. It may be called again.
func (s *Stack) Down(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.host == nil {
		return nil
	}
	var errs []error
	for _, name := range slices.Backward(s.order) {
		errs = append(errs, stopService(ctx, s.services[name]))
	}
	s.host.close()
	s.host, s.order, s.services = nil, nil, nil
	return errors.Join(errs...)
}

// Kill ends the processes of a server as a power cut would, with SIGKILL.
func (s *Stack) Kill(name Name) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	service, err := s.own(name)
	if err != nil {
		return fmt.Errorf("killing %s: %w", name, err)
	}
	for _, p := range slices.Backward(service.processes()) {
		p.kill()
	}
	return nil
}

// Restart starts a server again on the same port and data, after stopping it in
// order if it still runs. Vault is unsealed again.
func (s *Stack) Restart(ctx context.Context, name Name) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	service, err := s.own(name)
	if err != nil {
		return fmt.Errorf("restarting %s: %w", name, err)
	}
	if err := stopService(ctx, service); err != nil {
		return fmt.Errorf("restarting %s: %w", name, err)
	}
	return s.startOne(ctx, name, service)
}

// Seal seals the Vault of this stack.
func (s *Stack) Seal(ctx context.Context) error {
	return s.withVault(func(v *vault) error { return v.seal(ctx) })
}

// Unseal unseals the Vault of this stack.
func (s *Stack) Unseal(ctx context.Context) error {
	return s.withVault(func(v *vault) error { return v.unseal(ctx) })
}

func (s *Stack) withVault(do func(*vault) error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	service, err := s.own(Vault)
	if err != nil {
		return fmt.Errorf("reaching vault: %w", err)
	}
	return do(service.(*vault))
}

// own returns a server that this stack runs itself.
func (s *Stack) own(name Name) (service, error) {
	if service, ok := s.services[name]; ok {
		return service, nil
	}
	return nil, errors.New("this stack did not start it")
}
