package bundle_test

import (
	"flag"
	"math/rand/v2"
	"testing"
)

// The suites that have all verifiers judge thousands of bundles judge a sample
// in a plain test run; "go run ./deploy/bench -only genuine,mutations" runs them
// whole, with -whole.
var (
	whole = flag.Bool("whole", false, "judge every generated bundle, not a sample of them")
	seed  = flag.Uint64("seed", 0, "what generated bundles follow from: to repeat a run; 0 for another each time, and 1 with -whole")
)

// seedOf returns the seed of a run, and prints it.
func seedOf(t *testing.T) uint64 {
	t.Helper()
	s := *seed
	switch {
	case s != 0:
	case *whole:
		s = 1
	default:
		s = 1 + rand.Uint64N(1<<32)
	}
	t.Logf("to repeat this: go test ./evidence/bundle -run '^%s$' -seed %d", t.Name(), s)
	return s
}
