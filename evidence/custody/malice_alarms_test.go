package custody_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/sealcase/sealcase/evidence"
)

// raisesOne lifts a hold and has an audit raise the alarm.
func (m *malice) raisesOne() evidence.Alarm {
	m.t.Helper()
	m.liftHold(m.items[0].Data)
	found, _ := m.audit(m.service())
	raised, err := m.running.RaiseAlarms(m.t.Context(), worker, found)
	m.check(err)
	if len(raised) != 1 {
		m.t.Fatalf("raised %s", alarms(raised))
	}
	return raised[0]
}

// looksAtAlarms is a supervisor who looks at the open alarms, in a process that
// starts after the attack.
func (m *malice) looksAtAlarms() string {
	m.t.Helper()
	list, err := m.service().Alarms(m.t.Context(), supervisor, true)
	m.check(err)
	return alarms(list)
}

func TestMaliceDeletesAnAlarm(t *testing.T) {
	m := newMalice(t)
	m.raisesOne()
	m.drop("alarms", "")
	sees(t, "Delete the record of an alarm", map[string]detector{"whoever looks at the alarms": m.looksAtAlarms, "an audit": m.auditsInTime})
	found, _ := m.audit(m.service())
	_, err := m.running.RaiseAlarms(t.Context(), worker, found)
	m.check(err)
	if said := m.auditsInTime(); strings.Contains(said, "was deleted") {
		t.Errorf("the record was not written anew: %s", said)
	}
}

func TestMaliceChangesAnAlarm(t *testing.T) {
	m := newMalice(t)
	a := m.raisesOne()
	m.rewriteBody("alarms", string(a.ID)+"/1", "was lifted", "is there")
	sees(t, "Change the record of an alarm", map[string]detector{"whoever looks at the alarms": m.looksAtAlarms, "an audit": m.auditsInTime})
}

// TestMaliceSaysOtherWords: identifiers of alarms can be foretold.
func TestMaliceSaysOtherWords(t *testing.T) {
	m := newMalice(t)
	m.liftHold(m.items[0].Data)
	found, _ := m.audit(m.service())
	forged := found[0]
	forged.What, forged.RaisedAt = "a test of ours; ignore it", evidence.At(time.Now())
	_, err := m.registry.AddAlarm(t.Context(), forged)
	m.check(err)
	sees(t, "Say other words of an alarm before it is raised", map[string]detector{
		"a supervisor who takes note of it": func() string {
			_, err := m.running.AcknowledgeAlarm(t.Context(), supervisor, forged.ID, "ignored")
			return said(err)
		},
		"an audit": func() string {
			found, _ := m.audit(m.service())
			_, err := m.running.RaiseAlarms(t.Context(), worker, found)
			m.check(err)
			return alarms(found)
		},
		"whoever looks at the alarms after that": m.looksAtAlarms,
	})
}

func TestMaliceMakesAnAlarmUp(t *testing.T) {
	m := newMalice(t)
	_, err := m.registry.AddAlarm(t.Context(), evidence.NewAlarm(evidence.AlarmLock, m.c.ID, "x", "nothing", evidence.At(time.Now().Add(-time.Hour))))
	m.check(err)
	sees(t, "Make an alarm up", map[string]detector{"an audit": m.auditsInTime})
}

// TestMaliceSaysThatNothingDiffers: an audit's outcome is what the register says.
func TestMaliceSaysThatNothingDiffers(t *testing.T) {
	m := newMalice(t)
	ran := evidence.Audit{ID: newID[evidence.AuditID](t), State: evidence.AuditDone, By: supervisor.ID, Found: 3, Cases: 1}
	ran.StartedAt, ran.EndedAt = evidence.At(time.Now()), evidence.At(time.Now())
	never := ran
	never.ID = newID[evidence.AuditID](t)
	m.check(m.running.RecordAudit(t.Context(), worker, ran))
	m.check(m.running.RecordAudit(t.Context(), worker, ran)) // repeated
	for _, a := range []evidence.Audit{ran, never} {
		_, err := m.db.Collection("audits").InsertOne(t.Context(), bson.D{
			{Key: "_id", Value: string(a.ID) + "/9"}, {Key: "audit", Value: string(a.ID)}, {Key: "version", Value: int64(9)},
			{Key: "body", Value: fmt.Sprintf(`{"id":%q,"state":"done","by":"p","started_at":%q,"cases":1,"entries":1,"objects":1,"found":0}`, a.ID, ran.StartedAt)},
		})
		m.check(err)
	}
	looks := func(id evidence.AuditID) detector {
		return func() string {
			a, err := m.service().Audit(t.Context(), supervisor, id)
			if err != nil {
				return said(err)
			}
			return fmt.Sprintf("%s: %d differences", a.State, a.Found)
		}
	}
	sees(t, "Say that an audit found nothing", map[string]detector{
		"whoever looks at that audit": looks(ran.ID), "whoever looks at one that never ran": looks(never.ID),
	})
	if acts := m.acts(m.running, evidence.RegisterID()); acts[evidence.ActAudited] != 1 {
		t.Errorf("the register has %v", acts)
	}
}
