package api

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

// TestAnIntakeIsToldOncePerSecond: the first item is told of at once, all that come
// within a second after it together at its end, and another intake does not wait.
func TestAnIntakeIsToldOncePerSecond(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var told, other atomic.Int64
		n := newNotices(func(_ context.Context, _ evidence.Actor, id evidence.IntakeID) error {
			if id == "one" {
				told.Add(1)
			} else {
				other.Add(1)
			}
			return nil
		}, slog.New(slog.DiscardHandler))
		after := func(wait time.Duration, want int64) {
			t.Helper()
			time.Sleep(wait) // of the clock of synctest
			synctest.Wait()
			if got := told.Load(); got != want {
				t.Errorf("told %d times, want %d", got, want)
			}
		}
		for range 5 {
			n.received(evidence.Actor{}, "one")
		}
		n.received(evidence.Actor{}, "other")
		after(0, 1)
		if other.Load() != 1 {
			t.Error("another intake waits")
		}
		after(noticeEvery-time.Millisecond, 1)
		after(time.Millisecond, 2)
		after(10*noticeEvery, 2)
		n.received(evidence.Actor{}, "one")
		after(0, 3)
		n.wait()
	})
}

// TestANoticeIsTriedAgain a few times, later each time, and then left to the
// workflow, which looks by itself.
func TestANoticeIsTriedAgain(t *testing.T) {
	t.Parallel()
	for code, want := range map[evidence.Code]int{evidence.Unavailable: noticeTries, evidence.NotFound: 1} {
		synctest.Test(t, func(t *testing.T) {
			tried := 0
			n := newNotices(func(context.Context, evidence.Actor, evidence.IntakeID) error {
				tried++
				return evidence.Errorf(code, "it fails for this test")
			}, slog.New(slog.DiscardHandler))
			n.received(evidence.Actor{}, "one")
			n.wait()
			if tried != want {
				t.Errorf("%s: tried %d times, want %d", code, tried, want)
			}
		})
	}
}
