package rebuild

import (
	"context"

	"github.com/sealcase/sealcase/evidence"
)

// register makes the register anew: its log, the alarms that it records and what
// outsiders gave for it.
func (w *work) register(ctx context.Context) error {
	alarms := map[evidence.AlarmID]*evidence.Alarm{}
	var order []evidence.AlarmID
	err := w.log(ctx, evidence.RegisterID(), func(e evidence.LogEntry) error {
		id := evidence.AlarmID(e.Entry.Details["alarm"])
		switch e.Entry.Act {
		case evidence.ActAlarm:
			if e.Entry.Details["gone"] != "" { // says that a difference is not there any more
				return nil
			}
			a := alarmOf(id, e.Entry)
			alarms[id], order = &a, append(order, id)
		case evidence.ActAcknowledged:
			if a := alarms[id]; a != nil && a.Noted == nil {
				by := e.Entry.Actor
				a.Noted = &evidence.AlarmNote{By: by.ID, Name: by.Name, At: e.Entry.At, Reason: e.Entry.Purpose, Entry: e.Entry.ID}
			}
		}
		return nil
	})
	if err != nil {
		return err
	}
	for a, err := range w.Mirror.Alarms(ctx, w.odd("")) { // those that the register could not take
		if err != nil {
			return err
		}
		if alarms[a.ID] == nil {
			a.Noted = nil // only a signed entry says that
			alarms[a.ID], order = &a, append(order, a.ID)
		}
	}
	for _, id := range order {
		if err := w.alarm(ctx, *alarms[id]); err != nil {
			return err
		}
	}
	for a, err := range w.Mirror.Anchors(ctx, w.odd("")) {
		if err != nil {
			return err
		}
		// What an outsider signed proves itself to whoever trusts that outsider.
		if _, err := w.Registry.AddAnchor(ctx, a); err != nil {
			return err
		}
		w.report.Anchors++
	}
	return nil
}

func alarmOf(id evidence.AlarmID, e evidence.Entry) evidence.Alarm {
	d := e.Details
	return evidence.Alarm{
		ID: id, Kind: evidence.AlarmKind(d["kind"]), Case: evidence.CaseID(d["case"]), Item: evidence.ItemID(d["item"]),
		Where: d["where"], What: d["what"], RaisedAt: e.At, Entry: e.ID,
	}
}

// alarm writes an alarm as it was raised and, if it was, as it was noted.
func (w *work) alarm(ctx context.Context, a evidence.Alarm) error {
	noted := a.Noted
	a.Noted = nil
	if _, err := w.Registry.AddAlarm(ctx, a); err != nil {
		return err
	}
	w.report.Alarms++
	if noted == nil {
		return nil
	}
	a.Noted = noted
	_, err := w.Registry.AddAlarm(ctx, a)
	return err
}
