package servers

import (
	"context"
	"errors"
	"slices"
	"time"
)

// startLimit is how long a server may take to answer, on a machine that is
// busy with other things.
const startLimit = 90 * time.Second

// stopGrace is how long a process may take to end in order.
const stopGrace = 15 * time.Second

// A service is one server of the stack that we run ourselves.
type service interface {
	// fetch makes sure that its programs are on this machine.
	fetch(ctx context.Context) error
	// start starts its processes and returns when they answer. It can be
	// called again after they have ended, and finds the same ports and data.
	start(ctx context.Context) error
	// processes lists them in the order in which they were started.
	processes() []*process
	// describe puts how to reach it into the stack.
	describe(s *Stack)
}

// newService returns the service of a name.
func newService(name Name, h *host) service {
	switch name {
	case Vault:
		return &vault{host: h}
	case Temporal:
		return &temporal{host: h}
	case MinIO:
		return &minio{host: h}
	case Versitygw:
		return &versitygw{host: h}
	default:
		return newMongo(h)
	}
}

// stopService ends the processes in reverse order.
func stopService(ctx context.Context, s service) error {
	var errs []error
	for _, p := range slices.Backward(s.processes()) {
		errs = append(errs, p.shutdown(ctx, stopGrace))
	}
	return errors.Join(errs...)
}

// run starts a process and waits until check says that it works.
func (h *host) run(ctx context.Context, p *process, try string, check func(context.Context) error) error {
	err := p.start(h.launcher)
	if err == nil {
		err = await(ctx, startLimit, p, check)
	}
	if err != nil {
		p.kill()
		return failure(p.name, p.log, try, err)
	}
	return nil
}
