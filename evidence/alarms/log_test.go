package alarms_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/alarms"
)

// said returns the n-th entry of the register, which says p.
func said(n int, service bool, p act.Payload, roles ...evidence.Role) evidence.Entry {
	return evidence.Entry{
		ID: evidence.DeriveEntryID(fmt.Sprint(n)), Act: p.Act(), At: evidence.At(time.Unix(int64(1_800_000_000+n), 0)), Details: act.Details(p),
		Actor: evidence.EntryActor{ID: "somebody", Name: "Somebody", Service: service, Roles: roles}, Purpose: "seen to",
	}
}

func raised(n int) evidence.Entry {
	return said(n, true, act.Alarm{Alarm: evidence.AlarmID(fmt.Sprint(n)), Kind: evidence.AlarmLog, Where: "x", What: "y"})
}

func TestWhatCounts(t *testing.T) {
	t.Parallel()
	note := act.Acknowledged{Alarm: "1"}
	for name, tc := range map[string]struct {
		entries     []evidence.Entry
		there, open bool
	}{
		"raised":                       {[]evidence.Entry{raised(1)}, true, true},
		"raised by a person":           {[]evidence.Entry{said(1, false, act.Alarm{Alarm: "1"})}, false, false},
		"noted":                        {[]evidence.Entry{raised(1), said(2, false, note, evidence.Supervisor)}, true, false},
		"noted before it was raised":   {[]evidence.Entry{said(2, false, note, evidence.Supervisor), raised(1)}, true, true},
		"noted by who may not":         {[]evidence.Entry{raised(1), said(2, false, note, evidence.Auditor)}, true, true},
		"noted by the machine":         {[]evidence.Entry{raised(1), said(2, true, note, evidence.Supervisor)}, true, true},
		"raised again, saying less":    {[]evidence.Entry{raised(1), said(2, true, act.Alarm{Alarm: "1"})}, true, true},
		"an entry that cannot be read": {[]evidence.Entry{{Act: evidence.ActAlarm, Actor: evidence.EntryActor{Service: true}}}, false, false},
	} {
		l := alarms.New(0)
		for _, e := range tc.entries {
			l.Add(e)
		}
		a, there := l.Alarm("1")
		if there != tc.there || there && (a.Noted == nil) != tc.open || there && a.What != "y" {
			t.Errorf("%s: %+v, %t", name, a, there)
		}
	}
}

func TestAuditsReadAsWritten(t *testing.T) {
	t.Parallel()
	at := evidence.At(time.Unix(1_800_000_000, 0))
	want := evidence.Audit{
		ID: "audit-x", State: evidence.AuditDone, By: "p", StartedAt: at, EndedAt: at, Cases: 1, Entries: 2, Objects: 3, Found: 2,
		Alarms: []evidence.AlarmID{"alarm-a", "alarm-b"},
	}
	l := alarms.New(0)
	running := want
	running.ID, running.State = "audit-y", evidence.AuditRunning
	l.Add(said(1, true, alarms.Audited(want)))
	l.Add(said(2, true, alarms.Audited(running)))
	got, ok := l.Audit("audit-x")
	if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(evidence.Audit{}, "Entry"), cmp.AllowUnexported(evidence.Instant{})); diff != "" || !ok || got.Entry == "" {
		t.Errorf("audit (-want +got):\n%s", diff)
	}
	if _, ok := l.Audit("audit-y"); ok {
		t.Error("an audit that runs has ended")
	}
}

// TestEviction: those that are noted go before those that are open, and what is
// gone is known for ever.
func TestEviction(t *testing.T) {
	t.Parallel()
	l := alarms.New(100)
	for n := range 400 {
		l.Add(raised(n))
		if n%2 == 0 {
			l.Add(said(n, false, act.Acknowledged{Alarm: evidence.AlarmID(fmt.Sprint(n))}, evidence.Supervisor))
		}
		l.Add(said(n, true, act.Alarm{Alarm: evidence.AlarmID(fmt.Sprint("gone ", n)), Gone: true}))
		l.Add(said(n, true, alarms.Audited(evidence.Audit{ID: evidence.AuditID(fmt.Sprint(n)), State: evidence.AuditDone})))
	}
	open := 0
	for _, a := range l.All() {
		if a.Noted == nil {
			open++
		}
	}
	if n := len(l.All()); n > 200 || open+l.Dropped() != 200 || open < 90 || !l.Gone("gone 0") {
		t.Errorf("%d alarms are kept, %d of them open, %d were dropped", n, open, l.Dropped())
	}
	if _, ok := l.Audit("0"); ok {
		t.Error("the oldest audit is kept")
	}
	if _, ok := l.Audit("399"); !ok {
		t.Error("the newest audit is not kept")
	}
}
