package register

import (
	"context"
	"encoding/hex"
	"log/slog"
	"slices"
	"strconv"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/internal/parallel"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/logbook"
)

// The details of head entries of the register.
const (
	DetailHeadCase   = "case"        // whose log it is
	DetailHeadOrigin = "origin"      // of that log
	DetailHeadSize   = "size"        // of that log, decimal
	DetailHeadRoot   = "root"        // of that log at that size, hexadecimal
	DetailHeadNote   = "note_sha256" // SHA-256 of the signed checkpoint of that log, hexadecimal
)

// headEntryID is the identifier of the register's entry about a head: the same
// head is registered once, whoever does it.
func headEntryID(c evidence.CaseID, size int64) evidence.EntryID {
	return evidence.DeriveEntryID(string(evidence.ActHead), string(c), strconv.FormatInt(size, 10))
}

// PublishHeads puts the heads of the logs that changed since the last time into
// the register, and returns how many. A log that must not be used, because it
// was tampered with, is left out and logged; the audit says what is wrong with
// it. A run costs a read for each of the last three minutes (150 of them every
// quarter of an hour), and for each changed log about three reads and its part
// of one insert. Idempotent; only a service may.
func (r *Register) PublishHeads(ctx context.Context, actor evidence.Actor) (published int, err error) {
	if err := evidence.OnlyService(actor); err != nil {
		return 0, err
	}
	began := r.clock()
	changed, far, err := r.changedLogs(ctx, began)
	if err != nil {
		return 0, err
	}
	for chunk := range slices.Chunk(changed, ledger.TileSize) {
		n, err := r.publish(ctx, actor, chunk)
		published += n
		if err != nil {
			return published, err
		}
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.looked = began
	if far {
		r.lookedFar = began
	}
	return published, nil
}

// publish registers the newest heads of logs.
func (r *Register) publish(ctx context.Context, actor evidence.Actor, logs []evidence.CaseID) (published int, err error) {
	entries := make([]*evidence.Entry, len(logs))
	sizes := make([]int64, len(logs))
	err = parallel.Each(ctx, len(logs), func(ctx context.Context, i int) error {
		e, size, err := r.headEntry(ctx, actor, logs[i])
		if err == nil {
			entries[i], sizes[i] = e, size
			return nil
		}
		switch code := evidence.CodeOf(err); code {
		case evidence.Unavailable, evidence.Sealed, evidence.StorageFull: // so would the others
			return err
		case evidence.NotFound: // a case that was never opened has no log
		default:
			r.logger.ErrorContext(ctx, "the head of a log cannot be registered", slog.String("case", string(logs[i])), slog.Any("error", err))
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	var list []evidence.Entry
	for _, e := range entries {
		if e != nil {
			list = append(list, *e)
		}
	}
	if _, err := r.clerk.PutOnRecord(ctx, actor, list...); err != nil {
		return 0, err
	}
	for i, c := range logs {
		if entries[i] != nil {
			r.rememberRegistered(c, sizes[i])
		}
	}
	return len(list), nil
}

// headEntry returns the register's entry about the newest logbook.Head of a log; nil
// when it has that already.
func (r *Register) headEntry(ctx context.Context, actor evidence.Actor, c evidence.CaseID) (*evidence.Entry, int64, error) {
	h, err := r.book.Log(c).Checkpoint(ctx)
	if err != nil {
		return nil, 0, err
	}
	there, err := r.isRegistered(ctx, c, h.Size)
	if err != nil || there {
		return nil, 0, err
	}
	e, err := r.describeHead(ctx, actor, c, h)
	return &e, h.Size, err
}

// describeHead returns the register's entry about a signed head.
func (r *Register) describeHead(ctx context.Context, actor evidence.Actor, c evidence.CaseID, h logbook.Head) (evidence.Entry, error) {
	note, err := r.store.Checkpoint(ctx, c, h.Size) // what counts, of two that signed it
	if err != nil {
		return evidence.Entry{}, err
	}
	if note == nil {
		return evidence.Entry{}, evidence.Errorf(evidence.Incomplete, "the signed head of %d entries is missing from the registry", h.Size)
	}
	e, err := evidence.NewEntry(headEntryID(c, h.Size), evidence.RegisterID(), evidence.ActHead, evidence.At(r.clock()), actor, r.random)
	if err != nil {
		return evidence.Entry{}, err
	}
	e.Details = map[string]string{
		DetailHeadCase: string(c), DetailHeadOrigin: ledger.CaseOrigin(r.origin, c), DetailHeadSize: strconv.FormatInt(h.Size, 10),
		DetailHeadRoot: hex.EncodeToString(h.Root[:]), DetailHeadNote: evidence.Sum(note).String(),
	}
	return e, nil
}

// SignRegister makes sure that the register's newest logbook.Head is signed, and
// returns its size; 0 while nothing was registered. Only a service may.
func (r *Register) SignRegister(ctx context.Context, actor evidence.Actor) (size int64, err error) {
	if err := evidence.OnlyService(actor); err != nil {
		return 0, err
	}
	h, err := r.registerHead(ctx)
	return h.Size, err
}

// registerHead returns the register's newest logbook.Head, signed; the zero head while
// nothing was registered.
func (r *Register) registerHead(ctx context.Context) (logbook.Head, error) {
	h, err := r.book.Log(evidence.RegisterID()).Checkpoint(ctx)
	if evidence.CodeOf(err) == evidence.NotFound {
		return logbook.Head{}, nil
	}
	return h, err
}

// RegisterNow registers one head of a log and collects what outsiders give for
// it, as far as they do before ctx ends. It fails only when the head cannot be
// registered.
func (r *Register) RegisterNow(ctx context.Context, actor evidence.Actor, c evidence.CaseID, h logbook.Head) error {
	there, err := r.isRegisteredAt(ctx, c, h.Size)
	if err != nil {
		return err
	}
	if !there {
		e, err := r.describeHead(ctx, actor, c, h)
		if err != nil {
			return err
		}
		if _, err := r.clerk.PutOnRecord(ctx, actor, e); err != nil {
			return err
		}
	}
	r.rememberRegistered(c, h.Size)
	bounded, cancel := context.WithTimeout(ctx, anchorLimit)
	defer cancel()
	if _, err := r.AnchorRegister(bounded, actor); err != nil {
		r.logger.WarnContext(ctx, "the register could not be anchored now; its next run does", slog.Any("error", err))
	}
	return nil
}

// isRegisteredAt reports whether the register has the head of a log at exactly
// that size.
func (r *Register) isRegisteredAt(ctx context.Context, c evidence.CaseID, size int64) (bool, error) {
	_, err := r.book.Log(evidence.RegisterID()).Entry(ctx, headEntryID(c, size))
	if evidence.CodeOf(err) == evidence.NotFound {
		return false, nil
	}
	return err == nil, err
}

// CatchUp makes sure that the newest head of a log is signed, mirrored and in the
// register: a process that ended may have left it out, and whoever can write to the
// registry can have the register's own runs not find it. What keeps the register
// from taking it is logged and no error. It costs the reading of what was appended,
// and of the register's entry about the head, with at most a tile around it. Only a
// service may.
func (r *Register) CatchUp(ctx context.Context, actor evidence.Actor, c evidence.CaseID) error {
	if err := evidence.OnlyService(actor); err != nil {
		return err
	}
	l := r.book.Log(c)
	if _, err := l.Head(ctx, 0); err != nil {
		return err
	}
	if c != evidence.RegisterID() {
		if _, err := r.publish(ctx, actor, []evidence.CaseID{c}); err != nil {
			r.logger.WarnContext(ctx, "the register could not be given the head of a log", slog.String("case", string(c)), slog.Any("error", err))
		}
	}
	_, err := l.Mirror(ctx)
	return err
}
