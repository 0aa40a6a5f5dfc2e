package register

import (
	"context"
	"io"
	"log/slog"
	"slices"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/alarms"
	"github.com/sealcase/sealcase/evidence/ledger"
	"github.com/sealcase/sealcase/evidence/logbook"
)

// alarmsKept is how many alarms, and how many audits, a process keeps in memory;
// which go first alarms.New says. Those that are not kept are looked up in the
// register by their identifiers.
const alarmsKept = 5000

// Alarms is what this process knows of alarms and audits: what the entries of
// the register say that are recorded and signed by their actors, and nothing
// else. It is brought on with the register's log; the first time all of it is
// read. It is safe for concurrent use.
type Alarms struct {
	book   *logbook.Book
	clerk  Clerk
	store  AlarmStore
	mirror Mirror
	clock  func() time.Time
	random io.Reader
	logger *slog.Logger

	turn    chan struct{} // held by whoever uses what follows
	read    *alarms.Log
	size    int64               // entries of the register that were read
	waiting []evidence.LogEntry // notes whose signature could not be checked yet
}

// alarmLog brings the book on and hands what it says to use, which must not keep
// it. Where the register cannot be read, or must not be used, use gets what was
// known before, and alarmLog fails with why.
func (b *Alarms) alarmLog(ctx context.Context, use func(*alarms.Log)) error {
	select {
	case b.turn <- struct{}{}:
		defer func() { <-b.turn }()
	case <-ctx.Done():
		return evidence.WrapError(evidence.Unavailable, ctx.Err(), "reading the register's alarms took longer than the request may")
	}
	err := b.readAlarms(ctx)
	use(b.read)
	return err
}

// readAlarms reads the register from where the book ends.
func (b *Alarms) readAlarms(ctx context.Context) error {
	l := b.book.Log(evidence.RegisterID())
	h, err := l.Head(ctx, 0)
	if err != nil {
		return err
	}
	said := l.Known()
	to := min(h.Size, said.Size) // what was not examined yet is not believed
	b.readNotes(ctx)
	first, _ := slices.BinarySearch(said.Alarms, b.size)
	for at := said.Alarms[first:]; len(at) > 0 && at[0] < to; {
		n := 1 // that lie in the tile of the first
		for n < len(at) && at[n] < to && at[n]/ledger.TileSize == at[0]/ledger.TileSize {
			n++
		}
		list, err := l.Entries(ctx, at[0], at[n-1]+1)
		if err != nil {
			return err
		}
		for _, index := range at[:n] {
			if err := b.takeAlarm(ctx, list[index-at[0]]); err != nil {
				return err
			}
			b.size = index + 1
		}
		at = at[n:]
	}
	b.size = max(b.size, to)
	return nil
}

// takeAlarm takes in an entry of the register. It fails where an act of the
// machine cannot be checked now. A note that cannot be checked now waits: an
// alarm that is open too long harms less than one that is closed too early.
func (b *Alarms) takeAlarm(ctx context.Context, e evidence.LogEntry) error {
	if !alarms.Says(e.Entry) {
		return nil
	}
	switch err := b.clerk.CheckSigned(ctx, e); evidence.CodeOf(err) {
	case "":
		b.read.Add(e.Entry)
	case evidence.Tampered, evidence.Malformed, evidence.UntrustedKey:
		b.logger.ErrorContext(ctx, "an entry of the register about an alarm is not its actor's", slog.Int64("index", e.Index), slog.Any("error", err))
	default:
		if e.Entry.Actor.Service {
			return err
		}
		b.waiting = append(b.waiting, e)
	}
	return nil
}

// readNotes tries the notes again that wait.
func (b *Alarms) readNotes(ctx context.Context) {
	waiting := b.waiting
	b.waiting = nil
	for _, e := range waiting {
		_ = b.takeAlarm(ctx, e) // a note never fails: it waits again
	}
}

// onRegister returns the entry of the register that has this identifier, where it
// is recorded, says act and is signed by its actor; ok is false when there is
// none. It fails with Tampered where the registry has one that the register does
// not.
func (b *Alarms) onRegister(ctx context.Context, id evidence.EntryID, what evidence.Act) (e evidence.Entry, ok bool, err error) {
	found, err := b.book.Log(evidence.RegisterID()).Entry(ctx, id)
	switch {
	case evidence.CodeOf(err) == evidence.NotFound:
		return evidence.Entry{}, false, nil
	case err != nil:
		return evidence.Entry{}, false, err
	case found.Entry.Act != what:
		return evidence.Entry{}, false, nil
	}
	return found.Entry, true, b.clerk.CheckSigned(ctx, found)
}

// alarm returns an alarm as the register has it; ok is false when it has not.
func (b *Alarms) alarm(ctx context.Context, id evidence.AlarmID) (a evidence.Alarm, ok bool, err error) {
	if err := b.alarmLog(ctx, func(l *alarms.Log) { a, ok = l.Alarm(id) }); err != nil || ok {
		return a, ok, err
	}
	e, ok, err := b.onRegister(ctx, alarmEntryID(id), evidence.ActAlarm) // one that is not kept
	if err != nil || !ok {
		return evidence.Alarm{}, false, err
	}
	p, err := act.Read[act.Alarm](e)
	if err != nil || p.Alarm != id || p.Gone || !e.Actor.Service {
		return evidence.Alarm{}, false, nil //nolint:nilerr // an entry that is no alarm of that name
	}
	a = alarms.AlarmOf(e, p)
	note, noted, err := b.onRegister(ctx, noteEntryID(id), evidence.ActAcknowledged)
	if err == nil && noted && alarms.MayNote(note.Actor) {
		a.Noted = alarms.NoteOf(note)
	}
	return a, true, nil // while the note cannot be checked nobody took it
}

func alarmEntryID(id evidence.AlarmID) evidence.EntryID {
	return evidence.DeriveEntryID(act.Alarm{Alarm: id}.Once(evidence.Entry{})...)
}

func noteEntryID(id evidence.AlarmID) evidence.EntryID {
	return evidence.DeriveEntryID(act.Acknowledged{Alarm: id}.Once(evidence.Entry{})...)
}
