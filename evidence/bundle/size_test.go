package bundle_test

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
)

// gibOfZeros is the SHA-256 of 2^30 zero bytes.
const gibOfZeros = "49bc20df15e412a64472421e13fe86ff1c5165e18b2afccf160d4dc19fe68a14"

// zeroCase is a case whose last exhibit is a GiB of zeros.
type zeroCase struct {
	*fixture
	image evidence.ItemID
}

func (z *zeroCase) Open(ctx context.Context, it evidence.Item) (io.ReadCloser, error) {
	if it.ID == z.image {
		return &zeroReader{left: it.Length}, nil
	}
	return z.fixture.Open(ctx, it)
}

// newZeroCase returns a case of so many small exhibits and one of 1 GiB.
func newZeroCase(tb testing.TB, small int) *zeroCase {
	f := newFixture(5)
	for i := range small {
		f.disclose(evidence.FileName(fmt.Sprintf("home/alice/mail/%05d.eml", i)), fmt.Appendf(nil, "message %d", i))
	}
	digest, err := evidence.ParseDigest(gibOfZeros)
	if err != nil {
		tb.Fatal(err)
	}
	it := f.sealItem(f.receive("disk.img", 1<<30, digest))
	f.items = append(f.items, it)
	f.close()
	return &zeroCase{fixture: f, image: it.ID}
}

// liveHeap returns the bytes of heap that are in use.
func liveHeap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// sampled is a reader that tells of each call.
type sampled struct {
	io.ReaderAt
	call func()
}

func (s *sampled) ReadAt(p []byte, off int64) (int, error) {
	s.call()
	return s.ReaderAt.ReadAt(p, off)
}

// TestMemory writes and verifies 1,000 exhibits (20,000 with -whole) and one of
// 1 GiB, and looks at how much memory that holds on to, besides the case itself.
func TestMemory(t *testing.T) {
	limit, small := int64(8<<20), 1_000
	if *whole {
		limit, small = 48<<20, 20_000
	}
	z := newZeroCase(t, small)
	peak, base, calls := int64(0), liveHeap(), 0
	sample := func(int, int64) {
		if calls++; calls%4096 == 0 {
			peak = max(peak, liveHeap())
		}
	}
	var file virtualFile
	s, err := bundle.Write(t.Context(), &file, z, sample)
	if err != nil {
		t.Fatal(err)
	}
	kept := int64(0) // by the test's own file
	for _, p := range file.parts {
		kept += int64(cap(p.data))
	}
	t.Logf("written: %d bytes, %d items, %d entries; at most %d MiB", s.Length, s.Items, s.LogSize, (peak-base-kept)>>20)
	if peak-base-kept > limit {
		t.Errorf("writing held on to %d MiB", (peak-base-kept)>>20)
	}
	peak, base = 0, liveHeap()
	r, err := bundle.Verify(t.Context(), &sampled{&file, func() { sample(0, 0) }}, file.size, z.facts.Keys, bundle.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Logf("verified: at most %d MiB", (peak-base)>>20)
	if peak-base > limit {
		t.Errorf("verifying held on to %d MiB", (peak-base)>>20)
	}
	runtime.KeepAlive(z)
	if r.Outcome != bundle.OK || len(r.Exhibits) != small+1 || r.Digest != s.Digest {
		t.Errorf("the bundle is %s with %d exhibits: %v", r.Outcome, len(r.Exhibits), r.Problems)
	}
}

// BenchmarkWrite writes a bundle with an exhibit of 1 GiB.
func BenchmarkWrite(b *testing.B) {
	z := newZeroCase(b, 10)
	b.SetBytes(1 << 30)
	for b.Loop() {
		if _, err := bundle.Write(b.Context(), io.Discard, z, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkVerify verifies a bundle with an exhibit of 1 GiB.
func BenchmarkVerify(b *testing.B) {
	z := newZeroCase(b, 10)
	var file virtualFile
	if _, err := bundle.Write(b.Context(), &file, z, nil); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(1 << 30)
	for b.Loop() {
		r, err := bundle.Verify(b.Context(), &file, file.size, z.facts.Keys, bundle.Options{})
		if err != nil || r.Outcome != bundle.OK {
			b.Fatalf("%v %v", err, r.Problems)
		}
	}
}

// BenchmarkVerifyEntries verifies a bundle of 10^4 entries.
func BenchmarkVerifyEntries(b *testing.B) {
	f := newFixture(6)
	f.disclose("a.txt", []byte("a"))
	for len(f.entries) < 10_000 {
		e := f.entry(evidence.ActViewed)
		e.AboutItem(f.items[0])
		f.append(e)
	}
	var file virtualFile
	if _, err := bundle.Write(b.Context(), &file, f.close(), nil); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		r, err := bundle.Verify(b.Context(), &file, file.size, f.facts.Keys, bundle.Options{})
		if err != nil || r.Outcome != bundle.OK {
			b.Fatalf("%v %v", err, r.Problems)
		}
	}
}
