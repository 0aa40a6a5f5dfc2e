package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"unicode/utf16"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
)

// Exit codes. Those of the outcomes are stable: scripts rely on them. The
// others are those of sysexits.h.
const (
	exitOK           = 0
	exitTampered     = 1
	exitIncomplete   = 2
	exitUntrustedKey = 3
	exitMalformed    = 4
	exitUsage        = 64
	exitCannotRead   = 74
	exitInterrupted  = 130
)

// exitCode returns the exit code of an outcome. An outcome that is not known
// is never taken for a good one.
func exitCode(o bundle.Outcome) int {
	switch o {
	case bundle.OK:
		return exitOK
	case bundle.Incomplete:
		return exitIncomplete
	case bundle.UntrustedKey:
		return exitUntrustedKey
	case bundle.Malformed:
		return exitMalformed
	default:
		return exitTampered
	}
}

// run is the program. Keys may come from stdin ("-key -").
func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	o, err := parseArgs(args)
	if errors.Is(err, errHelp) {
		fmt.Fprint(stdout, usage)
		return exitOK
	}
	if err != nil {
		fmt.Fprintf(stderr, "sealcase-verify: %s\nTry: sealcase-verify -h\n", show(err.Error()))
		return exitUsage
	}
	fail := func(err error) int {
		if ctx.Err() != nil {
			fmt.Fprintln(stderr, "sealcase-verify: interrupted; nothing is known about the bundle")
			return exitInterrupted
		}
		fmt.Fprintf(stderr, "sealcase-verify: %s\n", show(err.Error()))
		if c := evidence.CodeOf(err); c == evidence.Malformed || c == evidence.Invalid {
			return exitUsage
		}
		return exitCannotRead
	}
	given, err := readGiven(o, stdin)
	if err != nil {
		return fail(err)
	}
	if o.member != "" {
		code, err := verifyMember(o, given.keys, stdout)
		if err != nil {
			return fail(err)
		}
		return code
	}
	if o.progress {
		given.opts.Progress = progressTo(stderr)
	}
	report, outcome, err := verify(ctx, o.bundles, given)
	if err != nil {
		return fail(err)
	}
	if err := write(stdout, report, o.json); err != nil {
		return fail(fmt.Errorf("writing the report: %w", err))
	}
	return exitCode(outcome)
}

// given is what a verification is given besides bundles.
type given struct {
	keys   []evidence.PublicKey
	proofs [][]byte
	opts   bundle.Options
}

func readGiven(o options, stdin io.Reader) (given, error) {
	var g given
	var err error
	if g.keys, err = readKeys(o.keys, stdin); err != nil {
		return g, err
	}
	if g.opts.Witnesses, err = readWitnesses(o.witnesses); err != nil {
		return g, err
	}
	for _, path := range o.proofs {
		proof, err := readFile(path)
		if err != nil {
			return g, fmt.Errorf("reading the proof: %w", err)
		}
		g.proofs = append(g.proofs, proof)
	}
	return g, nil
}

// report is what is printed: bundle.Report or bundle.Comparison.
type report interface{ WriteText(io.Writer) error }

// verify verifies one bundle, or compares two.
func verify(ctx context.Context, paths []string, g given) (report, bundle.Outcome, error) {
	inputs := make([]bundle.Input, len(paths))
	for i, path := range paths {
		f, err := openBundle(path, &inputs[i])
		if err != nil {
			return nil, "", err
		}
		defer f.Close() //nolint:gocritic // of two at most
	}
	if len(inputs) == 2 {
		c, err := bundle.Compare(ctx, inputs[0], inputs[1], g.keys, g.proofs, g.opts)
		return c, c.Outcome, err
	}
	if len(g.proofs) > 0 {
		g.opts.Proof = g.proofs[0]
	}
	r, err := bundle.Verify(ctx, inputs[0].Reader, inputs[0].Size, g.keys, g.opts)
	return r, r.Outcome, err
}

func openBundle(path string, in *bundle.Input) (io.Closer, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading the bundle: %w", err)
	}
	info, err := f.Stat()
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a file: give the bundle's .zip itself, not a folder", path)
	}
	if err != nil {
		f.Close()
		return nil, fmt.Errorf("reading the bundle: %w", err)
	}
	in.Reader, in.Size = f, info.Size()
	return f, nil
}

// write writes the report as text or as JSON.
func write(w io.Writer, r report, asJSON bool) error {
	if !asJSON {
		return r.WriteText(w)
	}
	text, err := json.MarshalIndent(r, "", "  ")
	if err != nil {
		return err
	}
	_, err = w.Write(append(ascii(text), '\n'))
	return err
}

// ascii returns JSON text with every character beyond printable ASCII escaped,
// which JSON allows in strings, where alone they can stand: names in a report
// are untrusted, and C1 and bidirectional controls act on a terminal.
func ascii(text []byte) []byte {
	out := make([]byte, 0, len(text))
	for _, r := range string(text) {
		switch {
		case r < 0x7f:
			out = append(out, byte(r))
		case r > 0xffff:
			high, low := utf16.EncodeRune(r)
			out = fmt.Appendf(out, `\u%04x\u%04x`, high, low)
		default:
			out = fmt.Appendf(out, `\u%04x`, r)
		}
	}
	return out
}

// progressTo returns a Progress that writes a line each GiB.
func progressTo(w io.Writer) bundle.Progress {
	told := int64(0)
	return func(items int, bytes int64) {
		if gib := bytes >> 30; gib > told {
			told = gib
			fmt.Fprintf(w, "sealcase-verify: %d exhibits, %d GiB read\n", items, gib)
		}
	}
}

// show returns text that may come from elsewhere so that it cannot act on a
// terminal.
func show(s string) string { return evidence.FileName(s).Display() }
