package bundle_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
)

// wantMutations is how many mutations of the golden bundle all three verifiers
// must catch.
const wantMutations = 10_000

// sampleOf is how many of them a plain test run judges, about.
const sampleOf = 120

// TestDifferential has three verifiers judge changed bundles: this package, the
// same compiled for the page verify.html, and the one in independent/, which was
// written from FORMAT.md in another language. None may let one pass, and all must
// come to the same outcome. It needs Node, Python 3 and openssl. They judge a
// sample, with -whole thousands.
func TestDifferential(t *testing.T) {
	f := golden()
	data, s := f.write(t)
	proof := f.proveRegistered(t, s)
	c := newCourt(t)
	for _, good := range []mutation{{name: "the good bundle", data: data, proof: proof}, {name: "the good bundle without its proof", data: data}} {
		if outcome := c.judgeAt(c.benches[0], f, good); outcome != bundle.OK {
			t.Fatalf("%s is %s", good.name, outcome)
		}
	}
	seed := seedOf(t)
	choose, total, judged := rand.New(rand.NewPCG(seed, 1)), 0, 0
	outcomes := c.judgeAll(f, func(yield func(mutation) bool) {
		for m := range mutations(takeApart(t, f, data), data, proof, seed) {
			total++
			if !*whole && choose.IntN(wantMutations) >= sampleOf {
				continue
			}
			if judged++; !yield(m) {
				return
			}
		}
	})
	t.Logf("%d of %d mutations: %v", judged, total, outcomes)
	if total < wantMutations || judged < sampleOf/2 || *whole && judged < total {
		t.Errorf("%d of %d mutations were judged, want %d or more", judged, total, wantMutations)
	}
}

// court has every verifier judge the same bundle. Each bench has processes of
// its own.
type court struct {
	t       *testing.T
	benches []*bench
}

type bench struct {
	dir          string
	job          job // without proof
	python, page *judge
}

func newCourt(t *testing.T) *court {
	t.Helper()
	c := &court{t: t}
	program := buildPage(t)
	for range max(runtime.GOMAXPROCS(0), 2) {
		b := &bench{dir: t.TempDir(), python: startPython(t), page: startPage(t, program)}
		b.job = job{Bundle: b.path("bundle.zip"), Keys: b.path("keys.vkey"), Witness: b.path("witness.vkey")}
		c.benches = append(c.benches, b)
	}
	return c
}

func (b *bench) path(name string) string { return filepath.Join(b.dir, name) }

func (b *bench) write(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.WriteFile(path, data, 0o600); err != nil {
		t.Fatal(err)
	}
}

// judgeAll judges mutations on all benches and counts their outcomes.
func (c *court) judgeAll(f *fixture, all func(yield func(mutation) bool)) map[bundle.Outcome]int {
	queue, counts := make(chan mutation), map[bundle.Outcome]int{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, b := range c.benches {
		wg.Go(func() {
			for m := range queue {
				outcome := c.judgeAt(b, f, m)
				if outcome == bundle.OK {
					c.t.Errorf("%s%s: no error found", m.name, withProof(m))
				}
				mu.Lock()
				counts[outcome]++
				mu.Unlock()
			}
		})
	}
	all(func(m mutation) bool {
		queue <- m
		return c.t.Context().Err() == nil
	})
	close(queue)
	wg.Wait()
	return counts
}

// judgeAt judges at one bench, by the keys of the readers of f: the others while
// this package does. It returns the outcome to which all come.
func (c *court) judgeAt(b *bench, f *fixture, m mutation) bundle.Outcome {
	of := b.job
	b.write(c.t, of.Bundle, m.data)
	b.write(c.t, of.Keys, evidence.FormatVKeys(f.trusted))
	opts := bundle.Options{Proof: m.proof}
	if m.proof != nil {
		of.Proof = b.path("proof.json")
		b.write(c.t, of.Proof, m.proof)
	}
	if m.proof == nil || m.alone {
		of.Witness = ""
	} else {
		b.write(c.t, of.Witness, []byte(f.witnessKey().VKey()+"\n"))
		opts.Witnesses = []evidence.WitnessKey{f.witnessKey()}
	}
	others := []*judge{b.python, b.page}
	for _, j := range others {
		if err := j.ask(of); err != nil {
			c.t.Errorf("%s: %v", m.name, err)
		}
	}
	report := f.verify(c.t, m.data, opts)
	for i, j := range others {
		outcome, err := j.answer()
		if err != nil || outcome != report.Outcome {
			c.t.Errorf("%s%s: native says %s, %s says %s (%v)\n%s", m.name, withProof(m), report.Outcome, [...]string{"Python", "the page"}[i], outcome, err, problemsOf(report))
		}
		if outcome == bundle.OK {
			report.Outcome = outcome
		}
	}
	return report.Outcome
}

func withProof(m mutation) string {
	if m.proof == nil {
		return ""
	}
	return " (with proof)"
}

// problemsOf returns the first problems of a report, to be read.
func problemsOf(r bundle.Report) string {
	return fmt.Sprintf("%.900s", fmt.Sprint(r.Problems))
}
