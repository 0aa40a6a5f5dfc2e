// Command sealcase-verify checks a case bundle offline: with the bundle, the
// agency's public keys, and nothing else. It opens no network connection and
// asks nobody.
//
// It is small on purpose: whoever doubts an agency should be able to read it,
// build it, and run it. evidence/bundle/FORMAT.md has what it checks.
package main

import (
	"context"
	"os"
	"os/signal"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}
