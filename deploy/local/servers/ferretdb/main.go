// Command ferretdb serves the MongoDB wire protocol out of PostgreSQL, for the
// local stack of Sealcase on a machine that has no mongod.
//
// It is a module of its own so that FerretDB's dependencies stay out of the
// product's module graph. It takes its settings from the environment, because
// the PostgreSQL address carries a password and arguments are world-readable.
package main

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	err := run(ctx)
	stop()
	if err != nil {
		fmt.Fprintln(os.Stderr, "ferretdb:", err)
		os.Exit(1)
	}
}

// run serves FERRETDB_LISTEN out of FERRETDB_POSTGRESQL_URL until ctx ends.
func run(ctx context.Context) error {
	logger := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn}))
	db, err := ferretdb.New(&ferretdb.Config{
		Listener:      ferretdb.ListenerConfig{TCP: os.Getenv("FERRETDB_LISTEN")},
		Logger:        logger,
		Handler:       "pg",
		PostgreSQLURL: os.Getenv("FERRETDB_POSTGRESQL_URL"),
	})
	if err != nil {
		return fmt.Errorf("starting: %w", err)
	}
	return db.Run(ctx)
}
