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
func (m *malice) audits() string {
	m.t.Helper()
	s := m.service()
	auditor := audit.New(audit.Config{
		Registry: m.registry, Objects: m.objects, Mirror: m.mirror, Origin: origin, Retention: time.Hour, Settle: 50 * time.Millisecond,
		Keys:   func(context.Context) ([]evidence.PublicKey, error) { return m.agencyKeys(), nil },
		People: m.people.PersonKeys, Witnesses: s.CheckWitnesses,
		CatchUp: func(ctx context.Context, c evidence.CaseID) error { return s.CatchUpMirror(ctx, worker, c) },
		Gone:    func(ctx context.Context, gone []evidence.AlarmID) error { return s.RecordGone(ctx, worker, gone) },
	})
	var found []evidence.Alarm
	_, err := auditor.Run(m.t.Context(), audit.Progress{}, func(_ context.Context, some []evidence.Alarm) error {
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
	for who, look := range m.outside() {
		detectors[who] = look
	}
	for who, look := range detectors {
		if said := look(); said != "" {
			t.Errorf("%s says\n%q of an honest installation", who, said)
		}
	}
}
