package register

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/internal/parallel"
)

// mirrorSlice is how many logs without a new head a run of the mirror looks at.
const mirrorSlice = 128

// MirrorLogs signs and mirrors the newest heads of logs whose process did not come to
// it, and returns how many those were: logs of which a head was recorded since the
// last run, and in turn some of all others, whose last entries may have no head. A log
// that must not be used is left out and logged; the audit says what is wrong with it.
// A run costs a read for each of the last few minutes, and one for each of at most 128
// logs that did not change. Idempotent; only a service may.
func (r *Register) MirrorLogs(ctx context.Context, actor evidence.Actor) (behind int, err error) {
	if err := evidence.OnlyService(actor); err != nil {
		return 0, err
	}
	began := r.clock()
	logs, last, err := r.mirrorWhich(ctx, began)
	if err != nil {
		return 0, err
	}
	var found atomic.Int64
	err = parallel.Each(ctx, len(logs), func(ctx context.Context, i int) error {
		was, err := r.mirrorLog(ctx, logs[i])
		if was {
			found.Add(1)
		}
		switch code := evidence.CodeOf(err); {
		case err == nil, code == evidence.NotFound: // a case that was never opened has no log
			return nil
		case code.Retryable(), code == evidence.Sealed, code == evidence.StorageFull, code == evidence.StorageUnsafe: // so would the others
			return err
		}
		r.logger.ErrorContext(ctx, "a log is not mirrored", slog.String("case", string(logs[i])), slog.Any("error", err))
		return nil
	})
	if err != nil {
		return int(found.Load()), err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.mirrorLooked, r.mirrorAfter = began, last
	return int(found.Load()), nil
}

// mirrorLog signs and mirrors the newest head of a log, and reports whether somebody
// had left that undone, or had not come to it yet.
func (r *Register) mirrorLog(ctx context.Context, c evidence.CaseID) (behind bool, err error) {
	l := r.book.Log(c)
	h, err := l.Head(ctx, 0)
	if err != nil {
		return false, err
	}
	unsigned := h.Signed < h.Size
	if unsigned {
		if _, err := l.Checkpoint(ctx); err != nil {
			return true, err
		}
	}
	unmirrored, err := l.Mirror(ctx)
	return unsigned || unmirrored, err
}

// mirrorWhich returns the logs that a run looks at, and the last of those whose turn
// it is.
func (r *Register) mirrorWhich(ctx context.Context, now time.Time) (logs []evidence.CaseID, last evidence.CaseID, err error) {
	r.mu.Lock()
	looked, after := r.mirrorLooked, r.mirrorAfter
	r.mu.Unlock()
	from := looked.Add(-lookBack)
	if looked.IsZero() || now.Sub(looked) > lookBackFar {
		from = now.Add(-lookBackFar)
	}
	sizes, err := r.headsSince(ctx, from, now)
	if err != nil {
		return nil, "", err
	}
	all, err := r.store.CaseIDs(ctx)
	if err != nil {
		return nil, "", err
	}
	logs = append(slices.Collect(maps.Keys(sizes)), evidence.RegisterID())
	if len(all) > 0 {
		slices.Sort(all)
		at, there := slices.BinarySearch(all, after)
		if there {
			at++
		}
		for i := range min(mirrorSlice, len(all)) {
			last = all[(at+i)%len(all)]
			logs = append(logs, last)
		}
	}
	slices.Sort(logs)
	return slices.Compact(logs), last, nil
}
