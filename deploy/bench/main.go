// Command bench measures Sealcase against the real servers, in one run on one
// machine, with rclone doing the same copies to the same object store beside it.
//
//	go run ./deploy/bench                       everything at full size: about half an hour on two cores
//	go run ./deploy/bench -only big -size 1GiB  one part, smaller
//
// Parts: "big" brings one large file in, with the command line and the API
// killed on the way, and exports it; "many" brings a folder of small files in
// as one intake, "collection" such folders as one exhibit each; "log" looks at a log of 10^5 entries; "ledger" compares one
// signature a batch and a head with a signature an entry, written and checked.
// "indicators" searches generated logs beside ripgrep, and identifies files beside
// file(1); it needs no servers and runs only where -only names it, as do four more: "cold" has
// processes that have seen nothing yet open a case of 10^6 entries; "genuine" has all verifiers and common
// archivers judge 2,000 generated genuine cases, "mutations" all verifiers more than
// 10,000 changed bundles, "rows" tries every kind of change of a row of the database,
// on servers of its own, and takes an hour of one core. A plain test run tries a
// sample of each.
// Wall times on a busy machine mean little; the ratios and the targets are what
// to read.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"syscall"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run returns the exit code: 0 every target is met, 1 one is missed or
// something failed, 2 a wrong call.
func run(ctx context.Context, args []string, out, progress io.Writer) int {
	o, err := parseOptions(args, progress)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	} else if err != nil {
		fmt.Fprintln(progress, err)
		return 2
	}
	if o.search != "" {
		if err := search(o.search, out); err != nil {
			fmt.Fprintln(progress, err)
			return 1
		}
		return 0
	}
	r, err := measure(ctx, o, progress)
	if len(r.Figures) > 0 {
		fmt.Fprint(out, r.table())
	}
	if o.json != "" && len(r.Figures) > 0 {
		err = errors.Join(err, r.write(o.json))
	}
	if err != nil {
		fmt.Fprintf(progress, "\n%v\n", err)
		return 1
	}
	if missed := r.missed(); missed > 0 {
		fmt.Fprintf(progress, "\n%d targets are missed\n", missed)
		return 1
	}
	return 0
}
