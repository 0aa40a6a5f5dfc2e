package registry

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/sealcase/sealcase/evidence"
)

// The versions of an alarm: as it was raised, and as somebody took note of it.
const (
	alarmRaised = 1
	alarmNoted  = 2
)

// AddAlarm adds an alarm, as it was raised or, when it is acknowledged, as it
// was noted. It reports false when that is there.
func (r *Registry) AddAlarm(ctx context.Context, a evidence.Alarm) (added bool, err error) {
	body, err := encode(a)
	if err != nil {
		return false, err
	}
	version := int64(alarmRaised)
	if a.Noted != nil {
		version = alarmNoted
	}
	return r.insert(ctx, alarms, document{
		ID: fmt.Sprintf("%s/%d", a.ID, version), Alarm: string(a.ID), Version: version, Body: body,
	})
}

// Alarm returns an alarm as it stands, or NotFound.
func (r *Registry) Alarm(ctx context.Context, id evidence.AlarmID) (evidence.Alarm, error) {
	found, err := r.find(ctx, alarms, "alarm", string(id))
	if err != nil {
		return evidence.Alarm{}, err
	}
	if len(found) == 0 {
		return evidence.Alarm{}, evidence.Errorf(evidence.NotFound, "there is no alarm %s", id)
	}
	for _, d := range slices.Backward(found) { // what cannot be read does not hide what can
		var a evidence.Alarm
		if a, err = decode[evidence.Alarm](d); err == nil && a.ID == id {
			return a, nil
		}
	}
	return evidence.Alarm{}, evidence.WrapError(evidence.Tampered, err, "the record of an alarm cannot be read")
}

// Alarms returns all alarms as they stand, the one raised last first. A record
// that cannot be read is passed over and is itself an alarm of the list, which
// nobody raised yet. There are few of them: an audit stops counting long before
// they fill anything.
func (r *Registry) Alarms(ctx context.Context) ([]evidence.Alarm, error) {
	found, err := r.all(ctx, alarms) // by alarm and version
	if err != nil {
		return nil, err
	}
	newest := map[evidence.AlarmID]evidence.Alarm{}
	for _, d := range found {
		a, err := decode[evidence.Alarm](d)
		if err != nil || a.ID == "" || string(a.ID) != d.Alarm {
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

// AddAudit adds an audit: version 1 as it began, version 2 as it ended. It
// reports false when that version is there.
func (r *Registry) AddAudit(ctx context.Context, a evidence.Audit) (added bool, err error) {
	body, err := encode(a)
	if err != nil {
		return false, err
	}
	version := int64(1)
	if a.State != evidence.AuditRunning {
		version = 2
	}
	return r.insert(ctx, audits, document{
		ID: fmt.Sprintf("%s/%d", a.ID, version), Audit: string(a.ID), Version: version, Body: body,
	})
}

// Audit returns an audit as it stands, or NotFound.
func (r *Registry) Audit(ctx context.Context, id evidence.AuditID) (evidence.Audit, error) {
	found, err := r.find(ctx, audits, "audit", string(id))
	if err != nil {
		return evidence.Audit{}, err
	}
	if len(found) == 0 {
		return evidence.Audit{}, evidence.Errorf(evidence.NotFound, "there is no audit %s", id)
	}
	return decode[evidence.Audit](found[len(found)-1])
}
