package main

import (
	"flag"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
)

// options are what the command line says.
type options struct {
	only    []string
	size    int64 // bytes of the large file
	files   int
	entries int // of the long log
	longest int // of that of the part cold
	turns   int
	dir     string
	keep    bool
	json    string
	search  string // a file that is only searched for indicators
}

// parts returns the parts that measure a whole Sealcase, namedParts another that takes
// long, and judgeParts those that run a suite whole of which a plain test run tries a
// sample. The latter two run where they are asked for.
func parts() []string      { return []string{"big", "many", "collection", "log", "ledger"} }
func namedParts() []string { return []string{"cold"} }
func judgeParts() []string { return []string{"genuine", "mutations", "rows"} }

// indicatorPart searches texts and identifies files; it needs no station, and runs
// where it is asked for.
const indicatorPart = "indicators"

func parseOptions(args []string, out io.Writer) (options, error) {
	o := options{only: parts(), size: 4 << 30}
	flags := flag.NewFlagSet("bench", flag.ContinueOnError)
	flags.SetOutput(out)
	flags.Func("only", "measure only these parts, separated by commas: big, many, collection, log, ledger; and cold, genuine, mutations, rows, indicators, which run only where they are named", o.setOnly)
	flags.Func("size", "size of the large file, such as 512MiB or 4GiB (default 4GiB)", func(text string) (err error) {
		o.size, err = parseSize(text)
		return err
	})
	flags.IntVar(&o.files, "files", 20_000, "small files of one intake")
	flags.IntVar(&o.entries, "entries", 0, "entries of the long log (default 100000, and 1000000 of the part cold)")
	flags.IntVar(&o.turns, "turns", 15, "how often the ways of signing a log are compared")
	flags.StringVar(&o.dir, "dir", "", "folder for servers, sources and bundles; a temporary one, removed at the end, when empty")
	flags.StringVar(&o.json, "json", "", "also write the figures to this file")
	flags.StringVar(&o.search, "search", "", "only search this file for indicators and write each, as the part indicators measures it")
	if err := flags.Parse(args); err != nil {
		return o, err
	}
	given := map[string]bool{}
	flags.Visit(func(f *flag.Flag) { given[f.Name] = true })
	if o.longest = o.entries; !given["entries"] {
		o.entries, o.longest = 100_000, 1_000_000
	}
	switch {
	case flags.NArg() > 0:
		return o, fmt.Errorf("%q is not known here", flags.Arg(0))
	case o.files < 1 || o.entries < 1 || o.turns < 1 || o.size < 64<<20:
		return o, fmt.Errorf("-files, -entries and -turns are 1 at least, -size is 64MiB at least")
	}
	o.keep = o.dir != ""
	return o, nil
}

func (o *options) setOnly(text string) error {
	o.only = strings.Split(text, ",")
	for _, name := range o.only {
		if !slices.Contains(slices.Concat(parts(), namedParts(), judgeParts(), []string{indicatorPart}), name) {
			return fmt.Errorf("there is no part %q", name)
		}
	}
	return nil
}

func (o *options) wants(part string) bool { return slices.Contains(o.only, part) }

// wantsStation reports whether a part needs a whole Sealcase.
func (o *options) wantsStation() bool {
	return slices.ContainsFunc(slices.Concat(parts(), namedParts()), o.wants)
}

// parseSize reads a number of bytes with a binary unit.
func parseSize(text string) (int64, error) {
	units := []struct {
		suffix string
		bytes  int64
	}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40}, {"", 1}}
	for _, u := range units {
		number, ok := strings.CutSuffix(text, u.suffix)
		if !ok {
			continue
		}
		n, err := strconv.ParseInt(strings.TrimSpace(number), 10, 64)
		if err != nil || n < 0 || n > (1<<50)/u.bytes {
			return 0, fmt.Errorf("%q is not a size such as 512MiB", text)
		}
		return n * u.bytes, nil
	}
	return 0, fmt.Errorf("%q is not a size such as 512MiB", text)
}
