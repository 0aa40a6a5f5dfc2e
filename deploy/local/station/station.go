package station

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"time"

	"github.com/sealcase/sealcase/deploy/local/servers"
	"github.com/sealcase/sealcase/evidence"
)

// stopGrace is how long the API and the worker may take to finish what they do.
const stopGrace = 20 * time.Second

// A Station is a running Sealcase.
type Station struct {
	Dir     string
	Bin     string // folder of sealcase and sealcase-verify
	URL     string // of the API and the user interface
	People  []Login
	Fresh   bool // made now, not found from an earlier start
	Servers *servers.Stack
	API     *servers.Child
	Worker  *servers.Child
	Witness *servers.Child // cosigns the register; whoever runs it should be somebody else

	WitnessURL string // where it is asked
	WitnessKey string // what its cosignatures are checked with

	crew    *servers.Crew
	logKeys []evidence.PublicKey // what the register's heads are signed with
}

// Up brings everything up and returns when the API says that it is ready. On
// an error, what was started is stopped again.
func Up(ctx context.Context, config Config) (*Station, error) {
	dir, err := filepath.Abs(config.Dir)
	if err != nil {
		return nil, fmt.Errorf("finding the folder of the station: %w", err)
	}
	for _, sub := range []string{"logs", "home"} {
		if err := os.MkdirAll(filepath.Join(dir, sub), 0o700); err != nil {
			return nil, fmt.Errorf("making the folder of the station: %w", err)
		}
	}
	s := &Station{Dir: dir, Bin: filepath.Join(dir, "bin"), crew: servers.NewCrew(config.Progress)}
	if err := s.up(ctx, config); err != nil {
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), 3*stopGrace)
		defer cancel()
		return nil, errors.Join(err, s.Down(stopping))
	}
	return s, nil
}

func (s *Station) up(ctx context.Context, config Config) error {
	s.Fresh = !exists(s.file("people.json"))
	var err error
	if s.People, err = people(s.file("people.json")); err != nil {
		return err
	}
	if err := s.build(ctx, config.Web); err != nil {
		return err
	}
	if s.Servers, err = servers.Up(ctx, servers.Config{Dir: s.file("servers"), Progress: config.Progress, Private: config.Private}); err != nil {
		return err
	}
	address, err := s.settle("port", config.Port)
	if err != nil {
		return err
	}
	s.URL = "http://" + address
	if err := s.bootstrap(ctx); err != nil {
		return err
	}
	if err := s.startWitness(ctx); err != nil {
		return err
	}
	if s.Worker, err = s.start(ctx, "worker", func(context.Context) error { return nil }); err != nil {
		return err
	}
	s.API, err = s.start(ctx, "api", s.apiReady)
	return err
}

// Down stops the API, the worker, the witness and then the servers.
func (s *Station) Down(ctx context.Context) error {
	var errs []error
	for _, child := range []*servers.Child{s.API, s.Worker, s.Witness} {
		if child != nil {
			errs = append(errs, child.Stop(ctx, stopGrace))
		}
	}
	if s.Servers != nil {
		errs = append(errs, s.Servers.Down(ctx))
	}
	s.crew.Close()
	return errors.Join(errs...)
}

// Note tells the person who waits.
func (s *Station) Note(format string, args ...any) { s.crew.Note(format, args...) }

// Person returns one of the people by login.
func (s *Station) Person(login string) (Login, error) {
	i := slices.IndexFunc(s.People, func(l Login) bool { return l.Login == login })
	if i < 0 {
		return Login{}, fmt.Errorf("this station has no %q", login)
	}
	return s.People[i], nil
}

func (s *Station) file(name string) string { return filepath.Join(s.Dir, name) }

// settle settles where one of our processes listens: the port asked for, that of
// the last start, which the file of that name remembers, or a free one.
func (s *Station) settle(name string, port int) (address string, err error) {
	file := s.file(name)
	if port == 0 {
		if known, err := os.ReadFile(file); err == nil {
			port, _ = strconv.Atoi(string(known))
		}
	}
	listener, err := net.Listen("tcp", net.JoinHostPort("127.0.0.1", strconv.Itoa(port)))
	if err != nil {
		return "", fmt.Errorf("port %d is taken; choose another with -port: %w", port, err)
	}
	defer listener.Close()
	at := listener.Addr().(*net.TCPAddr)
	if err := os.WriteFile(file, []byte(strconv.Itoa(at.Port)), 0o600); err != nil {
		return "", fmt.Errorf("remembering the port: %w", err)
	}
	return at.String(), nil
}
