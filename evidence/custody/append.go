package custody

import (
	"context"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/state"
)

// appending is an entry on its way into a log.
type appending struct {
	entry    evidence.LogEntry // Raw is nil until it is signed
	unsigned []byte            // canonical bytes without the signature; nil for what was signed elsewhere
	signer   evidence.Signer   // of the person who acted; nil for the machine's and for what was signed elsewhere
	err      error
	done     chan struct{}
}

func newAppending(e evidence.Entry, raw, unsigned []byte) *appending {
	return &appending{entry: evidence.LogEntry{Raw: raw, Entry: e}, unsigned: unsigned, done: make(chan struct{})}
}

// machine reports whether the worker's key signs the entry.
func (a *appending) machine() bool { return a.entry.Entry.Actor.Service }

const (
	// commitLimit is how long a batch may take, with the registry's own retries.
	commitLimit = 2 * time.Minute
	// maxUnsigned is how many entries a log may grow by while no checkpoint can
	// be signed.
	maxUnsigned = 1 << 16
)

// record puts acts of actor on one case on record, each once: an entry whose ID
// is in the log already is returned as it stands there. A person's acts are
// signed before anything else happens, the machine's with the batch that they
// are appended in. It returns when all are acknowledged. When ctx ends first it
// is not known whether they are; the call may be repeated.
func (s *Service) record(ctx context.Context, actor evidence.Actor, list ...evidence.Entry) ([]evidence.LogEntry, error) {
	if len(list) == 0 {
		return nil, nil
	}
	work := make([]*appending, len(list))
	for i, e := range list {
		var err error
		if work[i], err = s.prepare(ctx, actor, e); err != nil {
			return nil, err
		}
	}
	return s.put(ctx, work...)
}

// put appends what is prepared to its log, and waits for that.
func (s *Service) put(ctx context.Context, work ...*appending) ([]evidence.LogEntry, error) {
	l := s.log(work[0].entry.Entry.Case)
	if err := l.enqueue(work); err != nil {
		return nil, err
	}
	recorded := make([]evidence.LogEntry, len(work))
	for i, a := range work {
		select {
		case <-a.done:
		case <-ctx.Done():
			return nil, l.tookTooLong(ctx.Err())
		}
		if a.err != nil {
			return nil, a.err
		}
		recorded[i] = a.entry
	}
	return recorded, nil
}

// commit appends a batch. It runs apart from the requests that wait for it, so
// that one that is given up does not take the others with it.
func (l *caseLog) commit(batch []*appending) {
	ctx, cancel := context.WithTimeout(context.Background(), commitLimit)
	defer cancel()
	l.remark(batch)
	if batch = l.signBatch(ctx, batch); len(batch) == 0 {
		return
	}
	if err := l.take(ctx); err != nil {
		finish(batch, err)
		return
	}
	defer l.release()
	if err := l.usable(ctx); err != nil {
		finish(batch, err)
		return
	}
	if l.size() == 0 && batch[0].entry.Entry.Act == evidence.ActRoster {
		if err := l.writeAll(ctx, batch[:1:1]); err != nil {
			finish(batch[1:], err)
			return
		}
		batch = batch[1:]
	}
	if len(batch) > 0 {
		l.writeRest(ctx, batch)
	}
	l.s.signSoon(l)
}

// writeRest appends a batch to a log that has begun, or begins it.
func (l *caseLog) writeRest(ctx context.Context, batch []*appending) {
	first, err := l.preface(ctx, batch)
	if err == nil && len(first) > 0 {
		err = l.writeAll(ctx, first)
	}
	if err != nil {
		finish(batch, err)
		return
	}
	_ = l.writeAll(ctx, l.admit(batch)) // each knows how it ended
}

// writeAll inserts the batch, behind what other processes append meanwhile. All
// of it is finished when it returns.
func (l *caseLog) writeAll(ctx context.Context, batch []*appending) error {
	for wait := time.Millisecond; len(batch) > 0; wait = min(2*wait, 100*time.Millisecond) {
		before := l.size()
		if l.remark(batch) { // the clocks of others show only now
			if batch = l.signBatch(ctx, batch); len(batch) == 0 {
				break
			}
		}
		rest, err := l.write(ctx, batch)
		if err != nil {
			finish(rest, err)
			return err
		}
		// The next index is taken, and by whom is not yet visible here. Where it
		// is, there is no waiting: others would take the one after it meanwhile.
		if len(rest) == len(batch) && l.size() == before {
			time.Sleep(wait)
		}
		batch = rest
	}
	return nil
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
	if err := l.examine(ctx, size); err != nil { // what may follow depends on all before
		return batch, err
	}
	batch, next, err := l.judgeAll(ctx, batch)
	if err != nil || len(batch) == 0 {
		return batch, err
	}
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
	l.takeIn(list[:added], next)
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

// judgeAll finishes those of the batch that the rules of the log do not allow as
// it stands, and returns the others and what the log says with them. One that is
// on record already is finished with that.
func (l *caseLog) judgeAll(ctx context.Context, batch []*appending) (allowed []*appending, next *state.Case, err error) {
	next = l.known().Clone()
	for i, a := range batch {
		if next.Rules > 0 {
			why := next.Judge(a.entry.Entry)
			if evidence.CodeOf(why) == evidence.NotFound {
				why = noSuch("case")
			}
			if why != nil {
				known, err := l.find(ctx, a.entry.Entry.ID, func(context.Context) error { return nil })
				if code := evidence.CodeOf(err); code.Retryable() {
					return append(allowed, batch[i:]...), nil, err
				} else if code == "" {
					a.entry, why = known, nil
				}
				finish([]*appending{a}, why)
				continue
			}
		}
		next.Add(a.entry.Entry)
		allowed = append(allowed, a)
	}
	return allowed, next, nil
}

// takeIn takes in what entries say that were just inserted; next is what the log
// says when more than these are.
func (l *caseLog) takeIn(list []evidence.LogEntry, next *state.Case) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if next.Size == l.said.Size+int64(len(list)) {
		l.said, l.lent = next, false
		return
	}
	for _, e := range list {
		l.own().Add(e.Entry)
	}
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
		e, err := l.find(ctx, first, func(ctx context.Context) error { // the caller has the turn
			_, err := l.catchUp(ctx)
			return err
		})
		switch evidence.CodeOf(err) {
		case "":
			byID[first] = e
		case evidence.NotFound:
		case evidence.Tampered, evidence.Conflict: // the others are not to blame
			finish(batch[:1], err)
			batch = batch[1:]
		default:
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

// batchSize is how many entries are signed and inserted at once.
const batchSize = ledger.TileSize
