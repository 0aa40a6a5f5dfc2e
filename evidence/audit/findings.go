package audit

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

// What an audit finds is bounded, whatever somebody plants.
const (
	most      = 100  // new alarms of one kind in one case, or in one part of an audit
	mostOfAll = 5000 // new alarms of one audit
	textMost  = 1000 // bytes of the words of an alarm, and of its place
)

const (
	flushAt    = 32 // findings that wait are raised when they are so many
	flushEvery = 2 * time.Second
)

// findings gathers what differs in one case, or in one part of an audit, and
// raises it in batches. Alarms that the register has already are given besides
// the most new ones, so that they hide nothing.
//
// Its words hold identifiers and indexes only: people who are not members of a
// case see its alarms, and learn no title, name, recipient or file name by them.
type findings struct {
	run     *run
	id      evidence.CaseID
	now     evidence.Instant
	list    []evidence.Alarm // not raised yet
	seen    map[evidence.AlarmID]bool
	fresh   map[evidence.AlarmKind]int
	more    map[evidence.AlarmKind]int   // that are counted and not given
	raise   func([]evidence.Alarm) error // nil: whoever made it takes the list
	flushed time.Time
	failed  error // of raise
	sealed  bool  // the case is, by what was read of its log
}

func (r *run) findings(c evidence.CaseID, now evidence.Instant) *findings {
	return &findings{
		run: r, id: c, now: now, seen: map[evidence.AlarmID]bool{}, fresh: map[evidence.AlarmKind]int{}, more: map[evidence.AlarmKind]int{},
	}
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
	where, what := shortened(where), shortened(fmt.Sprintf(format, args...))
	a := evidence.NewAlarm(kind, f.about(), where, what, f.now, string(it), what, evidence.Sum([]byte(state)).String())
	a.Item = it
	f.alarm(a)
}

// shortened returns the beginning of a text, which may come from anybody.
func shortened(text string) string {
	if len(text) > textMost {
		text = text[:textMost] + "…"
	}
	return strings.ToValidUTF8(text, "?")
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

// alarm adds an alarm as what it is now.
func (f *findings) alarm(a evidence.Alarm) { f.take(f.run.renewed(a)) }

// renewed returns an alarm as what it is now: a difference that came back after
// it was gone is a new one.
func (r *run) renewed(a evidence.Alarm) evidence.Alarm {
	for r.alarms.Gone(a.ID) {
		a.ID = evidence.Derive[evidence.AlarmID]("again", string(a.ID))
	}
	return a
}

// take adds an alarm under the identifier that it has.
func (f *findings) take(a evidence.Alarm) {
	if f.seen[a.ID] {
		return
	}
	if _, known := f.run.alarms.Alarm(a.ID); known {
		f.run.seen[a.ID] = true
	} else if f.fresh[a.Kind] >= most || f.run.fresh >= mostOfAll {
		f.more[a.Kind]++
		return
	} else {
		f.fresh[a.Kind]++
	}
	f.seen[a.ID] = true
	f.list = append(f.list, a)
}

// absorb takes over what another has found.
func (f *findings) absorb(o *findings) {
	for _, a := range o.list {
		f.alarm(a)
	}
	for kind, n := range o.more {
		f.more[kind] += n
	}
}

// flush raises what waits.
func (f *findings) flush() error {
	if f.raise == nil || f.failed != nil {
		return f.failed
	}
	for chunk := range slices.Chunk(f.list, flushAt) {
		for i, a := range chunk {
			chunk[i].OfSealed = f.sealed
			if _, known := f.run.alarms.Alarm(a.ID); !known {
				f.run.fresh++
			}
		}
		if f.failed = f.raise(chunk); f.failed != nil {
			return f.failed
		}
	}
	f.list, f.flushed = nil, time.Now()
	return nil
}

// end counts what was not given, as one alarm a kind, and raises what waits. Of
// an audit that has given all that it may it is one alarm, at its end.
func (f *findings) end() error {
	for _, kind := range evidence.AlarmKinds() {
		n := f.more[kind]
		switch {
		case n == 0:
		case f.run.fresh >= mostOfAll:
			f.run.more += n
		default:
			a := evidence.NewAlarm(kind, f.about(), "more", fmt.Sprintf("%d more things of this kind differ here, and are counted only", n), f.now)
			f.list = append(f.list, f.run.renewed(a))
		}
	}
	clear(f.more)
	return f.flush()
}

// step is called wherever a part of an audit went on: it says how far the audit
// is, gives the part more time, and raises what waits, now and then.
func (r *run) step(ctx context.Context, f *findings) error {
	r.report(r.told())
	r.limit.extend(r.progress)
	if len(f.list) >= flushAt || len(f.list) > 0 && time.Since(f.flushed) > flushEvery {
		if err := f.flush(); err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return evidence.WrapError(evidence.Unavailable, ctx.Err(), "the audit was given up")
	}
	return nil
}

// exhibit names an item for people.
func exhibit(it evidence.Item) string { return exhibitNumber(it.Exhibit) }

func exhibitNumber(n int) string { return evidence.ExhibitNumber("", n)[1:] }

// numbers names consecutive things for people: "exhibit 5", or "exhibits 5 to 9".
func numbers(one, many string, first, last int64) string {
	if first == last {
		return fmt.Sprintf("%s %d", one, first)
	}
	return fmt.Sprintf("%s %d to %d", many, first, last)
}
