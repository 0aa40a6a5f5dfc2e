package register

import (
	"context"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/alarms"
	"github.com/sealcase/sealcase/evidence/internal/parallel"
	"github.com/sealcase/sealcase/evidence/logbook"
)

// Alarms returns what audits found, the one raised last first; open leaves out
// what somebody took note of. Supervisors, auditors and administrators may; what is
// about a sealed case is for those who are members of it.
//
// It is what the register says. Records of the registry add what could not be put
// on record, which has no entry, and change nothing else. Where the register must
// not be used any more, that is an alarm of the list, and the others are those
// that were known before and those that the registry has.
func (b *Alarms) Alarms(ctx context.Context, actor evidence.Actor, open bool) ([]evidence.Alarm, error) {
	if !actor.Service || actor.ID == "" {
		if err := act.CheckRole(actor, act.SeeAlarms); err != nil {
			return nil, err
		}
	}
	var all []evidence.Alarm
	dropped := 0
	err := b.alarmLog(ctx, func(l *alarms.Log) { all, dropped = l.All(), l.Dropped() })
	if err != nil && evidence.CodeOf(err).Retryable() {
		return nil, err
	}
	if err != nil {
		all = append(all, evidence.NewAlarm(evidence.AlarmLog, "", "register", "the register cannot be used, and alarms that are on record in it may not be shown: "+evidence.MessageOf(err), evidence.At(b.clock())))
	}
	if dropped > 0 {
		all = append(all, evidence.NewAlarm(evidence.AlarmLog, "", "register alarms", "more alarms are open than are listed; the oldest are in the log of the register only", evidence.At(b.clock())))
	}
	unrecorded, err := b.unrecorded(ctx, all)
	if err != nil {
		return nil, err
	}
	all = append(all, unrecorded...)
	slices.SortStableFunc(all, func(a, b evidence.Alarm) int { return b.RaisedAt.Time().Compare(a.RaisedAt.Time()) })
	if open {
		all = slices.DeleteFunc(all, func(a evidence.Alarm) bool { return a.Noted != nil })
	}
	return b.visible(ctx, actor, all)
}

// visible returns those of some alarms of which actor may know: not what is about a
// sealed case of which they are no member. Of a log that nobody can read nobody
// knows that its case is sealed: what was read of it before counts, and else its
// alarms are shown, for somebody must see to it.
func (b *Alarms) visible(ctx context.Context, actor evidence.Actor, list []evidence.Alarm) ([]evidence.Alarm, error) {
	if actor.Service {
		return list, nil
	}
	var cases []evidence.CaseID
	for _, a := range list {
		if a.Case != "" && a.Case != evidence.RegisterID() {
			cases = append(cases, a.Case)
		}
	}
	slices.Sort(cases)
	cases = slices.Compact(cases)
	hidden := make([]bool, len(cases))
	err := parallel.Each(ctx, len(cases), func(ctx context.Context, i int) error {
		if _, err := evidence.ParseID[evidence.CaseID](string(cases[i])); err != nil {
			return nil //nolint:nilerr // no case has that name, so none is hidden
		}
		l := b.book.Log(cases[i])
		if _, err := l.Head(ctx, logbook.AccessAge); evidence.CodeOf(err).Retryable() {
			return err
		}
		said := l.Known()
		hidden[i] = said.Class() == evidence.ClassSealed && said.Grant(actor.ID) == ""
		return nil
	})
	return slices.DeleteFunc(slices.Clone(list), func(a evidence.Alarm) bool {
		i, found := slices.BinarySearch(cases, a.Case)
		return found && hidden[i]
	}), err
}

// maxLookups is how many records of alarms are looked up in the register that are
// not among those that are kept.
const maxLookups = 100

// unrecorded returns the alarms of the registry that the register does not have.
func (b *Alarms) unrecorded(ctx context.Context, known []evidence.Alarm) ([]evidence.Alarm, error) {
	records, err := b.store.Alarms(ctx)
	if err != nil {
		return nil, err
	}
	kept := make(map[evidence.AlarmID]bool, len(known))
	for _, a := range known {
		kept[a.ID] = true
	}
	records = slices.DeleteFunc(records, func(a evidence.Alarm) bool { return kept[a.ID] })
	there := make([]bool, len(records))
	err = parallel.Each(ctx, min(len(records), maxLookups), func(ctx context.Context, i int) error {
		if records[i].Entry == "" {
			return nil
		}
		_, ok, err := b.onRegister(ctx, alarmEntryID(records[i].ID), evidence.ActAlarm)
		there[i] = ok && err == nil
		return nil
	})
	var list []evidence.Alarm
	for i, a := range records {
		if !there[i] {
			a.Entry, a.Noted = "", nil
			list = append(list, a)
		}
	}
	return list, err
}

// AlarmsOf returns the alarms with these identifiers, in that order, and how many
// there are besides of which actor may not know; what is not there is left out.
// Whoever may see alarms may.
func (b *Alarms) AlarmsOf(ctx context.Context, actor evidence.Actor, ids []evidence.AlarmID) (found []evidence.Alarm, hidden int, err error) {
	if err := act.CheckRole(actor, act.SeeAlarms); err != nil || len(ids) == 0 {
		return nil, 0, err
	}
	all, err := b.Alarms(ctx, evidence.ServiceActor("api"), false)
	if err != nil {
		return nil, 0, err
	}
	byID := make(map[evidence.AlarmID]evidence.Alarm, len(all))
	for _, a := range all {
		byID[a.ID] = a
	}
	for _, id := range ids {
		a, ok := byID[id]
		if !ok {
			if a, ok, err = b.alarm(ctx, id); err != nil && evidence.CodeOf(err).Retryable() {
				return nil, 0, err
			}
		}
		if ok {
			found = append(found, a)
		}
	}
	shown, err := b.visible(ctx, actor, found)
	return shown, len(found) - len(shown), err
}

// AcknowledgeAlarm puts on record that a supervisor took note of an alarm, and
// what is being done about it. An alarm that somebody took note of already is
// a Conflict, unless it was the same person; so is one that is not on record:
// nobody takes note of what may be said otherwise afterwards.
func (b *Alarms) AcknowledgeAlarm(ctx context.Context, actor evidence.Actor, id evidence.AlarmID, reason string) (evidence.Alarm, error) {
	if err := act.CheckRole(actor, act.NoteAlarms); err != nil {
		return evidence.Alarm{}, err
	}
	if err := evidence.CheckText("what is being done about the alarm", reason, evidence.MaxText, true); err != nil {
		return evidence.Alarm{}, err
	}
	a, ok, err := b.alarm(ctx, id)
	if err == nil && ok {
		var shown []evidence.Alarm
		shown, err = b.visible(ctx, actor, []evidence.Alarm{a})
		ok = len(shown) > 0
	}
	switch {
	case err != nil:
		return evidence.Alarm{}, err
	case !ok:
		return evidence.Alarm{}, b.notOnRecord(ctx, actor, id)
	case a.Noted != nil && a.Noted.By == actor.ID:
		return a, nil
	case a.Noted != nil:
		return evidence.Alarm{}, evidence.Errorf(evidence.Conflict, "%s took note of this alarm already", a.Noted.Name)
	}
	e, err := b.onTheRegister(actor, act.Acknowledged{Alarm: id})
	if err != nil {
		return evidence.Alarm{}, err
	}
	e.Purpose = reason
	recorded, err := b.clerk.PutOnRecord(ctx, actor, e)
	if err != nil {
		return evidence.Alarm{}, err
	}
	a.Noted = alarms.NoteOf(recorded[0].Entry) // somebody else's, when two did it at once
	return a, nil
}

// notOnRecord says why an alarm cannot be taken note of.
func (b *Alarms) notOnRecord(ctx context.Context, actor evidence.Actor, id evidence.AlarmID) error {
	records, err := b.store.Alarms(ctx)
	if err == nil {
		records, err = b.visible(ctx, actor, records)
	}
	if err != nil {
		return err
	}
	if slices.ContainsFunc(records, func(a evidence.Alarm) bool { return a.ID == id }) {
		return evidence.Errorf(evidence.Conflict, "this alarm is not on record in the register; nothing was recorded. See to the register, have an audit run, and take note of the alarm that it raises")
	}
	return evidence.Errorf(evidence.NotFound, "there is no such alarm")
}

// onTheRegister returns an entry of the register.
func (b *Alarms) onTheRegister(actor evidence.Actor, p act.Payload) (evidence.Entry, error) {
	return act.New(evidence.RegisterID(), p, evidence.At(b.clock()), actor, b.random, nil)
}

// CheckAudit returns nil when actor may have an audit run, or see one.
func (b *Alarms) CheckAudit(actor evidence.Actor) error { return act.CheckRole(actor, act.SeeAlarms) }

// Audit returns how an audit ended, as the register says; it is NotFound before.
// Whoever may see alarms may.
func (b *Alarms) Audit(ctx context.Context, actor evidence.Actor, id evidence.AuditID) (a evidence.Audit, err error) {
	if err := act.CheckRole(actor, act.SeeAlarms); err != nil {
		return evidence.Audit{}, err
	}
	ok := false
	if err := b.alarmLog(ctx, func(l *alarms.Log) { a, ok = l.Audit(id) }); err != nil || ok {
		return a, err
	}
	e, ok, err := b.onRegister(ctx, evidence.DeriveEntryID(act.Audited{Audit: id}.Once(evidence.Entry{})...), evidence.ActAudited) // one that is not kept
	if err != nil {
		return evidence.Audit{}, err
	}
	if ok {
		if a, err = alarms.AuditOf(e); err == nil && a.ID == id {
			return a, nil
		}
	}
	return evidence.Audit{}, evidence.Errorf(evidence.NotFound, "there is no such audit, or it has not ended")
}
