package audit

import (
	"context"
	"errors"
	"time"
)

// pace is how much more time a case gets for each entry and each object that was
// read of it: a hundred times what either takes. A case of any size ends in
// time; one that goes on without reading anything does not.
const pace = 100 * time.Millisecond

// errLate ends what is done for a case that has run out of time.
var errLate = errors.New("the case ran out of time")

// limit is when a case must be done. A nil limit gives all the time there is.
type limit struct {
	timer *time.Timer
	began time.Time
	base  time.Duration
	from  int64
}

// within returns a context that ends when the case is out of time.
func (r *run) within(ctx context.Context) (context.Context, func()) {
	ctx, cancel := context.WithCancelCause(ctx)
	r.limit = &limit{began: time.Now(), base: r.config.CaseLimit, from: r.progress.Entries + r.progress.Objects}
	r.limit.timer = time.AfterFunc(r.config.CaseLimit, func() { cancel(errLate) })
	return ctx, func() {
		r.limit.timer.Stop()
		r.limit = nil
		cancel(nil)
	}
}

// extend gives the case the time that what was read of it may take.
func (l *limit) extend(p Progress) {
	if l == nil {
		return
	}
	ends := l.began.Add(l.base + time.Duration(p.Entries+p.Objects-l.from)*pace)
	if l.timer.Stop() {
		l.timer.Reset(time.Until(ends))
	}
}

// late reports whether the case of ctx is out of time.
func late(ctx context.Context) bool { return errors.Is(context.Cause(ctx), errLate) }
