package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
	"time"
)

// A timing is how long one test took.
type timing struct {
	test string // "package Test" or "file: title"
	took time.Duration
}

// goReport reads what `go test -json` writes, and writes what `go test` without
// it would: the output of tests that failed, and one line a package. It keeps
// what the suite says in the end.
type goReport struct {
	out      io.Writer
	partial  []byte                   // of a line
	pending  map[string]*bytes.Buffer // output of tests that have not ended, by package and top-level test
	tests    []timing                 // of top-level tests
	packages []timing
	seeds    []string // lines with which tests say how to repeat them
}

func newGoReport(out io.Writer) *goReport {
	return &goReport{out: out, pending: map[string]*bytes.Buffer{}}
}

// event is a line of `go test -json` (go doc test2json).
type event struct {
	Action  string
	Package string
	Test    string
	Elapsed float64 // seconds
	Output  string
}

// Write takes the next bytes of the output.
func (r *goReport) Write(data []byte) (int, error) {
	r.partial = append(r.partial, data...)
	for {
		line, rest, whole := bytes.Cut(r.partial, []byte("\n"))
		if !whole {
			return len(data), nil
		}
		r.take(line)
		r.partial = rest
	}
}

func (r *goReport) take(line []byte) {
	var e event
	if json.Unmarshal(line, &e) != nil || e.Action == "" {
		fmt.Fprintf(r.out, "%s\n", line)
		return
	}
	top, _, nested := strings.Cut(e.Test, "/")
	name := e.Package + " " + top
	switch e.Action {
	case "output":
		r.output(name, e)
	case "build-output":
		fmt.Fprint(r.out, e.Output)
	case "pass", "fail", "skip":
		if nested {
			return
		}
		if e.Action == "fail" {
			r.flush(name)
		}
		r.ended(name, e)
	}
}

// noise is what only a verbose run says.
var noise = regexp.MustCompile(`^(=== (RUN|PAUSE|CONT|NAME) |PASS\n$)`)

// seed is how a test names the number that what it generates follows from.
var seed = regexp.MustCompile(`(?i)seed[= ]+\d+`)

func (r *goReport) output(name string, e event) {
	if seed.MatchString(e.Output) {
		if said := strings.TrimSpace(e.Output); !slices.Contains(r.seeds, said) {
			r.seeds = append(r.seeds, said)
		}
	}
	switch {
	case noise.MatchString(e.Output):
	case e.Test == "":
		fmt.Fprint(r.out, e.Output)
	default:
		if r.pending[name] == nil {
			r.pending[name] = &bytes.Buffer{}
		}
		r.pending[name].WriteString(e.Output)
	}
}

// flush writes the output of a test.
func (r *goReport) flush(name string) {
	if said := r.pending[name]; said != nil {
		_, _ = said.WriteTo(r.out)
	}
}

// ended notes the end of a test, or of a package. A test that its package's end
// finds running was broken off: its output says where.
func (r *goReport) ended(name string, e event) {
	took := time.Duration(e.Elapsed * float64(time.Second))
	if e.Test != "" {
		delete(r.pending, name)
		r.tests = append(r.tests, timing{strings.TrimPrefix(name, module), took})
		return
	}
	r.packages = append(r.packages, timing{strings.TrimPrefix(e.Package, module), took})
	for left := range r.pending {
		if strings.HasPrefix(left, e.Package+" ") {
			if e.Action == "fail" {
				r.flush(left)
			}
			delete(r.pending, left)
		}
	}
}

// module begins the names of our packages.
const module = "github.com/sealcase/sealcase/"
