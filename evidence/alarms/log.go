package alarms

import (
	"cmp"
	"slices"
	"strings"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
)

// Log is what the register says of alarms and audits up to some entry. It is not
// safe for concurrent use.
type Log struct {
	most    int // alarms, and audits, that are kept; 0: all
	alarms  map[evidence.AlarmID]*evidence.Alarm
	order   []evidence.AlarmID // as they were raised
	gone    map[evidence.AlarmID]bool
	audits  map[evidence.AuditID]evidence.Audit
	ended   []evidence.AuditID // in the order of their ends
	dropped int                // open alarms that are not kept
}

// New returns an empty Log. With most above 0 it keeps so many alarms at most,
// and so many audits: of alarms those that somebody took note of go first, the
// oldest first, then the oldest of the others, which Dropped counts; of audits
// the oldest go first. The identifiers of differences that are gone are kept
// always, at some 50 bytes each.
func New(most int) *Log {
	return &Log{
		most: most, alarms: map[evidence.AlarmID]*evidence.Alarm{}, gone: map[evidence.AlarmID]bool{},
		audits: map[evidence.AuditID]evidence.Audit{},
	}
}

// Says reports whether an entry says anything of alarms or audits.
func Says(e evidence.Entry) bool {
	return e.Act == evidence.ActAlarm || e.Act == evidence.ActAcknowledged || e.Act == evidence.ActAudited
}

// Add takes in the next entry. What cannot be read says nothing.
func (l *Log) Add(e evidence.Entry) {
	switch e.Act {
	case evidence.ActAlarm:
		l.alarm(e)
	case evidence.ActAcknowledged:
		p, err := act.Read[act.Acknowledged](e)
		if a := l.alarms[p.Alarm]; err == nil && a != nil && a.Noted == nil && MayNote(e.Actor) {
			a.Noted = NoteOf(e)
		}
	case evidence.ActAudited:
		if a, err := AuditOf(e); err == nil {
			l.audit(a)
		}
	}
	l.evict()
}

func (l *Log) alarm(e evidence.Entry) {
	p, err := act.Read[act.Alarm](e)
	switch {
	case err != nil || !e.Actor.Service:
	case p.Gone:
		l.gone[p.Alarm] = true
	case l.alarms[p.Alarm] == nil:
		a := AlarmOf(e, p)
		l.alarms[a.ID] = &a
		l.order = append(l.order, a.ID)
	}
}

func (l *Log) audit(a evidence.Audit) {
	if _, known := l.audits[a.ID]; !known {
		l.audits[a.ID] = a
		l.ended = append(l.ended, a.ID)
	}
}

// slack is how many more than most are kept before some are dropped, so that
// not each entry has all looked through.
const slack = 64

func (l *Log) evict() {
	if l.most <= 0 {
		return
	}
	if over := len(l.ended) - l.most; over > slack {
		for _, id := range l.ended[:over] {
			delete(l.audits, id)
		}
		l.ended = slices.Clone(l.ended[over:])
	}
	if over := len(l.order) - l.most; over > slack {
		over -= l.drop(over, func(a *evidence.Alarm) bool { return a.Noted != nil })
		l.dropped += l.drop(over, func(*evidence.Alarm) bool { return true })
	}
}

// drop drops the oldest n alarms that may be, and returns how many there were.
func (l *Log) drop(n int, may func(*evidence.Alarm) bool) (dropped int) {
	l.order = slices.DeleteFunc(l.order, func(id evidence.AlarmID) bool {
		if dropped == n || !may(l.alarms[id]) {
			return false
		}
		delete(l.alarms, id)
		dropped++
		return true
	})
	return dropped
}

// All returns the alarms, the one raised last first.
func (l *Log) All() []evidence.Alarm {
	list := make([]evidence.Alarm, 0, len(l.order))
	for _, id := range slices.Backward(l.order) {
		list = append(list, *l.alarms[id])
	}
	slices.SortStableFunc(list, func(a, b evidence.Alarm) int {
		return cmp.Compare(b.RaisedAt.Time().UnixMilli(), a.RaisedAt.Time().UnixMilli())
	})
	return list
}

// Dropped returns how many alarms that nobody took note of are not kept.
func (l *Log) Dropped() int { return l.dropped }

// Alarm returns an alarm; ok is false when the register has not got it, or it is
// not kept.
func (l *Log) Alarm(id evidence.AlarmID) (a evidence.Alarm, ok bool) {
	known := l.alarms[id]
	if known == nil {
		return evidence.Alarm{}, false
	}
	return *known, true
}

// Gone reports whether the difference was not found any more after somebody took
// note of it.
func (l *Log) Gone(id evidence.AlarmID) bool { return l.gone[id] }

// Audit returns how an audit ended; ok is false when the register does not say
// so, or it is not kept.
func (l *Log) Audit(id evidence.AuditID) (a evidence.Audit, ok bool) {
	a, ok = l.audits[id]
	return a, ok
}

// MayNote reports whether somebody may take note of alarms.
func MayNote(actor evidence.EntryActor) bool {
	return !actor.Service && act.NoteAlarms.AllowsRole(actor.Roles...)
}

// AlarmOf returns the alarm that an entry raises, which says p.
func AlarmOf(e evidence.Entry, p act.Alarm) evidence.Alarm {
	return evidence.Alarm{ID: p.Alarm, Kind: p.Kind, Case: p.Case, Item: p.Item, Where: p.Where, What: p.What, RaisedAt: e.At, Entry: e.ID}
}

// NoteOf returns what an entry says of who took note of an alarm.
func NoteOf(e evidence.Entry) *evidence.AlarmNote {
	return &evidence.AlarmNote{By: e.Actor.ID, Name: e.Actor.Name, At: e.At, Reason: e.Purpose, Entry: e.ID}
}

// AuditOf returns the audit whose end an entry records, or Malformed.
func AuditOf(e evidence.Entry) (evidence.Audit, error) {
	p, err := act.Read[act.Audited](e)
	if err != nil {
		return evidence.Audit{}, err
	}
	a := evidence.Audit{
		ID: p.Audit, State: p.State, Failure: p.Failure, By: p.By, StartedAt: p.StartedAt, EndedAt: p.EndedAt,
		Cases: p.Cases, Entries: p.Entries, Objects: p.Objects, Found: p.Found, Entry: e.ID,
	}
	for id := range strings.SplitSeq(p.Alarms, ",") {
		if id != "" && len(a.Alarms) < evidence.MaxAuditAlarms {
			a.Alarms = append(a.Alarms, evidence.AlarmID(id))
		}
	}
	if a.State != evidence.AuditDone && a.State != evidence.AuditFailed {
		return evidence.Audit{}, evidence.Errorf(evidence.Malformed, "an audit ends as done or failed, not as %.20q", a.State)
	}
	return a, nil
}

// Audited returns what the entry of an audit's end says.
func Audited(a evidence.Audit) act.Audited {
	ids := make([]string, 0, evidence.MaxAuditAlarms)
	for _, id := range a.Alarms[:min(len(a.Alarms), evidence.MaxAuditAlarms)] {
		ids = append(ids, string(id))
	}
	return act.Audited{
		Audit: a.ID, State: a.State, By: a.By, StartedAt: a.StartedAt, EndedAt: a.EndedAt, Cases: a.Cases, Entries: a.Entries,
		Objects: a.Objects, Found: a.Found, Alarms: strings.Join(ids, ","), Failure: a.Failure,
	}
}
