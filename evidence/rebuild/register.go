package rebuild

import (
	"context"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/alarms"
)

// register makes the register anew: its log, the alarms that it records and what
// outsiders gave for it.
func (w *work) register(ctx context.Context) error {
	said := alarms.New(0)
	err := w.log(ctx, evidence.RegisterID(), func(e evidence.LogEntry) error {
		said.Add(e.Entry)
		return nil
	})
	if err != nil {
		return err
	}
	for _, a := range slices.Backward(said.All()) {
		if err := w.alarm(ctx, a); err != nil {
			return err
		}
	}
	for a, err := range w.Mirror.Alarms(ctx, w.odd("")) { // those that the register could not take
		if err != nil {
			return err
		}
		if _, known := said.Alarm(a.ID); !known {
			a.Entry = "" // only a signed entry says that
			if err := w.alarm(ctx, a); err != nil {
				return err
			}
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

// alarm writes the record of an alarm as it was raised.
func (w *work) alarm(ctx context.Context, a evidence.Alarm) error {
	a.Noted = nil
	if _, err := w.Registry.AddAlarm(ctx, a); err != nil {
		return err
	}
	w.report.Alarms++
	return nil
}
