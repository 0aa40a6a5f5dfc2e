package registry

import (
	"cmp"
	"context"
	"slices"

	"github.com/sealcase/sealcase/evidence"
)

// AddAlarm adds the record of an alarm as it was raised. It reports false when it
// is there.
func (r *Registry) AddAlarm(ctx context.Context, a evidence.Alarm) (added bool, err error) {
	body, err := encode(a)
	if err != nil {
		return false, err
	}
	return r.insert(ctx, alarms, document{ID: alarmKey(a.ID), Alarm: string(a.ID), Version: 1, Body: body})
}

// alarmKey returns the key of the one record of an alarm.
func alarmKey(id evidence.AlarmID) string { return string(id) + "/1" }

// alarmsMost is how many records of alarms are read at most: audits raise far
// fewer, and whoever plants more hides nothing, for the register is what counts.
const alarmsMost = 10_000

// Alarms returns all alarms as they stand, the one raised last first. A record
// that cannot be read is passed over and is itself an alarm of the list, which
// nobody raised yet.
func (r *Registry) Alarms(ctx context.Context) ([]evidence.Alarm, error) {
	found, err := r.some(ctx, alarms, alarmsMost) // by alarm and version
	if err != nil {
		return nil, err
	}
	newest := map[evidence.AlarmID]evidence.Alarm{}
	for _, d := range found {
		a, err := decode[evidence.Alarm](d)
		if err != nil || a.ID == "" || string(a.ID) != d.Alarm || d.ID != alarmKey(a.ID) || d.Version != 1 || a.RaisedAt.IsZero() {
			a = evidence.NewAlarm(evidence.AlarmRecord, "", "alarms "+d.ID, "the registry's record of an alarm, "+d.ID+", cannot be read: it was changed, or somebody else put it there", evidence.Instant{})
			if _, raised := newest[a.ID]; raised {
				continue
			}
		}
		newest[a.ID] = a
	}
	list := make([]evidence.Alarm, 0, len(newest))
	for _, a := range newest {
		list = append(list, a)
	}
	slices.SortFunc(list, func(a, b evidence.Alarm) int {
		return cmp.Or(b.RaisedAt.Time().Compare(a.RaisedAt.Time()), cmp.Compare(a.ID, b.ID))
	})
	return list, nil
}
