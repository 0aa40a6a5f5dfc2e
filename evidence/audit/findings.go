package audit

import (
	"fmt"

	"github.com/sealcase/sealcase/evidence"
)

// most is how many new alarms of one kind one case, or one part of an audit,
// gives; the last of them says that there are more. Those that the register has
// already are given besides, so that they hide nothing.
const most = 100

// findings gathers what differs in one case, or in one part of an audit.
type findings struct {
	run   *run
	id    evidence.CaseID
	now   evidence.Instant
	list  []evidence.Alarm
	seen  map[evidence.AlarmID]bool
	fresh map[evidence.AlarmKind]int
}

func (r *run) findings(c evidence.CaseID, now evidence.Instant) *findings {
	return &findings{run: r, id: c, now: now, seen: map[evidence.AlarmID]bool{}, fresh: map[evidence.AlarmKind]int{}}
}

// add adds an alarm. Its identity is its kind, the case, the place and what is
// said of it.
func (f *findings) add(kind evidence.AlarmKind, where, format string, args ...any) {
	f.differs(kind, "", where, "", format, args...)
}

// addItem adds an alarm about an item.
func (f *findings) addItem(kind evidence.AlarmKind, it evidence.ItemID, where, format string, args ...any) {
	f.differs(kind, it, where, "", format, args...)
}

// differs adds an alarm whose words do not tell how it differs: state does. Only
// a digest of that goes into the alarm, for its identity: another difference at
// the same place is another alarm.
func (f *findings) differs(kind evidence.AlarmKind, it evidence.ItemID, where, state, format string, args ...any) {
	what := fmt.Sprintf(format, args...)
	a := evidence.NewAlarm(kind, f.about(), where, what, f.now, string(it), what, evidence.Sum([]byte(state)).String())
	a.Item = it
	f.alarm(a)
}

// broke adds an alarm that something can be read no further; err is returned where
// that may be otherwise later.
func (f *findings) broke(kind evidence.AlarmKind, where string, err error) error {
	if evidence.CodeOf(err).Retryable() {
		return err
	}
	f.add(kind, where, "%s", evidence.MessageOf(err))
	return nil
}

// about returns the case, "" where it is the installation or its register.
func (f *findings) about() evidence.CaseID {
	if f.id == evidence.RegisterID() {
		return ""
	}
	return f.id
}

// alarm adds an alarm as what it is now: a difference that came back after it
// was gone is a new one.
func (f *findings) alarm(a evidence.Alarm) {
	for f.run.gone[a.ID] {
		a.ID = evidence.Derive[evidence.AlarmID]("again", string(a.ID))
	}
	f.take(a)
}

// take adds an alarm under the identifier that it has.
func (f *findings) take(a evidence.Alarm) {
	if f.seen[a.ID] {
		return
	}
	f.seen[a.ID], f.run.seen[a.ID] = true, true
	if _, known := f.run.known[a.ID]; !known {
		if f.fresh[a.Kind] == most {
			return
		}
		if f.fresh[a.Kind]++; f.fresh[a.Kind] == most {
			a = evidence.NewAlarm(a.Kind, f.about(), "more", fmt.Sprintf("more than %d things differ here; these are the first", most-1), f.now)
		}
	}
	f.list = append(f.list, a)
}

// exhibit names an item for people.
func exhibit(it evidence.Item) string { return evidence.ExhibitNumber("", it.Exhibit)[1:] }
