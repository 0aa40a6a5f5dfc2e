package audit

import (
	"fmt"

	"github.com/sealcase/sealcase/evidence"
)

// most is how many alarms one case, or one part of an audit, gives; the last of
// them says that there are more.
const most = 100

// findings gathers what differs in one case, or in one part of an audit.
type findings struct {
	id   evidence.CaseID
	now  evidence.Instant
	list []evidence.Alarm
	seen map[evidence.AlarmID]bool
}

// add adds an alarm. Its identity is its kind, the case and the place.
func (f *findings) add(kind evidence.AlarmKind, where, format string, args ...any) {
	f.alarm(evidence.NewAlarm(kind, f.about(), where, fmt.Sprintf(format, args...), f.now))
}

// addItem adds an alarm about an item.
func (f *findings) addItem(kind evidence.AlarmKind, it evidence.ItemID, where, format string, args ...any) {
	a := evidence.NewAlarm(kind, f.about(), where, fmt.Sprintf(format, args...), f.now, string(it))
	a.Item = it
	f.alarm(a)
}

// about returns the case, "" where it is the installation or its register.
func (f *findings) about() evidence.CaseID {
	if f.id == evidence.RegisterID() {
		return ""
	}
	return f.id
}

func (f *findings) alarm(a evidence.Alarm) {
	if f.seen[a.ID] || len(f.list) == most {
		return
	}
	f.seen[a.ID] = true
	if len(f.list) == most-1 {
		a = evidence.NewAlarm(evidence.AlarmLog, f.about(), "more", fmt.Sprintf("more than %d things differ here; these are the first", most-1), f.now)
	}
	f.list = append(f.list, a)
}

// exhibit names an item for people.
func exhibit(it evidence.Item) string { return evidence.ExhibitNumber("", it.Exhibit)[1:] }
