// Command local is Sealcase on one machine, with real servers.
//
//	go run ./deploy/local [-data DIR] [-port N] [-reset]   brings everything up and does the demonstration
//	go run ./deploy/local test                             runs the whole test suite against such servers
//
// It needs Go and Node. Each server is taken from an address in the environment,
// from a binary on PATH, or built once from a pinned module and cached.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

const usage = `Sealcase on one machine, with real servers.

  go run ./deploy/local [-data DIR] [-port N] [-reset]
      brings everything up, does the main job of the demonstration case, and
      stays until Ctrl-C
  go run ./deploy/local test [-only STEP,...]
      runs the whole test suite against such servers; its exit code is the
      suite's

Flags:
`

// run returns the exit code: 0 fine, 1 something failed, 2 a wrong call.
func run(ctx context.Context, args []string, out, progress io.Writer) int {
	var err error
	if len(args) > 0 && args[0] == "test" {
		err = runSuite(ctx, args[1:], out)
	} else {
		err = runLocal(ctx, args, out, progress)
	}
	var wrong usageError
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
		return 0
	case errors.As(err, &wrong):
		fmt.Fprintln(progress, err)
		return 2
	default:
		fmt.Fprintf(progress, "\n%v\n", err)
		return 1
	}
}

// usageError is a call that cannot be understood.
type usageError struct{ error }

// options are the flags of a station that a person brings up.
type options struct {
	data  string
	port  int
	reset bool
}

func parseOptions(args []string, out io.Writer) (options, error) {
	o := options{}
	flags := flag.NewFlagSet("local", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.Usage = func() {
		fmt.Fprint(out, usage)
		flags.PrintDefaults()
	}
	flags.StringVar(&o.data, "data", ".sealcase", "folder of all data, logs and passwords")
	flags.IntVar(&o.port, "port", 8080, "port of the API and the user interface on loopback")
	flags.BoolVar(&o.reset, "reset", false, "delete the folder of data and start over")
	if err := flags.Parse(args); err != nil {
		if errors.Is(err, flag.ErrHelp) {
			return o, err
		}
		return o, usageError{err}
	}
	if flags.NArg() > 0 {
		return o, usageError{fmt.Errorf("%q is not known here; the only command is \"test\"", flags.Arg(0))}
	}
	return o, nil
}

// reset deletes a folder of data, and only one that a station has made.
func reset(dir string) error {
	if _, err := os.Stat(dir); errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if _, err := os.Stat(filepath.Join(dir, "people.json")); err != nil {
		return fmt.Errorf("%s does not look like the data of a station; nothing was deleted: %w", dir, err)
	}
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("deleting %s: %w", dir, err)
	}
	return nil
}
