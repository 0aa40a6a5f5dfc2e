package custody_test

import (
	"strings"
	"testing"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/sealcase/sealcase/evidence"
)

// TestAlarms: an alarm is on record once, and noted once.
func TestAlarms(t *testing.T) {
	l := newLab(t)
	s := l.service()
	a := evidence.NewAlarm(evidence.AlarmObject, "", "a key", "bytes differ", evidence.At(time.Now()))
	for i, want := range []int{1, 0} {
		raised, err := s.RaiseAlarms(t.Context(), worker, []evidence.Alarm{a})
		if err != nil || len(raised) != want {
			t.Errorf("try %d raised %v, %v", i, raised, err)
		}
	}
	_, err := s.RaiseAlarms(t.Context(), supervisor, []evidence.Alarm{a})
	wantCode(t, err, evidence.Forbidden)
	_, err = s.Alarms(t.Context(), investigator, true)
	wantCode(t, err, evidence.Forbidden)
	list, err := s.Alarms(t.Context(), supervisor, true)
	if err != nil || len(list) != 1 || list[0].Entry == "" || list[0].Noted != nil {
		t.Fatalf("alarms %+v, %v", list, err)
	}
	_, err = s.AcknowledgeAlarm(t.Context(), person("p-auditor", evidence.Auditor), a.ID, "x")
	wantCode(t, err, evidence.Forbidden)
	_, err = s.AcknowledgeAlarm(t.Context(), supervisor, a.ID, " ")
	wantCode(t, err, evidence.Invalid)
	_, err = s.AcknowledgeAlarm(t.Context(), supervisor, newID[evidence.AlarmID](t), "x")
	wantCode(t, err, evidence.NotFound)
	for range 2 {
		noted, err := s.AcknowledgeAlarm(t.Context(), supervisor, a.ID, "the disk was replaced")
		if err != nil || noted.Noted == nil || noted.Noted.By != supervisor.ID || noted.Noted.Reason != "the disk was replaced" {
			t.Errorf("noted %+v, %v", noted, err)
		}
	}
	_, err = s.AcknowledgeAlarm(t.Context(), person("p-other", evidence.Supervisor), a.ID, "me too")
	wantCode(t, err, evidence.Conflict)
	if list, err := s.Alarms(t.Context(), supervisor, true); err != nil || len(list) != 0 {
		t.Errorf("open: %+v, %v", list, err)
	}
	acts := l.acts(s, evidence.RegisterID())
	if acts[evidence.ActAlarm] != 1 || acts[evidence.ActAcknowledged] != 1 {
		t.Errorf("the register has %v", acts)
	}
	l.mirrored(s)
	for got, err := range l.mirror.Alarms(t.Context(), nil) {
		l.check(err)
		if got.ID != a.ID || got.What != "bytes differ" {
			t.Errorf("mirrored %+v", got)
		}
	}
}

// TestAlarmsWithoutARegister: where the register itself was tampered with,
// alarms are stored and shown all the same.
func TestAlarmsWithoutARegister(t *testing.T) {
	l := newLab(t)
	s := l.service()
	_, err := s.RaiseAlarms(t.Context(), worker, []evidence.Alarm{evidence.NewAlarm(evidence.AlarmClock, "", "first", "x", evidence.At(time.Now()))})
	l.check(err)
	_, err = s.Checkpoint(t.Context(), worker, evidence.RegisterID())
	l.check(err)
	l.mirrored(s)
	l.deleteEntry(evidence.RegisterID(), 1)
	after := l.service()
	found, _ := l.audit(after)
	if len(found) == 0 {
		t.Fatal("the audit found nothing")
	}
	raised, err := after.RaiseAlarms(t.Context(), worker, found)
	if err != nil || len(raised) == 0 || raised[0].Entry != "" {
		t.Errorf("raised %+v, %v", raised, err)
	}
	if list, err := after.Alarms(t.Context(), supervisor, true); err != nil || len(list) != 1+len(raised)+1 || list[0].Where != "register" { // that the register cannot be used comes first
		t.Errorf("shown %+v, %v", list, err)
	}
	l.mirrored(after)
}

// TestAlarmsComeBack: a difference that was noted, put right and made again is
// told of again, once the audit in between did not find it.
func TestAlarmsComeBack(t *testing.T) {
	m := newMalice(t)
	raise := func() (raised []evidence.Alarm) {
		found, _ := m.audit(m.service())
		raised, err := m.running.RaiseAlarms(t.Context(), worker, found)
		m.check(err)
		return raised
	}
	hold := func(status minio.LegalHoldStatus) {
		ref := m.items[0].Data
		m.check(m.admin().PutObjectLegalHold(t.Context(), ref.Bucket, ref.Key, minio.PutObjectLegalHoldOptions{VersionID: ref.Version, Status: &status}))
	}
	for round := range 3 {
		hold(minio.LegalHoldDisabled)
		raised := raise()
		if len(raised) != 1 || raised[0].Kind != evidence.AlarmLock {
			t.Fatalf("round %d raised %q", round, alarms(raised))
		}
		_, err := m.running.AcknowledgeAlarm(t.Context(), supervisor, raised[0].ID, "put right")
		m.check(err)
		if again := raise(); len(again) != 0 {
			t.Errorf("round %d: raised again while it lasts: %q", round, alarms(again))
		}
		hold(minio.LegalHoldEnabled)
		if again := raise(); len(again) != 0 {
			t.Errorf("round %d: raised when it was put right: %q", round, alarms(again))
		}
	}
	if all, err := m.running.Alarms(t.Context(), supervisor, false); err != nil || len(all) != 3 {
		t.Errorf("all: %q, %v", alarms(all), err)
	}
}

// TestFailedAuditIsAnAlarm: an audit that compared nothing is no silence.
func TestFailedAuditIsAnAlarm(t *testing.T) {
	l := newLab(t)
	s := l.service()
	a := evidence.Audit{ID: newID[evidence.AuditID](t), State: evidence.AuditFailed, Failure: "storage does not answer", StartedAt: evidence.At(time.Now())}
	l.check(s.RecordAudit(t.Context(), worker, a))
	if open, err := s.Alarms(t.Context(), supervisor, true); err != nil || len(open) != 1 || !strings.Contains(open[0].What, a.Failure) {
		t.Errorf("open: %q, %v", alarms(open), err)
	}
}
