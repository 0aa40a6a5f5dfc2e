package logbook

import (
	"sync"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

const (
	// MaxWaiting is how many of the machine's entries a process keeps for one log
	// while Vault cannot sign them. Those beyond it are refused; whoever asked
	// for them (a workflow) asks again.
	MaxWaiting = 4096
	// The first and the longest pause between two tries to sign what waits.
	firstPause, longestPause = 250 * time.Millisecond, 5 * time.Second
)

// queue holds what is to be appended to one log, in the order in which it came.
// The machine's entries that could not be signed wait apart, so that they do not
// hold up what is signed already.
type queue struct {
	commit   func(batch []*Draft) // appends a batch
	stopping <-chan struct{}
	wake     chan struct{}

	mu      sync.Mutex // guards what follows
	ready   []*Draft
	waiting []*Draft
	byID    map[evidence.EntryID]*Draft // of waiting: who asks again joins what waits
	why     error                       // why they wait; nil when the machine's entries can be signed
	again   time.Time                   // when to try next
	pause   time.Duration
	running bool
}

// enqueue hands entries to the one goroutine that appends to this log. What
// gathers while it writes goes into its next batch.
func (q *queue) enqueue(work []*Draft) error {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.why != nil {
		if err := q.join(work); err != nil {
			return err
		}
	} else {
		q.ready = append(q.ready, work...)
	}
	if !q.running {
		q.running = true
		go q.drain()
	}
	select {
	case q.wake <- struct{}{}:
	default:
	}
	return nil
}

// join puts work in while the machine's entries wait. An act that waits already
// is not put in again: who asks for it waits with it.
func (q *queue) join(work []*Draft) error {
	var ready, fresh []*Draft
	mine := map[evidence.EntryID]*Draft{}
	for i, a := range work {
		id := a.entry.Entry.ID
		known := q.byID[id]
		if known == nil {
			known = mine[id]
		}
		switch {
		case !a.machine():
			ready = append(ready, a)
		case known != nil:
			work[i] = known
		default:
			mine[id], fresh = a, append(fresh, a)
		}
	}
	if len(fresh) > 0 && len(q.waiting)+len(fresh) > MaxWaiting {
		return q.full()
	}
	q.ready, q.waiting = append(q.ready, ready...), append(q.waiting, fresh...)
	for id, a := range mine {
		q.byID[id] = a
	}
	return nil
}

func (q *queue) full() error {
	return evidence.WrapError(evidence.CodeOf(q.why), q.why, "nothing can be signed, and %d acts of the program wait for that in this case already; this one was not recorded: try again when Vault is unsealed", MaxWaiting)
}

// park keeps entries for later that cannot be signed now, before those that wait
// already: they are older.
func (q *queue) park(batch []*Draft, why error) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.why == nil { // what came since waits behind them
		q.byID, q.pause = map[evidence.EntryID]*Draft{}, firstPause
		var ready []*Draft
		for _, a := range q.ready {
			if a.machine() {
				q.waiting = append(q.waiting, a)
			} else {
				ready = append(ready, a)
			}
		}
		q.ready = ready
	} else {
		q.pause = min(2*q.pause, longestPause)
	}
	q.why, q.again = why, time.Now().Add(q.pause)
	q.waiting = append(batch, q.waiting...)
	if len(q.waiting) > MaxWaiting {
		finish(q.waiting[MaxWaiting:], q.full())
		q.waiting = q.waiting[:MaxWaiting:MaxWaiting]
	}
	clear(q.byID)
	for _, a := range q.waiting {
		q.byID[a.entry.Entry.ID] = a
	}
}

// unpark lets everything on again that waited: the signer answers.
func (q *queue) unpark() {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.why != nil {
		q.ready = append(q.waiting, q.ready...)
		q.waiting, q.byID, q.why = nil, nil, nil
	}
}

// drain appends what is in the queue, and ends when that is nothing.
func (q *queue) drain() {
	for {
		batch, pause := q.next()
		switch {
		case len(batch) > 0:
			q.commit(batch)
		case pause == 0:
			return
		default:
			q.rest(pause)
		}
	}
}

// rest waits until there may be something to do.
func (q *queue) rest(pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-q.wake:
	case <-q.stopping:
		q.giveUp()
	}
}

// giveUp lets go of what waits when the process ends.
func (q *queue) giveUp() {
	q.mu.Lock()
	defer q.mu.Unlock()
	finish(q.waiting, evidence.WrapError(evidence.Unavailable, q.why, "the program ends before this could be signed; it is not on record: try again"))
	q.waiting, q.byID, q.why = nil, nil, nil
}

// next returns what to append now, or how long to wait; neither when there is
// nothing, and the goroutine ends.
func (q *queue) next() (batch []*Draft, pause time.Duration) {
	q.mu.Lock()
	defer q.mu.Unlock()
	switch pause = time.Until(q.again); {
	case q.why != nil && pause <= 0 && len(q.waiting) > 0:
		batch, q.waiting = cut(q.waiting)
		return batch, 0
	case len(q.ready) > 0:
		batch, q.ready = cut(q.ready)
		return batch, 0
	case q.why != nil && len(q.waiting) > 0:
		return nil, max(pause, time.Millisecond)
	}
	q.why, q.running = nil, false
	return nil, 0
}

// cut takes a batch off a list.
func cut(list []*Draft) (batch, rest []*Draft) {
	n := min(len(list), batchSize)
	return list[:n:n], list[n:]
}

// tookTooLong is what a request hears that ends before its entries are on record.
func (q *queue) tookTooLong(cause error) error {
	q.mu.Lock()
	why := q.why
	q.mu.Unlock()
	if why != nil {
		return evidence.WrapError(evidence.CodeOf(why), why, "this cannot be signed now, and goes on record when it can be, unless the program ends before: try again then")
	}
	return evidence.WrapError(evidence.Unavailable, cause, "putting this on record took longer than the request may; it may be on record: try again")
}

// busy reports whether anything waits or is being appended.
func (q *queue) busy() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.running
}
