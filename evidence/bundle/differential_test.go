package bundle_test

import (
	"fmt"
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

// TestDifferential has three verifiers judge thousands of changed bundles: this
// package, the same compiled for the page verify.html, and the one in
// independent/, which was written from FORMAT.md in another language. None may
// let one pass, and all must come to the same outcome. It needs Node, Python 3
// and openssl. With -short they judge a sample.
func TestDifferential(t *testing.T) {
	f := golden()
	data, s := f.write(t)
	proof := f.proveRegistered(t, s)
	c := newCourt(t, f)
	if outcome := c.judge(mutation{"the good bundle", data, proof}); outcome != bundle.OK {
		t.Fatalf("the good bundle is %s", outcome)
	}
	if outcome := c.judge(mutation{"the good bundle without its proof", data, nil}); outcome != bundle.OK {
		t.Fatalf("the good bundle without its proof is %s", outcome)
	}
	total, every := 0, 1
	if testing.Short() {
		every = 25
	}
	outcomes := c.judgeAll(func(yield func(mutation) bool) {
		for m := range mutations(takeApart(t, f, data), data, proof, 1) {
			if total++; total%every == 0 && !yield(m) {
				return
			}
		}
	})
	t.Logf("%d mutations: %v", total, outcomes)
	if total < wantMutations {
		t.Errorf("%d mutations, want %d or more", total, wantMutations)
	}
}

// court has every verifier judge the same bundle. Each bench has processes of
// its own.
type court struct {
	t       *testing.T
	f       *fixture
	benches []*bench
}

type bench struct {
	dir          string
	job          job // without proof
	python, page *judge
}

func newCourt(t *testing.T, f *fixture) *court {
	t.Helper()
	c := &court{t: t, f: f}
	program := buildPage(t)
	for range max(runtime.GOMAXPROCS(0), 2) {
		b := &bench{dir: t.TempDir(), python: startPython(t), page: startPage(t, program)}
		b.job = job{Bundle: b.path("bundle.zip"), Keys: b.path("keys.vkey"), Witness: b.path("witness.vkey")}
		b.write(t, b.job.Keys, evidence.FormatVKeys(f.trusted))
		b.write(t, b.job.Witness, []byte(f.witnessKey().VKey()+"\n"))
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

// judge returns the outcome to which all come.
func (c *court) judge(m mutation) bundle.Outcome { return c.judgeAt(c.benches[0], m) }

// judgeAll judges mutations on all benches and counts their outcomes.
func (c *court) judgeAll(all func(yield func(mutation) bool)) map[bundle.Outcome]int {
	queue, counts := make(chan mutation), map[bundle.Outcome]int{}
	var mu sync.Mutex
	var wg sync.WaitGroup
	for _, b := range c.benches {
		wg.Go(func() {
			for m := range queue {
				outcome := c.judgeAt(b, m)
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

// judgeAt judges at one bench: the others while this package does.
func (c *court) judgeAt(b *bench, m mutation) bundle.Outcome {
	of := b.job
	b.write(c.t, of.Bundle, m.data)
	opts := bundle.Options{Proof: m.proof}
	if m.proof == nil {
		of.Witness = ""
	} else {
		of.Proof = b.path("proof.json")
		b.write(c.t, of.Proof, m.proof)
		opts.Witnesses = []evidence.WitnessKey{c.f.witnessKey()}
	}
	others := []*judge{b.python, b.page}
	for _, j := range others {
		if err := j.ask(of); err != nil {
			c.t.Errorf("%s: %v", m.name, err)
		}
	}
	report := c.f.verify(c.t, m.data, opts)
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
