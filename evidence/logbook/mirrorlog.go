package logbook

import (
	"context"
	"log/slog"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/mirror"
)

// signedHead is a head of a log as it was signed.
type signedHead struct {
	size int64
	note []byte
}

// logMirror mirrors a log.
type logMirror struct{ *Log }

// run mirrors the heads of the log that wait, and the entries under them.
func (l logMirror) run(ctx context.Context) error {
	l.mu.Lock()
	due, mark, broken := l.unmirrored, l.mirrored, l.broken
	l.mu.Unlock()
	if broken != nil || len(due) == 0 {
		return broken
	}
	mark, err := l.mirrorMark(ctx, mark)
	if err != nil {
		return err
	}
	for _, h := range due {
		for mark < h.size {
			to := min(h.size, mark+mirror.SegmentMost)
			if err := l.mirrorSegment(ctx, mark, to); err != nil {
				return err
			}
			mark = to
		}
		if err := l.book.config.Mirror.AddCheckpoint(ctx, l.id, h.size, h.note); err != nil {
			return err
		}
		l.mu.Lock()
		l.mirrored = max(l.mirrored, h.size)
		l.unmirrored = dropFirst(l.unmirrored, h.size)
		l.mu.Unlock()
	}
	return nil
}

// mirrorMark returns how many entries need not be mirrored again: those that the
// names of segments say are mirrored, as far as a signed head that is mirrored
// covers them. Names alone are anybody's.
func (l logMirror) mirrorMark(ctx context.Context, known int64) (int64, error) {
	mark, err := l.book.config.Mirror.Mark(ctx, l.id, known)
	if err != nil || mark <= known {
		return known, err
	}
	h, err := l.mirroredHead(ctx)
	if err != nil {
		return known, err
	}
	return max(known, min(mark, h.size)), nil
}

// dropFirst removes the heads up to a size from those that wait.
func dropFirst(waiting []signedHead, size int64) []signedHead {
	rest := waiting[:0:0]
	for _, h := range waiting {
		if h.size > size {
			rest = append(rest, h)
		}
	}
	return rest
}

func (l logMirror) mirrorSegment(ctx context.Context, from, to int64) error {
	list, err := l.Entries(ctx, from, to) // compared with what was signed
	if err != nil {
		return err
	}
	raw := make([][]byte, len(list))
	for i, e := range list {
		raw[i] = e.Raw
	}
	return l.book.config.Mirror.AddEntries(ctx, l.id, from, raw)
}

// compareNewest holds the newest mirrored head that our key signed against a log
// that was read for the first time, as Log.hold does with the registry's own: a log
// whose heads were rolled back or rewritten together with it is not used. While
// the mirror or the keys do not answer the log is used all the same, and the
// audit compares them too; any other failure to read them is somebody's doing,
// and the log is not used. The caller has the turn.
func (l logMirror) compareNewest(ctx context.Context) error {
	if l.book.config.Mirror == nil {
		return nil
	}
	look, cancel := context.WithTimeout(ctx, mirrorWait)
	defer cancel()
	h, err := l.mirroredHead(look)
	if err != nil && !evidence.CodeOf(err).Retryable() {
		return err
	}
	if err != nil {
		l.book.logger.WarnContext(ctx, "a log cannot be compared with its mirror now", slog.String("case", string(l.id)), slog.Any("error", err))
		return nil
	}
	if h.note != nil {
		if _, err := l.readOn(ctx); err != nil { // entries are there before their head is mirrored
			return err
		}
		if err := l.holdAgainst(ctx, h.note, "the case's log is not the one that was mirrored at %d entries: the database was rolled back or rewritten; nothing is added to it"); err != nil {
			return err
		}
	}
	l.mu.Lock()
	signed, note := l.signed, l.note
	l.mirrored = h.size
	l.mu.Unlock()
	if signed > h.size { // whoever signed it did not come to mirror it
		l.book.mirrorHead(l.Log, signed, note)
	}
	return nil
}

// mirroredHead returns the newest head in the mirror that our key signed for
// this log; a zero one when there is none. It fails with Tampered where so many
// heads lie there that nobody of ours signed that ours may be behind them.
func (l logMirror) mirroredHead(ctx context.Context) (signedHead, error) {
	keys, err := l.book.config.Keys.Known(ctx)
	if err != nil {
		return signedHead{}, err
	}
	by := keys.trust(l.book.config.Origin, l.Known())
	l.mu.Lock()
	from := l.signed
	l.mu.Unlock()
	for most, back := headsHeld, int64(headsBack); ; {
		notes, err := l.book.config.Mirror.Heads(ctx, l.id, from, most)
		if err != nil {
			return signedHead{}, err
		}
		for _, n := range notes {
			cp, _, err := ledger.OpenCheckpoint(n.Note, by.For(attest.RoleLog, n.Size))
			if err == nil && cp.Size == n.Size && cp.Origin == ledger.CaseOrigin(l.book.config.Origin, l.id) {
				return signedHead{n.Size, n.Note}, nil
			}
		}
		switch {
		case len(notes) >= headsMost:
			return signedHead{}, evidence.Errorf(evidence.Tampered, "the mirror of the case's log holds %d heads that our key did not sign, and none that it did: somebody hides those; nothing is added to it", len(notes))
		case len(notes) >= most:
			most = headsMost
		case from == 0:
			return signedHead{}, nil
		default: // there are many, of a long log: further back, step by step
			from, most, back = max(0, from-back), headsHeld, 16*back
		}
	}
}
