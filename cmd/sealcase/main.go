// Command sealcase is the program of Sealcase: the server (serve, worker,
// bootstrap), and the command line of an examiner or a prosecutor, which talks
// to a server over HTTP. Exit codes are in package command.
package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"github.com/sealcase/sealcase/cmd/sealcase/internal/command"
)

// version is set when a release is built: -ldflags "-X main.version=1.2.3".
var version = "development"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := command.Run(ctx, os.Args[1:], command.Env{
		Stdin: os.Stdin, Stdout: os.Stdout, Stderr: os.Stderr, Getenv: os.Getenv, Version: version,
	})
	stop()
	os.Exit(code)
}
