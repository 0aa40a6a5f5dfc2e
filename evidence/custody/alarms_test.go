package custody_test

import (
	"testing"
	"time"

	"go.mongodb.org/mongo-driver/v2/bson"

	"github.com/sealcase/sealcase/evidence"
)

// TestAlarmNotedByNobody: a record that somebody put into the registry before
// the alarm was raised keeps it neither off the register nor off the list.
func TestAlarmNotedByNobody(t *testing.T) {
	m := newMalice(t)
	a := evidence.NewAlarm(evidence.AlarmLock, m.c.ID, "x hold", "The hold was lifted", evidence.At(time.Now()))
	forged := a
	forged.Noted = &evidence.AlarmNote{By: "p-super", Name: "Super", Reason: "known", At: a.RaisedAt, Entry: "entry-x"}
	_, err := m.registry.AddAlarm(t.Context(), forged) // what an INSERT does
	m.check(err)
	for i, want := range []int{1, 0} {
		raised, err := m.running.RaiseAlarms(t.Context(), worker, []evidence.Alarm{a})
		if err != nil || len(raised) != want {
			t.Errorf("try %d raised %v, %v", i, raised, err)
		}
	}
	if acts := m.acts(m.running, evidence.RegisterID()); acts[evidence.ActAlarm] != 1 {
		t.Errorf("the register has %v", acts)
	}
	open, err := m.running.Alarms(t.Context(), supervisor, true)
	if err != nil || len(open) != 1 || open[0].ID != a.ID || open[0].Noted != nil {
		t.Errorf("open: %+v, %v", open, err)
	}
	named, _, err := m.running.AlarmsOf(t.Context(), supervisor, []evidence.AlarmID{a.ID})
	if err != nil || len(named) != 1 || named[0].Noted != nil {
		t.Errorf("by name: %+v, %v", named, err)
	}
	noted, err := m.running.AcknowledgeAlarm(t.Context(), supervisor, a.ID, "the hold is back")
	if err != nil || noted.Noted == nil || noted.Noted.By != supervisor.ID {
		t.Errorf("noted %+v, %v", noted, err)
	}
	if open, err := m.service().Alarms(t.Context(), supervisor, true); err != nil || len(open) != 0 {
		t.Errorf("open after that: %+v, %v", open, err)
	}
}

// TestUnreadableAlarms: a record of an alarm that cannot be read hides no other,
// and is told of.
func TestUnreadableAlarms(t *testing.T) {
	m := newMalice(t)
	a := evidence.NewAlarm(evidence.AlarmLock, m.c.ID, "x hold", "The hold was lifted", evidence.At(time.Now()))
	_, err := m.running.RaiseAlarms(t.Context(), worker, []evidence.Alarm{a})
	m.check(err)
	for _, doc := range []bson.D{
		{{Key: "_id", Value: string(a.ID) + "/2"}, {Key: "alarm", Value: string(a.ID)}, {Key: "version", Value: int64(2)}, {Key: "body", Value: "{"}},
		{{Key: "_id", Value: "x/1"}, {Key: "alarm", Value: "x"}, {Key: "version", Value: "one"}, {Key: "body", Value: 7}},
	} {
		_, err := m.db.Collection("alarms").InsertOne(t.Context(), doc)
		m.check(err)
	}
	open, err := m.running.Alarms(t.Context(), supervisor, true)
	m.check(err)
	if said := alarms(open); len(open) != 3 || !saysIt(said, "lock: The hold was lifted…record: the registry's record of an alarm…cannot be read…record: the registry's record of an alarm…cannot be read") {
		t.Errorf("open: %s", said)
	}
	if noted, err := m.running.AcknowledgeAlarm(t.Context(), supervisor, a.ID, "put right"); err != nil || noted.Noted == nil {
		t.Errorf("noted %+v, %v", noted, err)
	}
}
