package logbook

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/state"
)

const (
	// commitLimit is how long a batch may take, with the registry's own retries.
	commitLimit = 2 * time.Minute
	// maxUnsigned is how many entries a log may grow by while no checkpoint can
	// be signed.
	maxUnsigned = 1 << 16
)

// Append appends drafts to the log, each once: an entry whose identifier is in the
// log already is returned as it stands there. It returns when all are
// acknowledged. When ctx ends first it is not known whether they are; the call may
// be repeated, with other drafts.
func (l *Log) Append(ctx context.Context, work ...*Draft) ([]evidence.LogEntry, error) {
	if err := l.queue.enqueue(work); err != nil {
		return nil, err
	}
	recorded := make([]evidence.LogEntry, len(work))
	for i, d := range work {
		select {
		case <-d.done:
		case <-ctx.Done():
			return nil, l.queue.tookTooLong(ctx.Err())
		}
		if d.err != nil {
			return nil, d.err
		}
		recorded[i] = d.entry
	}
	return recorded, nil
}

// writer appends batches to a log.
type writer struct{ *Log }

// commit appends a batch. It runs apart from the requests that wait for it, so
// that one that is given up does not take the others with it.
func (l writer) commit(batch []*Draft) {
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
	l.SignSoon()
}

// writeRest appends a batch to a log that has begun, or begins it.
func (l writer) writeRest(ctx context.Context, batch []*Draft) {
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
func (l writer) writeAll(ctx context.Context, batch []*Draft) error {
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
func (l writer) usable(ctx context.Context) error {
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
func (l writer) write(ctx context.Context, batch []*Draft) (rest []*Draft, err error) {
	size := l.size()
	if err := l.Check(ctx, size); err != nil { // what may follow depends on all before
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
	added, err := l.book.store.AddEntries(ctx, l.id, list)
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
func (l writer) judgeAll(ctx context.Context, batch []*Draft) (allowed []*Draft, next *state.Case, err error) {
	next = l.Known().Clone()
	var by *attest.Trust // where keys may have been revoked meanwhile
	if keys := l.book.config.Keys.Last(); keys.Stated != nil {
		by = keys.trust(l.book.config.Origin, next)
		if slices.ContainsFunc(batch, func(a *Draft) bool { return by.Ended(a.entry.Entry.Signature.Key, next.Size, a.entry.Entry.At) != nil }) {
			_, _ = l.book.config.Keys.Read(ctx) // for the next try
		}
	}
	for i, a := range batch {
		if next.Rules > 0 {
			why := next.Judge(a.entry.Entry)
			if evidence.CodeOf(why) == evidence.NotFound {
				why = evidence.NoSuch("case")
			}
			if why != nil {
				known, err := l.find(ctx, a.entry.Entry.ID, func(context.Context) error { return nil })
				if code := evidence.CodeOf(err); code.Retryable() {
					return append(allowed, batch[i:]...), nil, err
				} else if code == "" {
					a.entry, why = known, nil
				}
				finish([]*Draft{a}, why)
				continue
			}
		}
		if by != nil {
			e := a.entry.Entry
			if err := by.Ended(e.Signature.Key, next.Size, e.At); err != nil {
				finish([]*Draft{a}, evidence.WrapError(evidence.Unavailable, err, "%s; nothing was recorded: try again", evidence.MessageOf(err)))
				continue
			}
		}
		next.Add(a.entry.Entry)
		allowed = append(allowed, a)
	}
	return allowed, next, nil
}

// dropRecorded finishes those of the batch that are on record: among found, or,
// when nothing was found that took the index, anywhere for the first. It returns
// the others. It asks for nothing else: what passes between catching up and the
// next insert is time in which others take the index again.
func (l writer) dropRecorded(ctx context.Context, batch []*Draft, found []evidence.LogEntry) ([]*Draft, error) {
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
	var rest []*Draft
	for _, a := range batch {
		e, ok := byID[a.entry.Entry.ID]
		if !ok {
			rest = append(rest, a)
			continue
		}
		a.entry = e
		finish([]*Draft{a}, nil)
	}
	return rest, nil
}

// batchSize is how many entries are signed and inserted at once.
const batchSize = ledger.TileSize

// signBatch signs those of the batch that are not signed: the machine's with one
// request for all, a person's with that person's signer. It returns those that
// can be appended now; the others wait, or are finished.
func (l writer) signBatch(ctx context.Context, batch []*Draft) []*Draft {
	var entries []*evidence.Entry
	var unsigned [][]byte
	var signed, machine []*Draft
	for _, a := range batch {
		switch {
		case a.entry.Raw != nil:
			signed = append(signed, a)
		case a.machine():
			machine = append(machine, a)
			entries, unsigned = append(entries, &a.entry.Entry), append(unsigned, a.unsigned)
		default: // signed before: the mark of the clock is new
			if err := a.sign(ctx, a.signer); err != nil {
				finish([]*Draft{a}, err)
				continue
			}
			signed = append(signed, a)
		}
	}
	if len(machine) == 0 {
		return signed
	}
	raw, err := attest.SignCanonical(ctx, l.book.config.Machine, entries, unsigned)
	switch code := evidence.CodeOf(err); {
	case err == nil:
		for i, a := range machine {
			a.entry.Raw = raw[i]
		}
		l.queue.unpark()
		return batchOf(batch, signed, machine)
	case code == evidence.Sealed || code == evidence.Unavailable:
		l.queue.park(machine, err)
	default:
		finish(machine, err)
	}
	return signed
}

// batchOf returns those of batch that are among signed or machine, in its order.
func batchOf(batch []*Draft, signed, machine []*Draft) []*Draft {
	if len(signed)+len(machine) == len(batch) {
		return batch
	}
	var rest []*Draft
	for _, a := range batch {
		if a.entry.Raw != nil {
			rest = append(rest, a)
		}
	}
	return rest
}

// ClockLimit is by how much an entry may be earlier than the one before it
// without saying so. Processes that keep time differ by less.
const ClockLimit = time.Minute

// remark marks the entries of a batch that bear an earlier time than the entry
// that comes before them, as far as that is known, and reports whether there are
// such. They are signed again. What was signed elsewhere stays as it is.
func (l writer) remark(batch []*Draft) (found bool) {
	l.mu.Lock()
	index, last := l.tree.Size()-1, l.lastAt
	if last.IsZero() {
		last = l.said.LastAt
	}
	l.mu.Unlock()
	for _, a := range batch {
		e := &a.entry.Entry
		behind := last.Time().Sub(e.At.Time())
		if !last.IsZero() && behind > ClockLimit && a.unsigned != nil && e.Details[act.DetailClock] == "" {
			marked := *e
			marked.Signature, marked.Details = nil, maps.Clone(e.Details)
			if marked.Details == nil {
				marked.Details = map[string]string{}
			}
			marked.Details[act.DetailClock] = fmt.Sprintf("%d behind entry %d", int64(behind/time.Second), index)
			if unsigned, err := canonical(marked); err == nil {
				a.unsigned, a.entry.Raw, a.entry.Entry, found = unsigned, nil, marked, true
			}
		}
		index, last = index+1, e.At
	}
	return found
}
