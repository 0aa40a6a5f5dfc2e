package custody

import (
	"context"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// appending is an entry on its way into a log.
type appending struct {
	entry evidence.LogEntry
	err   error
	done  chan struct{}
}

const (
	// commitLimit is how long a batch may take, with the registry's own retries.
	commitLimit = 2 * time.Minute
	// maxUnsigned is how many entries a log may grow by while no checkpoint can
	// be signed.
	maxUnsigned = 1 << 16
)

// record puts entries of one case on record, each once: an entry whose ID is
// in the log already is returned as it stands there. It returns when all are
// acknowledged. When ctx ends first it is not known whether they are; the call
// may be repeated.
func (s *Service) record(ctx context.Context, list ...evidence.Entry) ([]evidence.LogEntry, error) {
	if len(list) == 0 {
		return nil, nil
	}
	work := make([]*appending, len(list))
	for i, e := range list {
		if err := e.Check(); err != nil {
			return nil, err
		}
		raw, err := canon.Marshal(e)
		if err != nil {
			return nil, err
		}
		work[i] = &appending{entry: evidence.LogEntry{Raw: raw, Entry: e}, done: make(chan struct{})}
	}
	s.log(list[0].Case).enqueue(work)
	recorded := make([]evidence.LogEntry, len(list))
	for i, a := range work {
		select {
		case <-a.done:
		case <-ctx.Done():
			return nil, evidence.WrapError(evidence.Unavailable, ctx.Err(), "putting this on record took longer than the request may; it may be on record: try again")
		}
		if a.err != nil {
			return nil, a.err
		}
		recorded[i] = a.entry
	}
	return recorded, nil
}

// enqueue hands entries to the one goroutine that appends to this log. What
// gathers while it writes goes into its next batch.
func (l *caseLog) enqueue(work []*appending) {
	l.queueMu.Lock()
	defer l.queueMu.Unlock()
	l.queue = append(l.queue, work...)
	if !l.running {
		l.running = true
		go l.drain()
	}
}

func (l *caseLog) drain() {
	for {
		l.queueMu.Lock()
		if len(l.queue) == 0 {
			l.running = false
			l.queueMu.Unlock()
			return
		}
		batch := l.queue[:min(len(l.queue), ledger.TileSize)]
		l.queue = l.queue[len(batch):]
		l.queueMu.Unlock()
		l.commit(batch)
	}
}

// commit appends a batch. It runs apart from the requests that wait for it, so
// that one that is given up does not take the others with it.
func (l *caseLog) commit(batch []*appending) {
	ctx, cancel := context.WithTimeout(context.Background(), commitLimit)
	defer cancel()
	if err := l.take(ctx); err != nil {
		finish(batch, err)
		return
	}
	defer l.release()
	if err := l.usable(ctx); err != nil {
		finish(batch, err)
		return
	}
	for wait := time.Millisecond; len(batch) > 0; wait = min(2*wait, 100*time.Millisecond) {
		before := l.size()
		rest, err := l.write(ctx, batch)
		if err != nil {
			finish(rest, err)
			return
		}
		// The next index is taken, and by whom is not yet visible here. Where it
		// is, there is no waiting: others would take the one after it meanwhile.
		if len(rest) == len(batch) && l.size() == before {
			time.Sleep(wait)
		}
		batch = rest
	}
	l.s.signSoon(l)
}

// usable returns nil when the log can be appended to.
func (l *caseLog) usable(ctx context.Context) error {
	l.mu.Lock()
	loaded, broken, signErr := l.loaded, l.broken, l.signErr
	unsigned := l.tree.Size() - l.signed
	l.mu.Unlock()
	switch {
	case broken != nil:
		return broken
	case !loaded:
		_, err := l.catchUp(ctx)
		return err
	case signErr != nil && unsigned >= maxUnsigned:
		return signErr
	default:
		return nil
	}
}

// write inserts as much of the batch as it can and returns the rest: what lies
// behind an index that another process took, which is then caught up with.
func (l *caseLog) write(ctx context.Context, batch []*appending) (rest []*appending, err error) {
	size := l.size()
	list := make([]evidence.LogEntry, len(batch))
	for i, a := range batch {
		a.entry.Index = size + int64(i)
		list[i] = a.entry
	}
	added, err := l.s.registry.AddEntries(ctx, l.id, list)
	if err != nil {
		return batch, err
	}
	full, err := l.apply(list[:added])
	if err != nil {
		return batch, err
	}
	finish(batch[:added], nil)
	l.keepTiles(ctx, full)
	if batch = batch[added:]; len(batch) == 0 {
		return nil, nil
	}
	found, err := l.catchUp(ctx)
	if err != nil {
		return batch, err
	}
	return l.dropRecorded(ctx, batch, found)
}

// dropRecorded finishes those of the batch that are on record: among found, or,
// when nothing was found that took the index, anywhere for the first. It returns
// the others. It asks for nothing else: what passes between catching up and the
// next insert is time in which others take the index again.
func (l *caseLog) dropRecorded(ctx context.Context, batch []*appending, found []evidence.LogEntry) ([]*appending, error) {
	byID := make(map[evidence.EntryID]evidence.LogEntry, len(found))
	for _, e := range found {
		byID[e.Entry.ID] = e
	}
	if len(found) == 0 {
		first := batch[0].entry.Entry.ID
		e, err := l.s.registry.Entry(ctx, first)
		switch {
		case err == nil && e.Entry.Case != l.id:
			return batch, evidence.Errorf(evidence.Conflict, "the entry is on record in another case")
		case err == nil:
			byID[first] = e
		case evidence.CodeOf(err) != evidence.NotFound:
			return batch, err
		}
	}
	var rest []*appending
	for _, a := range batch {
		e, ok := byID[a.entry.Entry.ID]
		if !ok {
			rest = append(rest, a)
			continue
		}
		a.entry = e
		finish([]*appending{a}, nil)
	}
	return rest, nil
}

func finish(batch []*appending, err error) {
	for _, a := range batch {
		a.err = err
		close(a.done)
	}
}
