package servers

import (
	"context"
	"errors"
	"fmt"
	"os"

	"golang.org/x/sync/errgroup"
)

// Up brings the servers up and returns when all of them work. Servers whose
// address is in the environment are taken as they are. If one cannot be had, an
// [Error] says why, and those already started are stopped.
//
// The servers outlive ctx: only Down stops them, or the end of this process.
func Up(ctx context.Context, config Config) (*Stack, error) {
	names, err := choose(config.Only)
	if err != nil {
		return nil, err
	}
	s := &Stack{services: map[Name]service{}}
	var own []Name
	for _, name := range names {
		given, err := false, error(nil)
		if !config.Private {
			given, err = s.adopt(name, os.Getenv)
		}
		if err != nil {
			return nil, err
		}
		if !given {
			own = append(own, name)
		}
	}
	if len(own) == 0 {
		return s, nil
	}
	if s.host, err = openHost(config); err != nil {
		return nil, err
	}
	if err := s.startAll(ctx, own); err != nil {
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 2*stopGrace)
		defer cancel()
		return nil, errors.Join(err, s.Down(stopping))
	}
	return s, nil
}

// startAll starts the servers side by side: they do not need each other.
func (s *Stack) startAll(ctx context.Context, names []Name) error {
	for _, name := range names {
		s.order = append(s.order, name)
		s.services[name] = newService(name, s.host)
	}
	group, ctx := errgroup.WithContext(ctx)
	for name, service := range s.services {
		group.Go(func() error { return s.startOne(ctx, name, service) })
	}
	if err := group.Wait(); err != nil {
		return err
	}
	for _, service := range s.services {
		service.describe(s)
	}
	return nil
}

func (s *Stack) startOne(ctx context.Context, name Name, service service) error {
	if err := service.fetch(ctx); err != nil {
		return failure(string(name), "", "", fmt.Errorf("getting the program: %w", err))
	}
	step := s.host.progress.begin(string(name), "starting")
	if err := service.start(ctx); err != nil {
		step.end("failed")
		return failure(string(name), "", "", err)
	}
	step.end("is up")
	return nil
}
