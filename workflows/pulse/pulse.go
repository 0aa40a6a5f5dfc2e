// Package pulse is the heartbeat of a long activity: it tells Temporal at a
// steady rate how far the activity is, and ends the activity when nothing has
// moved for too long, so that a hung connection is retried and not waited for.
//
// No attempt resumes from what a heartbeat says: whoever administers the engine
// can write one, and what was never read would count as read.
package pulse

import (
	"context"
	"sync"
	"time"

	"go.temporal.io/sdk/activity"

	"github.com/sealcase/sealcase/evidence"
)

const (
	// Timeout is the heartbeat timeout that activities with a pulse are
	// scheduled with: a worker that dies is noticed within it.
	Timeout = 20 * time.Second

	// Brief is the heartbeat timeout that short activities are scheduled with.
	// They have nothing to tell; the worker beats for them (Keep), so that a
	// worker that dies is noticed long before they would have run out of time.
	Brief = 10 * time.Second

	every = time.Second
	stall = 3 * time.Minute
)

// Pulse beats on behalf of one activity. It is safe for concurrent use.
type Pulse struct {
	mu      sync.Mutex
	details func() any
	moved   time.Time
	stop    context.CancelCauseFunc
	done    chan struct{}
}

// Start begins to beat; details returns how far the activity is, for people who
// look on, and is called about once a second under no lock of the Pulse's. The
// returned context ends with an Unavailable cause when Move was not called for
// three minutes. Stop must be called.
func Start(ctx context.Context, details func() any) (context.Context, *Pulse) {
	ctx, stop := context.WithCancelCause(ctx)
	p := &Pulse{details: details, moved: time.Now(), stop: stop, done: make(chan struct{})}
	activity.RecordHeartbeat(ctx, details())
	go p.beat(ctx)
	return ctx, p
}

// Keep beats on behalf of a short activity until the returned function is
// called. Beats without details would wipe out those of an activity with a
// Pulse; do not use both.
func Keep(ctx context.Context) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	done := make(chan struct{})
	go func() {
		defer close(done)
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
				activity.RecordHeartbeat(ctx)
			}
		}
	}()
	return func() {
		cancel()
		<-done
	}
}

// Move says that something happened.
func (p *Pulse) Move() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.moved = time.Now()
}

// Stop ends the beating after a last beat.
func (p *Pulse) Stop() {
	p.stop(nil)
	<-p.done
}

// Cause returns why the activity's context ended, when the Pulse ended it, and
// otherwise err.
func Cause(ctx context.Context, err error) error {
	if err == nil || ctx.Err() == nil {
		return err
	}
	if cause := context.Cause(ctx); evidence.CodeOf(cause) == evidence.Unavailable {
		return cause
	}
	return err
}

func (p *Pulse) beat(ctx context.Context) {
	defer close(p.done)
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			activity.RecordHeartbeat(context.WithoutCancel(ctx), p.details())
			return
		case <-ticker.C:
		}
		activity.RecordHeartbeat(ctx, p.details())
		p.mu.Lock()
		stalled := time.Since(p.moved) > stall
		p.mu.Unlock()
		if stalled {
			p.stop(evidence.Errorf(evidence.Unavailable, "storage gave nothing for %s; it is tried again", stall))
		}
	}
}
