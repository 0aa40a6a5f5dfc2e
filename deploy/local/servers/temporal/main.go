// Command temporal serves Temporal out of one SQLite file, for the local stack
// of Sealcase on a machine that has no `temporal` on PATH.
//
// It takes those arguments of `temporal server start-dev` that the local stack
// gives, so that either program will do. It exists because temporalio/cli pins
// an older server than go.temporal.io/server has, and its later versions need a
// sibling module that was never published. There is no user interface.
//
// It is a module of its own so that the server's dependencies stay out of the
// product's module graph.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"go.temporal.io/server/common/authorization"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/log"
	"go.temporal.io/server/temporal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	err := run(ctx, os.Args[1:])
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "temporal:", err)
		os.Exit(1)
	}
}

// run serves until ctx ends.
func run(ctx context.Context, args []string) error {
	o, err := parse(args)
	if err != nil {
		return err
	}
	database := o.database()
	if err := prepare(database); err != nil {
		return fmt.Errorf("preparing %s: %w", o.file, err)
	}
	conf, hosts, err := o.config(database)
	if err != nil {
		return err
	}
	server, err := temporal.NewServer(
		temporal.WithConfig(conf),
		temporal.ForServices(temporal.DefaultServices),
		temporal.WithStaticHosts(hosts),
		temporal.WithDynamicConfigClient(dynamic()),
		temporal.WithLogger(log.NewZapLogger(log.BuildZapLogger(log.Config{Level: "warn"}))),
		temporal.WithAuthorizer(authorization.NewNoopAuthorizer()),
		temporal.WithClaimMapper(func(*config.Config) authorization.ClaimMapper { return authorization.NewNoopClaimMapper() }),
	)
	if err != nil {
		return fmt.Errorf("building the server: %w", err)
	}
	if err := server.Start(); err != nil {
		return fmt.Errorf("starting: %w", err)
	}
	<-ctx.Done()
	return server.Stop()
}

// options are the arguments of `temporal server start-dev` that we know.
type options struct {
	ip      string
	port    int
	file    string // of the database
	pragmas pragmas
}

func parse(args []string) (options, error) {
	if len(args) < 2 || args[0] != "server" || args[1] != "start-dev" {
		return options{}, errors.New("usage: temporal server start-dev --db-filename FILE [--ip IP] [--port PORT] [--sqlite-pragma NAME=VALUE]...")
	}
	o := options{pragmas: pragmas{}}
	flags := flag.NewFlagSet("temporal server start-dev", flag.ContinueOnError)
	flags.StringVar(&o.ip, "ip", "127.0.0.1", "`address` to listen on")
	flags.IntVar(&o.port, "port", 7233, "port of the gRPC interface")
	flags.StringVar(&o.file, "db-filename", "", "`file` of the SQLite database")
	flags.Var(o.pragmas, "sqlite-pragma", "`name=value`; may be given again")
	flags.Bool("headless", true, "accepted; there is no user interface")
	if err := flags.Parse(args[2:]); err != nil {
		return options{}, err
	}
	if o.file == "" || flags.NArg() > 0 {
		return options{}, fmt.Errorf("--db-filename is needed, and nothing but flags: got %q", flags.Args())
	}
	return o, nil
}

// pragmas are settings of a connection to SQLite.
type pragmas map[string]string

func (p pragmas) String() string { return "" }

func (p pragmas) Set(text string) error {
	name, value, ok := strings.Cut(text, "=")
	if !ok {
		return fmt.Errorf("%q is not NAME=VALUE", text)
	}
	p[name] = value
	return nil
}
