package register

import (
	"context"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/internal/parallel"
)

// The register takes the heads of logs that changed. Which those are is found
// by the minute in which a head was signed: a read of one small partition for
// each of the last few minutes, not of every case. Processes' clocks differ, so
// every quarter of an hour it looks back further; and when the register is
// behind by more than a day, it looks at all cases.
const (
	lookBack     = 3 * time.Minute
	lookBackFar  = 150 * time.Minute
	lookFarEvery = 15 * time.Minute
	lookBackMost = 24 * time.Hour
)

// changedLogs returns the logs that may have grown since their heads were
// registered last; far says that it looked back far.
func (r *Register) changedLogs(ctx context.Context, now time.Time) (changed []evidence.CaseID, far bool, err error) {
	from, far, err := r.lookFrom(ctx, now)
	if err != nil {
		return nil, false, err
	}
	if now.Sub(from) > lookBackMost {
		all, err := r.store.CaseIDs(ctx)
		return all, true, err
	}
	sizes, err := r.headsSince(ctx, from, now)
	if err != nil {
		return nil, false, err
	}
	for _, c := range slices.Sorted(maps.Keys(sizes)) {
		there, err := r.isRegistered(ctx, c, sizes[c])
		if err != nil {
			return nil, false, err
		}
		if !there {
			changed = append(changed, c)
		}
	}
	return changed, far, nil
}

// lookFrom returns since when heads are looked for.
func (r *Register) lookFrom(ctx context.Context, now time.Time) (from time.Time, far bool, err error) {
	r.mu.Lock()
	looked, lookedFar := r.looked, r.lookedFar
	r.mu.Unlock()
	far = now.Sub(lookedFar) >= lookFarEvery
	if looked.IsZero() { // this process did not: the register says when somebody did
		h, err := r.book.Log(evidence.RegisterID()).Head(ctx, time.Minute)
		if err != nil {
			return from, false, err
		}
		looked = h.Said.LastAt.Time()
	}
	if far {
		return looked.Add(-lookBackFar), true, nil
	}
	return looked.Add(-lookBack), false, nil
}

// headsSince returns the logs whose heads were recorded since from, each with
// its largest size.
func (r *Register) headsSince(ctx context.Context, from, now time.Time) (map[evidence.CaseID]int64, error) {
	first := from.Truncate(time.Minute)
	minutes := int(now.Add(time.Minute).Sub(first)/time.Minute) + 1 // one ahead: clocks differ
	var mu sync.Mutex
	sizes := map[evidence.CaseID]int64{}
	err := parallel.Each(ctx, minutes, func(ctx context.Context, i int) error {
		found, err := r.store.HeadsOf(ctx, first.Add(time.Duration(i)*time.Minute))
		mu.Lock()
		defer mu.Unlock()
		for c, size := range found {
			if c != evidence.RegisterID() {
				sizes[c] = max(sizes[c], size)
			}
		}
		return err
	})
	return sizes, err
}

// isRegistered reports whether the register has the head of a log at size, or
// at a larger one.
func (r *Register) isRegistered(ctx context.Context, c evidence.CaseID, size int64) (bool, error) {
	r.mu.Lock()
	known, ok := r.registered[c]
	r.mu.Unlock()
	if ok && known >= size {
		return true, nil
	}
	_, err := r.book.Log(evidence.RegisterID()).Entry(ctx, headEntryID(c, size))
	switch {
	case err == nil:
		r.rememberRegistered(c, size)
		return true, nil
	case evidence.CodeOf(err) == evidence.NotFound:
		return false, nil
	default:
		return false, err
	}
}

func (r *Register) rememberRegistered(c evidence.CaseID, size int64) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.registered[c] = max(r.registered[c], size)
}
