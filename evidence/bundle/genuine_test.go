package bundle_test

import (
	"bytes"
	"fmt"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"github.com/sealcase/sealcase/evidence/bundle"
)

// wantGenuine is how many generated cases all judges must find good with -whole;
// sampleGenuine is how many they judge without.
const wantGenuine, sampleGenuine = 2_000, 16

// TestGenuine has all verifiers, and common programs that open archives, judge
// genuine bundles of hostile input: names, texts, times and keys as awkward as
// the format allows. All must find all of them good. It needs what TestDifferential
// needs; unzip and 7-Zip judge where they are there.
func TestGenuine(t *testing.T) {
	seed, cases := seedOf(t), sampleGenuine
	if *whole {
		cases = wantGenuine
	}
	first := 0
	if !*whole { // any of the awkward names
		first = int(seed % uint64(len(awkwardNames())))
	}
	c := newCourt(t)
	tools := archivers(t)
	numbers := make(chan int)
	var bundles, entries, exhibits int64
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, b := range c.benches {
		unpacker := startUnpacker(t)
		wg.Go(func() {
			for number := range numbers {
				g := newGenuineCase(seed, number)
				g.bundles(t, func(data, proof []byte) {
					mu.Lock()
					bundles, entries, exhibits = bundles+1, entries+int64(len(g.entries)), exhibits+int64(g.exhibit)
					mu.Unlock()
					m := mutation{name: fmt.Sprintf("case %d of seed %d", number, seed), data: data, proof: proof}
					m.alone = !bytes.Contains(proof, []byte(`,"register":`))
					if outcome := c.judgeAt(b, g.fixture, m); outcome != bundle.OK {
						t.Errorf("%s, %q: %s: %s", m.name, g.names, outcome, problemsOf(g.verify(t, data, bundle.Options{Proof: proof})))
					}
					for _, problem := range opened(b, unpacker, tools) {
						t.Errorf("%s, %q: %s", m.name, g.names, problem)
					}
				})
			}
		})
	}
	for i := range cases {
		numbers <- first + i
		if i%100 == 99 {
			t.Logf("case %d of %d", i+1, cases)
		}
	}
	close(numbers)
	wg.Wait()
	t.Logf("%d cases, %d bundles, %d entries, %d exhibits", cases, bundles, entries, exhibits)
	if bundles < int64(cases) {
		t.Errorf("%d bundles of %d cases were judged", bundles, cases)
	}
}

// archivers returns the calls of programs that test an archive, of those that are
// installed.
func archivers(t *testing.T) [][]string {
	t.Helper()
	var calls [][]string
	for _, call := range [][]string{{"unzip", "-tqq"}, {"7z", "t", "-bso0", "-bsp0"}, {"7zz", "t", "-bso0", "-bsp0"}} {
		if _, err := exec.LookPath(call[0]); err == nil {
			calls = append(calls, call)
		} else {
			t.Logf("%s is not installed here", call[0])
		}
	}
	return calls
}

// startUnpacker starts what opens bundles with Python's zipfile and checks them
// as bags.
func startUnpacker(t *testing.T) *judge {
	t.Helper()
	return start(t, func(of job) string { return of.Bundle }, "python3", "testdata/archives.py")
}

// opened has common programs open the bundle at a bench and returns what they say
// against it.
func opened(b *bench, unpacker *judge, tools [][]string) []string {
	var problems []string
	if err := unpacker.ask(b.job); err != nil {
		problems = append(problems, err.Error())
	} else if said, err := unpacker.answer(); err != nil || said != "ok" {
		problems = append(problems, fmt.Sprintf("zipfile or bag: %s, %v", said, err))
	}
	for _, call := range tools {
		out, err := exec.Command(call[0], append(call[1:len(call):len(call)], b.job.Bundle)...).CombinedOutput()
		if err != nil || len(bytes.TrimSpace(out)) > 0 {
			problems = append(problems, fmt.Sprintf("%s: %v: %s", call[0], err, strings.TrimSpace(string(out))))
		}
	}
	return problems
}
