package register

import (
	"context"
	"log/slog"
	"slices"
	"strings"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/alarms"
)

// raiseAtOnce is how many alarms are put on record with one signature.
const raiseAtOnce = 64

// RaiseAlarms puts alarms on record that are not yet: each as an entry of the
// register, in the registry and in the mirror. It returns those that are new. An
// alarm is known when the register has its entry; that the registry has a record
// of it says nothing, because whoever can write there can put one in before.
// When the register cannot be written to, because it was tampered with or
// because Vault is sealed, they are stored and shown all the same, without an
// entry. Idempotent; only a service may.
func (b *Alarms) RaiseAlarms(ctx context.Context, actor evidence.Actor, list []evidence.Alarm) (raised []evidence.Alarm, err error) {
	if err := evidence.OnlyService(actor); err != nil {
		return nil, err
	}
	for chunk := range slices.Chunk(list, raiseAtOnce) {
		some, err := b.raise(ctx, actor, chunk)
		raised = append(raised, some...)
		if err != nil {
			return raised, err
		}
	}
	return raised, nil
}

// raise puts a few alarms on record, together where that is possible.
func (b *Alarms) raise(ctx context.Context, actor evidence.Actor, list []evidence.Alarm) ([]evidence.Alarm, error) {
	fresh, indexed := make([]evidence.Alarm, 0, len(list)), make([]evidence.Alarm, 0, len(list))
	err := b.alarmLog(ctx, func(l *alarms.Log) {
		for _, a := range list {
			if known, ok := l.Alarm(a.ID); ok {
				indexed = append(indexed, known)
				continue
			}
			a.What, a.Where, a.Noted, a.Entry = strings.ToValidUTF8(a.What, "?"), strings.ToValidUTF8(a.Where, "?"), nil, ""
			fresh = append(fresh, a)
		}
	})
	for _, a := range indexed {
		b.index(ctx, a)
	}
	if err == nil {
		var raised []evidence.Alarm
		if raised, err = b.recordAlarms(ctx, actor, fresh); err == nil {
			return raised, nil
		}
	}
	if len(fresh) > 1 { // what is wrong with one does not keep the others off the record
		var raised []evidence.Alarm
		for _, a := range fresh {
			one, err := b.raise(ctx, actor, []evidence.Alarm{a})
			raised = append(raised, one...)
			if err != nil {
				return raised, err
			}
		}
		return raised, nil
	}
	return b.keepUnrecorded(ctx, fresh, err)
}

// recordAlarms puts alarms on record, and returns those that were not.
func (b *Alarms) recordAlarms(ctx context.Context, actor evidence.Actor, list []evidence.Alarm) (raised []evidence.Alarm, err error) {
	entries := make([]evidence.Entry, len(list))
	for i, a := range list {
		p := act.Alarm{Alarm: a.ID, Kind: a.Kind, Case: a.Case, Item: a.Item, Where: a.Where, What: a.What}
		if entries[i], err = b.onTheRegister(actor, p); err != nil {
			return nil, err
		}
	}
	recorded, err := b.clerk.PutOnRecord(ctx, actor, entries...)
	if err != nil {
		return nil, err
	}
	for i, a := range list {
		a.Entry, a.RaisedAt = recorded[i].Entry.ID, recorded[i].Entry.At
		b.index(ctx, a)
		if recorded[i].Entry.Nonce != entries[i].Nonce { // somebody raised it before
			continue
		}
		b.tell(ctx, a)
		raised = append(raised, a)
	}
	return raised, nil
}

// index keeps a record of an alarm in the registry. It is for looking it up where
// the register cannot be read; a failure costs nothing else.
func (b *Alarms) index(ctx context.Context, a evidence.Alarm) {
	a.Noted = nil
	if _, err := b.store.AddAlarm(ctx, a); err != nil {
		b.logger.WarnContext(ctx, "keeping the record of an alarm", slog.String("alarm", string(a.ID)), slog.Any("error", err))
	}
}

// keepUnrecorded stores an alarm that cannot be put on record.
func (b *Alarms) keepUnrecorded(ctx context.Context, list []evidence.Alarm, why error) (raised []evidence.Alarm, err error) {
	for _, a := range list {
		added, err := b.store.AddAlarm(ctx, a)
		if err != nil {
			return raised, err
		}
		b.logger.ErrorContext(ctx, "an alarm cannot be put on record in the register", slog.String("alarm", string(a.ID)), slog.Any("error", why))
		if added {
			b.tell(ctx, a)
			raised = append(raised, a)
		}
	}
	if code := evidence.CodeOf(why); code.Retryable() && code != evidence.Sealed {
		return raised, why // the register is there and did not answer
	}
	return raised, nil
}

// tell logs an alarm that is new, and has it mirrored.
func (b *Alarms) tell(ctx context.Context, a evidence.Alarm) {
	b.logger.ErrorContext(ctx, "alarm", slog.String("alarm", string(a.ID)), slog.String("kind", string(a.Kind)),
		slog.String("case", string(a.Case)), slog.String("where", a.Where), slog.String("what", a.What))
	b.book.MirrorLater(func(ctx context.Context) error { return b.mirror.AddAlarm(ctx, a) })
}

// RecordGone puts on record that an audit of everything did not find these
// differences any more, of which somebody took note: when one of them comes back,
// that is a new alarm. Idempotent; only a service may.
func (b *Alarms) RecordGone(ctx context.Context, actor evidence.Actor, gone []evidence.AlarmID) (err error) {
	if err := evidence.OnlyService(actor); err != nil {
		return err
	}
	list := make([]evidence.Entry, len(gone))
	for i, id := range gone {
		if list[i], err = b.onTheRegister(actor, act.Alarm{Alarm: id, Gone: true}); err != nil {
			return err
		}
	}
	_, err = b.clerk.PutOnRecord(ctx, actor, list...)
	return err
}

// RecordAudit puts on record, in the register, how an audit ended; one that
// failed is an alarm besides. Where the register cannot be written to because it
// was tampered with, that is an alarm, and nobody is told an outcome. Idempotent;
// only a service may.
func (b *Alarms) RecordAudit(ctx context.Context, actor evidence.Actor, a evidence.Audit) error {
	if err := evidence.OnlyService(actor); err != nil {
		return err
	}
	e, err := b.onTheRegister(actor, alarms.Audited(a))
	if err != nil {
		return err
	}
	if a.State != evidence.AuditDone && a.State != evidence.AuditFailed {
		return evidence.Errorf(evidence.Invalid, "an audit that is %s has not ended", a.State)
	}
	var found []evidence.Alarm
	if a.State == evidence.AuditFailed {
		found = append(found, evidence.NewAlarm(evidence.AlarmLog, "", "audit "+string(a.ID),
			"the audit of "+a.StartedAt.String()+" came to no end, and what it did not compare may differ: "+a.Failure, evidence.At(b.clock())))
	}
	if _, err := b.clerk.PutOnRecord(ctx, actor, e); err != nil {
		if evidence.CodeOf(err).Retryable() {
			return err
		}
		found = append(found, evidence.NewAlarm(evidence.AlarmLog, "", "end of audit "+string(a.ID),
			"the outcome of the audit of "+a.StartedAt.String()+" cannot be put on record, and is not shown: "+evidence.MessageOf(err), evidence.At(b.clock())))
	}
	_, err = b.RaiseAlarms(ctx, actor, found)
	return err
}
