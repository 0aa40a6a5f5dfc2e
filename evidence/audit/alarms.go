package audit

import (
	"context"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

// storedAlarms compares the registry's records of alarms, and what is mirrored of
// them, with the register, which is what is shown. A record that says something
// else, or is missing, hides nothing; it is told because somebody changed it.
//
// It comes after everything else: an alarm that could not be put on record when
// it was raised, and that this audit found again, is raised by now. One that only
// a record tells of is raised as that, and not as itself: whoever can write to the
// registry would otherwise say what the words of an alarm to come are.
func (r *run) storedAlarms(ctx context.Context, f *findings) error {
	err := r.settle(ctx, f, func(f *findings) error {
		stored, err := r.config.Registry.Alarms(ctx)
		if err != nil {
			return err
		}
		there := map[evidence.AlarmID]bool{}
		for _, a := range stored {
			there[a.ID] = true
			r.storedAlarm(a, f)
		}
		for _, a := range r.alarms.All() {
			if !there[a.ID] {
				f.add(evidence.AlarmRecord, string(a.ID), "the record of the alarm %s was deleted from the registry", a.ID)
				f.take(a) // who raises it writes the record anew
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for a, err := range r.config.Mirror.Alarms(ctx, r.odd(f)) {
		if err != nil {
			return err
		}
		if _, known := r.alarms.Alarm(a.ID); !known {
			r.untold(a, "the mirror", f)
		}
	}
	return nil
}

// storedAlarm compares one record.
func (r *run) storedAlarm(a evidence.Alarm, f *findings) {
	want, known := r.alarms.Alarm(a.ID)
	switch {
	case a.RaisedAt.IsZero(): // the registry's way to say that a record cannot be read
		f.add(evidence.AlarmRecord, a.Where, "%s", a.What)
	case !known:
		r.untold(a, "the registry", f)
	case a.Kind != want.Kind || a.Case != want.Case || a.Item != want.Item || a.Where != want.Where || a.What != want.What:
		f.add(evidence.AlarmRecord, "alarm "+string(a.ID), "the registry says something else of the alarm %s than the register", a.ID)
	case a.Entry != "" && (a.Entry != want.Entry || a.RaisedAt != want.RaisedAt): // one that could not be put on record at first names none
		f.add(evidence.AlarmRecord, "alarm "+string(a.ID), "the registry says something else of when the alarm %s was raised than the register", a.ID)
	case a.Noted != nil && want.Noted == nil:
		f.add(evidence.AlarmRecord, "note "+string(a.ID), "the registry says that somebody took note of the alarm %s, and the register does not", a.ID)
	}
}

// newAlarm reports whether something is so new that the register may have taken
// it since it was read.
func (r *run) newAlarm(at evidence.Instant) bool {
	return at.Time().After(r.read.Time()) && !at.Time().After(r.config.Clock().Add(time.Minute))
}

// untold tells of an alarm that the register does not have.
func (r *run) untold(a evidence.Alarm, where string, f *findings) {
	if f.run.raised[a.ID] || r.newAlarm(a.RaisedAt) {
		return
	}
	if _, err := evidence.ParseID[evidence.AlarmID](string(a.ID)); err != nil {
		a.ID = "that has no identifier"
	}
	f.differs(evidence.AlarmRecord, "", "alarm "+string(a.ID), string(a.Kind)+a.Where+a.What, "%s has the alarm %s, which the register does not have: it could not be put on record, or somebody made it up", where, a.ID)
}
