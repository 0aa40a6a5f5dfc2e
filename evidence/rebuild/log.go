package rebuild

import (
	"context"
	"fmt"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/mirror"
)

// batch is how many entries are written at once.
const batch = ledger.TileSize

// log makes a log anew as far as it is good: it checks all of it first, then
// writes entries and heads. take hears of each entry, after it was written.
func (w *work) log(ctx context.Context, c evidence.CaseID, take func(evidence.LogEntry) error) error {
	l := w.Mirror.Log(c, w.odd(c))
	size, err := w.check(ctx, c, l)
	if err != nil {
		return err
	}
	var tree ledger.Tree
	var pending []evidence.LogEntry
	flush := func() error {
		if err := w.write(ctx, c, pending); err != nil {
			return err
		}
		for _, e := range pending {
			if err := take(e); err != nil {
				return err
			}
		}
		pending = nil
		return nil
	}
	for e, err := range l.Entries(ctx) {
		if err != nil || e.Index >= size {
			break // checked before
		}
		tree.Append(ledger.LeafHash(e.Raw))
		if pending = append(pending, e); len(pending) == batch {
			if err := flush(); err != nil {
				return err
			}
		}
	}
	if tree.Size() != size {
		return evidence.Errorf(evidence.Unavailable, "the mirror of %s changed while it was read; empty the database and begin again", c)
	}
	return flush()
}

// check reads a log whole and returns how many entries a good head covers. It
// writes the heads. Keys that entries introduce count from the beginning.
func (w *work) check(ctx context.Context, c evidence.CaseID, l *mirror.Log) (size int64, err error) {
	by, err := w.trust(ctx, l)
	if err != nil {
		return 0, err
	}
	w.by = by
	trust := mirror.Trust{Origin: ledger.CaseOrigin(w.Origin, c), By: by}
	w.heads = nil
	heads := func(h mirror.Head) error {
		size = h.Checkpoint.Size
		w.report.Heads++
		w.heads = append(w.heads, size)
		return w.Registry.AddCheckpoint(ctx, c, size, h.Note)
	}
	for e, err := range l.Read(ctx, trust, heads) {
		switch code := evidence.CodeOf(err); {
		case err == nil:
		case code.Retryable() || code == evidence.StorageUnsafe:
			return 0, err
		case code == evidence.Incomplete && size == 0 && c == evidence.RegisterID() && w.unknown(ctx, l):
			return 0, nil // nothing was registered yet
		default:
			w.problem(c, "the log is good up to %d entries; then, at entry %d: %s", size, e.Index, evidence.MessageOf(err))
			return size, nil
		}
	}
	return size, nil
}

// unknown reports whether the mirror has no head of a log at all.
func (w *work) unknown(ctx context.Context, l *mirror.Log) bool {
	for range l.Notes(ctx) {
		return false
	}
	return true
}

// trust returns by which keys a log is believed, after what its entries say of
// them. Keys that key entries introduce are trusted from then on everywhere: an
// introduction proves itself.
func (w *work) trust(ctx context.Context, l *mirror.Log) (*attest.Trust, error) {
	trust := attest.NewTrust(w.Origin, w.Keys)
	for e, err := range l.Entries(ctx) {
		if err != nil {
			if evidence.CodeOf(err).Retryable() {
				return nil, err
			}
			break // check says what it is
		}
		learned, err := trust.Take(e.Index, e.Entry)
		if err == nil && !trust.Rooted() { // check says what is wrong
			w.Keys = append(w.Keys, learned...)
		}
	}
	return trust, nil
}

func (w *work) write(ctx context.Context, c evidence.CaseID, list []evidence.LogEntry) error {
	if len(list) == 0 {
		return nil
	}
	added, err := w.Registry.AddEntries(ctx, c, list)
	if err != nil {
		return fmt.Errorf("writing entries: %w", err)
	}
	if added < len(list) {
		return evidence.Errorf(evidence.Conflict, "entry %d of %s is in the database already: somebody else writes to it; empty it and begin again", list[added].Index, c)
	}
	w.report.Entries += int64(added)
	return nil
}
