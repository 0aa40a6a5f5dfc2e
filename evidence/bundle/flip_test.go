package bundle_test

import (
	"fmt"
	"runtime"
	"sync"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
)

// expectFlip verifies data with the byte at position i changed by xor, which
// must be found, with the code for that part.
func expectFlip(t *testing.T, f *fixture, data []byte, span bundle.Span, i int64, xor byte) {
	t.Helper()
	data[i] ^= xor
	defer func() { data[i] ^= xor }()
	r := f.verify(t, data, bundle.Options{})
	want := bundle.Malformed
	if span.IsContents {
		want = bundle.Tampered
	}
	if r.Outcome != want || len(r.Problems) == 0 {
		t.Errorf("%s, offset %d, xor %#02x: %s, want %s: %v", span.Name, i, xor, r.Outcome, want, r.Problems)
	}
}

// parallel calls do for each of n, on all cores.
func parallel(n int64, do func(i int64)) {
	var wg sync.WaitGroup
	workers := int64(runtime.GOMAXPROCS(0))
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n; i += workers {
				do(i)
			}
		})
	}
	wg.Wait()
}

// TestEveryByte changes every single byte between the contents of a bundle, and
// every third of the contents: each change is found. Without -whole it changes a
// fifth of them.
func TestEveryByte(t *testing.T) {
	f := small()
	good, _ := f.write(t)
	if r := f.verify(t, good, bundle.Options{}); r.Outcome != bundle.OK {
		t.Fatalf("the good bundle is %s: %v", r.Outcome, r.Problems)
	}
	first, sparse := int64(0), int64(1)
	if !*whole {
		sparse = 5
		first = int64(seedOf(t) % 5)
	}
	for _, span := range bundle.Spans(good) {
		parallel(2, func(half int64) {
			data := append([]byte{}, good...)
			step := sparse
			if span.IsContents {
				step = 3 * sparse
			}
			for i := span.From + first + half*step; i < span.To; i += 2 * step {
				expectFlip(t, f, data, span, i, byte(1<<(i%8)))
			}
		})
	}
}

// TestFlips changes bytes all over the golden bundle: a few in each member, and
// in what is between.
func TestFlips(t *testing.T) {
	f := golden()
	good, _ := f.write(t)
	for _, span := range bundle.Spans(good) {
		step := max((span.To-span.From)/5, 1)
		parallel(2, func(half int64) {
			data := append([]byte{}, good...)
			for i := span.From + half*step; i < span.To; i += 2 * step {
				expectFlip(t, f, data, span, i, 0x20)
			}
		})
	}
}

// TestCutAndGrown cuts the bundle off at many places, and adds to it.
func TestCutAndGrown(t *testing.T) {
	f := small()
	good, _ := f.write(t)
	expect := func(what string, data []byte) {
		if r := f.verify(t, data, bundle.Options{}); r.Outcome != bundle.Malformed || len(r.Problems) == 0 {
			t.Errorf("%s: %s, want malformed: %v", what, r.Outcome, r.Problems)
		}
	}
	for n := 0; n < len(good); n += 7 {
		expect(fmt.Sprintf("the first %d bytes", n), good[:n])
		expect(fmt.Sprintf("without the first %d bytes", n+1), good[n+1:])
	}
	for _, extra := range []string{"\x00", "\n", string(good[len(good)-22:]), string(good)} {
		expect("something after the end", append(append([]byte{}, good...), extra...))
		expect("something before the beginning", append([]byte(extra), good...))
	}
	spans := bundle.Spans(good)
	for _, s := range spans {
		for _, n := range []int64{1, 16, 100} {
			data := append(append(append([]byte{}, good[:s.From]...), make([]byte, n)...), good[s.From:]...)
			expect(fmt.Sprintf("%d bytes before %s", n, s.Name), data)
		}
	}
	if r := f.verify(t, nil, bundle.Options{}); r.Outcome != bundle.Malformed || r.Digest != evidence.Sum(nil) {
		t.Errorf("an empty file: %s", r.Outcome)
	}
}
