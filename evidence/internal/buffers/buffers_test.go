package buffers

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// TestBuffersStayWithinTheirMemory has many uploads wait for memory: what is
// handed out at a time never exceeds what there is.
func TestBuffersStayWithinTheirMemory(t *testing.T) {
	const memory, part = 80 << 20, 16 << 20
	synctest.Test(t, func(t *testing.T) {
		b := New(memory, part)
		var inUse, most atomic.Int64
		var wg sync.WaitGroup
		for i := range 60 {
			wg.Go(func() {
				size := []int64{part, 1000, MinPart, 4 << 20}[i%4]
				buf, release, err := b.Get(t.Context(), size)
				if err != nil || int64(len(buf)) != size {
					t.Errorf("got %d bytes, %v", len(buf), err)
					return
				}
				now := inUse.Add(size)
				for m := most.Load(); now > m && !most.CompareAndSwap(m, now); m = most.Load() {
				}
				time.Sleep(time.Second)
				inUse.Add(-size)
				release()
			})
		}
		wg.Wait()
		if most.Load() > memory || most.Load() < memory/2 {
			t.Errorf("%d bytes were in use at a time, of %d", most.Load(), memory)
		}
	})
}

func TestOneBufferMayBeLargerThanTheLimit(t *testing.T) {
	b := New(80<<20, 16<<20)
	buf, release, err := b.Get(t.Context(), 105<<20)
	if err != nil || len(buf) != 105<<20 {
		t.Fatalf("got %d bytes, %v", len(buf), err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, _, err := b.Get(ctx, MinPart); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("a second buffer beside it: %v", err)
	}
	_, small, err := b.Get(t.Context(), 10)
	if err != nil {
		t.Errorf("a small upload waits for a large one: %v", err)
	}
	small()
	release()
	if _, again, err := b.Get(t.Context(), 16<<20); err != nil {
		t.Error(err)
	} else {
		again()
	}
}
