package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/sealcase/sealcase/deploy/local/station"
)

// runLocal brings a station up, does the demonstration once, and stays until
// ctx ends.
func runLocal(ctx context.Context, args []string, out, progress io.Writer) error {
	o, err := parseOptions(args, progress)
	if err != nil {
		return err
	}
	if o.reset {
		if err := reset(o.data); err != nil {
			return err
		}
	}
	st, err := station.Up(ctx, station.Config{Dir: o.data, Port: o.port, Progress: progress, Web: true})
	if err != nil {
		return err
	}
	err = serve(ctx, st, out)
	st.Note("stopping")
	stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
	defer cancel()
	if down := st.Down(stopping); down != nil {
		return down
	}
	fmt.Fprintf(out, "Stopped. Everything is kept in %s; the same command goes on from there.\n", st.Dir)
	return err
}

func serve(ctx context.Context, st *station.Station, out io.Writer) error {
	shown, err := demonstrate(ctx, st)
	if err != nil {
		if ctx.Err() != nil {
			return nil //nolint:nilerr // told to stop: the demonstration goes on at the next start
		}
		return fmt.Errorf("the demonstration: %w", err)
	}
	fmt.Fprint(out, welcome(st, shown))
	<-ctx.Done()
	return nil
}

// welcome says where everything is and what to try.
func welcome(st *station.Station, shown demonstration) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nSealcase is up: %s\n\n", st.URL)
	fmt.Fprintf(&b, "  %-8s %-20s %s\n", "login", "password", "who")
	for _, p := range st.People {
		fmt.Fprintf(&b, "  %-8s %-20s %s, %s\n", p.Login, p.Password, p.Name, p.Roles[0])
	}
	fmt.Fprintf(&b, `
The demonstration case is %[1]s (synthetic evidence, deploy/local/demo).
A bundle of it is written, fetched and verified: %[2]s

Try:
  1. Open %[3]s, sign in as emil and drag a file into case %[1]s.
  2. Open an exhibit and press "Verify now".
  3. Sign in as paula and export a bundle.
  4. Check a bundle offline, then change one byte of it and see it fail:
       %[4]s %[5]s -key %[6]s -proof %[7]s
       cp %[5]s changed.zip && printf CHANGED | dd of=changed.zip bs=1 seek=5000 conv=notrunc
       %[4]s changed.zip -key %[6]s

A witness at %[9]s cosigns what the register says of all cases; in earnest
somebody else runs one (sealcase witness). To see that it did, add to the first command of 4:
       -witness %[10]s

The keys that unseal Vault and the passwords above lie in %[8]s: this is for one machine only.
Ctrl-C stops everything; the same command goes on; -reset starts over.
`, shown.Number, shown.Outcome, st.URL, st.Program("sealcase-verify"), shown.Bundle, shown.Keys, shown.Proof, st.Dir,
		st.WitnessURL, st.WitnessKey)
	return b.String()
}
