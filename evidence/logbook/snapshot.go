package logbook

import (
	"context"
	"encoding/json"
	"log/slog"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/state"
)

// snapshotEvery is after how many entries what a log says is kept again, so that
// a process that reads the log for the first time need not read all of it.
const snapshotEvery = 16 * ledger.TileSize

// snapshots keeps what a log says, and reads it again.
type snapshots struct{ *Log }

// text returns the bytes that are signed of what the log says at a size.
func (l snapshots) text(size int64, root ledger.Hash, said []byte) []byte {
	return state.KeptText(state.Version, ledger.Checkpoint{Origin: ledger.CaseOrigin(l.book.config.Origin, l.id), Size: size, Root: root}, said)
}

// keep keeps what the log says at a head that was just signed, when the
// last snapshot is long ago. It can be made again, so a failure only costs whoever
// reads the log next.
func (l snapshots) keep(ctx context.Context, h Head) {
	l.mu.Lock()
	due := h.Said.Size == h.Size && h.Size >= l.kept+snapshotEvery
	l.mu.Unlock()
	if !due {
		return
	}
	err := l.add(ctx, h)
	if err != nil {
		l.book.logger.WarnContext(ctx, "keeping what a log says", slog.String("case", string(l.id)), slog.Any("error", err))
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.kept = max(l.kept, h.Size)
}

func (l snapshots) add(ctx context.Context, h Head) error {
	said, err := json.Marshal(h.Said)
	if err != nil {
		return err
	}
	signed, err := l.book.config.Heads.Sign(ctx, l.text(h.Size, h.Root, said))
	if err != nil {
		return err
	}
	l.mu.Lock()
	spans := l.full.Spans()[:h.Size/ledger.SpanSize]
	l.mu.Unlock()
	body, err := json.Marshal(state.Kept{Size: h.Size, Spans: spans, State: said, Key: signed[0].Key.ID(), Signature: signed[0].Bytes})
	if err != nil {
		return err
	}
	return l.book.store.AddSnapshot(ctx, l.id, h.Size, body)
}

// skip begins the log with the roots of full spans, as its newest snapshot has them,
// and reads on from there: what is read of a log does not grow with it. It returns
// what that snapshot says; nil for a log that is shorter than a span, and where the
// snapshot is not good for what was read: its signature covers the root that the log
// had, and so the roots of these spans. Then nothing that was read is to be used.
// The caller has the turn.
func (l snapshots) skip(ctx context.Context) (*state.Case, error) {
	tiles, err := l.aboutTiles(ctx)
	if err != nil || tiles < ledger.SpanTiles {
		return nil, err
	}
	body, err := l.book.store.LastSnapshot(ctx, l.id, (tiles+1)*ledger.TileSize)
	if err != nil || body == nil {
		return nil, err
	}
	said, err := l.skipBy(ctx, body)
	if code := evidence.CodeOf(err); code.Retryable() {
		return nil, err
	}
	if err != nil {
		l.unused(ctx, err)
		return nil, nil
	}
	return said, nil
}

func (l snapshots) skipBy(ctx context.Context, body []byte) (*state.Case, error) {
	var s state.Kept
	if err := json.Unmarshal(body, &s); err != nil {
		return nil, evidence.WrapError(evidence.Tampered, err, "it cannot be read")
	}
	if int64(len(s.Spans)) != s.Size/ledger.SpanSize {
		return nil, evidence.Errorf(evidence.Incomplete, "it lacks the roots of spans")
	}
	l.reset()
	if err := l.addSpans(s.Spans); err != nil {
		return nil, err
	}
	if err := l.readTiles(ctx); err != nil {
		return nil, err
	}
	return l.open(ctx, body, l.size())
}

// mostTiles is of how many tiles a log is looked for at most.
const mostTiles = 1 << 32

// aboutTiles returns how many full tiles the log seems to have; 0 when it is
// shorter than a span. It asks for a few entries, and believes nothing of them: they
// only say where to look for a snapshot.
func (l snapshots) aboutTiles(ctx context.Context) (int64, error) {
	low, high := int64(0), int64(ledger.SpanTiles) // the log has low, and is looked at for high
	for {
		_, there, err := l.book.store.EntryAt(ctx, l.id, high*ledger.TileSize-1)
		if code := evidence.CodeOf(err); code.Retryable() {
			return 0, err
		}
		if err != nil || !there {
			break
		}
		if low, high = high, 2*high; high > mostTiles {
			return low, nil
		}
	}
	for low > 0 && high-low > 1 {
		middle := low + (high-low)/2
		_, there, err := l.book.store.EntryAt(ctx, l.id, middle*ledger.TileSize-1)
		if code := evidence.CodeOf(err); code.Retryable() {
			return 0, err
		}
		if err == nil && there {
			low = middle
		} else {
			high = middle
		}
	}
	return low, nil
}

func (l snapshots) unused(ctx context.Context, why error) {
	l.book.logger.ErrorContext(ctx, "a snapshot of a log is not used, and all of it is read", slog.String("case", string(l.id)), slog.Any("error", why))
}

// resume begins what the log says with the newest snapshot under its newest
// signed head: said, which was read with the log, where it is one. One that is not good is passed over, with the ones before it: then
// all entries are read. It fails when the head is not signed by our key. The
// caller has the turn.
func (l snapshots) resume(ctx context.Context, said *state.Case) error {
	if err := l.vouch(ctx); err != nil {
		return err
	}
	l.mu.Lock()
	most := l.signed
	l.mu.Unlock()
	if most < snapshotEvery {
		return nil
	}
	if said == nil || said.Size > most {
		body, err := l.book.store.LastSnapshot(ctx, l.id, most)
		if err != nil || body == nil {
			return err
		}
		if said, err = l.open(ctx, body, most); err != nil {
			l.unused(ctx, err)
			return nil
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.said, l.lent, l.kept = said, false, said.Size
	return nil
}

func (l snapshots) open(ctx context.Context, body []byte, most int64) (*state.Case, error) {
	var s state.Kept
	if err := json.Unmarshal(body, &s); err != nil {
		return nil, evidence.WrapError(evidence.Tampered, err, "it cannot be read")
	}
	if s.Size < 1 || s.Size > most {
		return nil, evidence.Errorf(evidence.Tampered, "it is of no size that the log had")
	}
	root, err := l.Root(ctx, s.Size)
	if err != nil {
		return nil, err
	}
	keys, err := l.book.config.Keys.Known(ctx)
	if err != nil {
		return nil, err
	}
	signed, good := l.text(s.Size, root, s.State), false
	for _, k := range keys.trust(l.book.config.Origin, &state.Case{}).For(attest.RoleLog, attest.Everything) {
		good = good || k.ID() == s.Key && k.Verify(signed, s.Signature)
	}
	if !good {
		return nil, evidence.Errorf(evidence.Tampered, "our key did not sign it")
	}
	said := &state.Case{}
	if err := json.Unmarshal(s.State, said); err != nil || said.Size != s.Size {
		return nil, evidence.WrapError(evidence.Tampered, err, "it does not say what it was signed for")
	}
	return said, nil
}
