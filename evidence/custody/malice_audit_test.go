package custody_test

import (
	"context"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/audit"
)

// audits is an audit of everything, as the schedule has one made, by a process
// that starts after the attack. It says of each alarm its kind and its words.
func (m *malice) audits() string { return m.auditsWith(func(*audit.Config) {}) }

// auditsLater is an audit after the graces that a record has to come to be are
// over.
func (m *malice) auditsLater() string {
	return m.auditsWith(func(c *audit.Config) { c.Grace, c.RegisterGrace = time.Nanosecond, time.Nanosecond })
}

func (m *malice) auditsWith(change func(*audit.Config)) string {
	m.t.Helper()
	s := m.service()
	config := audit.Config{
		Registry: m.registry, Objects: m.objects, Mirror: m.mirror, Origin: origin, Retention: time.Hour, Settle: 50 * time.Millisecond,
		Keys:   func(context.Context) ([]evidence.PublicKey, error) { return m.agencyKeys(), nil },
		People: m.people.PersonKeys, Witnesses: s.CheckWitnesses,
		Publish: publishing(s),
		CatchUp: func(ctx context.Context, c evidence.CaseID) error { return s.CatchUp(ctx, worker, c) },
		Gone:    func(ctx context.Context, gone []evidence.AlarmID) error { return s.RecordGone(ctx, worker, gone) },
	}
	change(&config)
	var found []evidence.Alarm
	_, err := audit.New(config).Run(m.t.Context(), audit.Progress{}, func(_ context.Context, some []evidence.Alarm) error {
		found = append(found, some...)
		return nil
	}, nil)
	m.check(err)
	return alarms(found)
}

// TestMaliceIsAbsent: where nobody did anything, nobody says anything.
func TestMaliceIsAbsent(t *testing.T) {
	m := newWatched(t)
	detectors := m.theProcesses()
	detectors["an audit an hour later"] = m.auditsLater
	for who, look := range m.outside() {
		detectors[who] = look
	}
	for who, look := range detectors {
		if said := look(); said != "" {
			t.Errorf("%s says\n%q of an honest installation", who, said)
		}
	}
}
