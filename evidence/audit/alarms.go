package audit

import (
	"context"
	"maps"
	"slices"

	"github.com/sealcase/sealcase/evidence"
)

// alarmEntry takes in what the register says of an alarm.
func (r *run) alarmEntry(e evidence.Entry) {
	id, d := evidence.AlarmID(e.Details["alarm"]), e.Details
	switch {
	case e.Act == evidence.ActAcknowledged:
		if !e.Actor.Service && slices.Contains(e.Actor.Roles, evidence.Supervisor) {
			r.noted[id] = true
		}
	case e.Act != evidence.ActAlarm || !e.Actor.Service:
	case d["gone"] != "":
		r.gone[id] = true
	default:
		r.known[id] = evidence.Alarm{
			ID: id, Kind: evidence.AlarmKind(d["kind"]), Case: evidence.CaseID(d["case"]), Item: evidence.ItemID(d["item"]),
			Where: d["where"], What: d["what"], RaisedAt: e.At, Entry: e.ID,
		}
	}
}

// storedAlarms compares the alarms of the registry with the register's entries,
// both ways, and with those that are mirrored: one that somebody deleted is
// raised again, as it was.
func (r *run) storedAlarms(ctx context.Context, f *findings) error {
	for _, a := range r.stored {
		r.storedAlarm(a, f)
	}
	if err := r.settle(ctx, f, func(f *findings) error { return r.lostAlarms(ctx, f) }); err != nil {
		return err
	}
	return r.mirroredAlarms(ctx, f)
}

// storedAlarm compares an alarm that the registry had before the register was
// read: an entry is there before its record.
func (r *run) storedAlarm(a evidence.Alarm, f *findings) {
	want, known := r.known[a.ID]
	noted := a.Noted
	a.Noted, want.Noted = nil, nil
	switch {
	case !known && a.Entry == "": // it could not be put on record when it was raised, or is a record that cannot be read
		if a.RaisedAt.IsZero() {
			a.RaisedAt = f.now
		}
		f.take(a)
	case !known:
		f.add(evidence.AlarmRecord, "alarm "+string(a.ID), "the registry has an alarm that the register does not have: %s", a.What)
	case a.Kind != want.Kind || a.Case != want.Case || a.Item != want.Item || a.Where != want.Where || a.What != want.What:
		f.add(evidence.AlarmRecord, "alarm "+string(a.ID), "the registry says something else of an alarm than the register, which says: %s", want.What)
	}
	if noted != nil && !r.noted[a.ID] {
		f.add(evidence.AlarmRecord, "note "+string(a.ID), "the registry says that %s took note of an alarm, and the register does not: %s", noted.Name, a.What)
	}
}

// lostAlarms looks for what the register has and the registry has not.
func (r *run) lostAlarms(ctx context.Context, f *findings) error {
	list, err := r.config.Registry.Alarms(ctx)
	if err != nil {
		return err
	}
	stored := map[evidence.AlarmID]evidence.Alarm{}
	for _, a := range list {
		stored[a.ID] = a
	}
	for _, id := range slices.Sorted(maps.Keys(r.known)) {
		a, ok := stored[id]
		if !ok {
			r.lost(r.known[id], f)
		} else if r.noted[id] && a.Noted == nil {
			f.add(evidence.AlarmRecord, "note "+string(id), "the registry has lost that somebody took note of an alarm: %s", r.known[id].What)
		}
	}
	return nil
}

func (r *run) mirroredAlarms(ctx context.Context, f *findings) error {
	for a, err := range r.config.Mirror.Alarms(ctx, r.odd(f)) {
		if err != nil {
			return err
		}
		stored := slices.ContainsFunc(r.stored, func(s evidence.Alarm) bool { return s.ID == a.ID })
		if _, known := r.known[a.ID]; !known && !stored {
			r.lost(a, f)
		}
	}
	return nil
}

// lost raises an alarm again that somebody deleted.
func (r *run) lost(a evidence.Alarm, f *findings) {
	f.add(evidence.AlarmRecord, string(a.ID), "an alarm of %s was deleted from the registry: %s", a.RaisedAt, a.What)
	a.Noted = nil
	f.take(a)
}
