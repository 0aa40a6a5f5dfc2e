package custody

import (
	"context"
	"errors"
	"log/slog"
	"strings"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
)

// The details of alarm entries of the register.
const (
	DetailAlarm = "alarm" // of alarm and alarm-acknowledged: evidence.AlarmID
	DetailKind  = "kind"  // of alarm: evidence.AlarmKind
	DetailCase  = "case"  // of alarm: the case that it is about, if any
	DetailItem  = "item"  // of alarm: the item that it is about, if any
	DetailWhere = "where" // of alarm
	DetailWhat  = "what"  // of alarm
	DetailGone  = "gone"  // of alarm: "true" where an audit did not find it any more after somebody took note of it
)

// RaiseAlarms puts alarms on record that are not yet: each as an entry of the
// register, in the registry and in the mirror. It returns those that are new. An
// alarm is known when the register has its entry; that the registry has a record
// of it says nothing, because whoever can write there can put one in before.
// When the register cannot be written to, because it was tampered with or
// because Vault is sealed, they are stored and shown all the same, without an
// entry. Idempotent; only a service may.
func (s *Service) RaiseAlarms(ctx context.Context, actor evidence.Actor, list []evidence.Alarm) (raised []evidence.Alarm, err error) {
	if err := onlyService(actor); err != nil {
		return nil, err
	}
	for _, a := range list {
		a, fresh, err := s.raise(ctx, actor, a)
		if err != nil {
			return raised, err
		}
		if fresh {
			raised = append(raised, a)
		}
	}
	return raised, nil
}

func (s *Service) raise(ctx context.Context, actor evidence.Actor, a evidence.Alarm) (raised evidence.Alarm, fresh bool, err error) {
	a.What, a.Noted, a.Entry = strings.ToValidUTF8(a.What, "?"), nil, ""
	entry, known, recordErr := s.registered(ctx, alarmEntryID(a.ID), evidence.ActAlarm, a.ID)
	if recordErr != nil || !known {
		entry, recordErr = s.recordAlarm(ctx, actor, a)
	}
	if recordErr == nil {
		a.Entry, a.RaisedAt = entry.Entry.ID, entry.Entry.At
	}
	added, err := s.registry.AddAlarm(ctx, a)
	if fresh = added || recordErr == nil && !known; fresh {
		s.logger.ErrorContext(ctx, "alarm", slog.String("alarm", string(a.ID)), slog.String("kind", string(a.Kind)),
			slog.String("case", string(a.Case)), slog.String("where", a.Where), slog.String("what", a.What))
		s.mirrorLater(func(ctx context.Context, m Mirror) error { return m.AddAlarm(ctx, a) })
	}
	if recordErr != nil {
		s.logger.ErrorContext(ctx, "an alarm cannot be put on record in the register", slog.String("alarm", string(a.ID)), slog.Any("error", recordErr))
	}
	if code := evidence.CodeOf(recordErr); err == nil && code.Retryable() && code != evidence.Sealed {
		err = recordErr // the register is there and did not answer
	}
	return a, fresh, err
}

func alarmEntryID(id evidence.AlarmID) evidence.EntryID {
	return evidence.DeriveEntryID(string(evidence.ActAlarm), string(id))
}

func (s *Service) recordAlarm(ctx context.Context, actor evidence.Actor, a evidence.Alarm) (evidence.LogEntry, error) {
	e, err := s.entry(alarmEntryID(a.ID), evidence.RegisterID(), evidence.ActAlarm, actor)
	if err != nil {
		return evidence.LogEntry{}, err
	}
	e.Details = map[string]string{DetailAlarm: string(a.ID), DetailKind: string(a.Kind), DetailWhere: a.Where, DetailWhat: a.What}
	if a.Case != "" {
		e.Details[DetailCase] = string(a.Case)
	}
	if a.Item != "" {
		e.Details[DetailItem] = string(a.Item)
	}
	recorded, err := s.record(ctx, actor, e)
	if err != nil {
		return evidence.LogEntry{}, err
	}
	return recorded[0], nil
}

// Alarms returns what audits found, the one raised last first; open leaves out
// what somebody took note of. Supervisors, auditors and administrators may.
func (s *Service) Alarms(ctx context.Context, actor evidence.Actor, open bool) ([]evidence.Alarm, error) {
	if !actor.Service || actor.ID == "" {
		if err := allowRole(actor, act.SeeAlarms); err != nil {
			return nil, err
		}
	}
	all, err := s.registry.Alarms(ctx)
	if err != nil {
		return nil, err
	}
	err = each(ctx, len(all), func(ctx context.Context, i int) (err error) {
		all[i].Noted, err = s.noted(ctx, all[i])
		return err
	})
	if err != nil || !open {
		return all, err
	}
	var list []evidence.Alarm
	for _, a := range all {
		if a.Noted == nil {
			list = append(list, a)
		}
	}
	return list, nil
}

// AcknowledgeAlarm puts on record that a supervisor took note of an alarm, and
// what is being done about it. An alarm that somebody took note of already is
// a Conflict, unless it was the same person.
func (s *Service) AcknowledgeAlarm(ctx context.Context, actor evidence.Actor, id evidence.AlarmID, reason string) (evidence.Alarm, error) {
	if err := allowRole(actor, act.NoteAlarms); err != nil {
		return evidence.Alarm{}, err
	}
	if err := evidence.CheckText("what is being done about the alarm", reason, evidence.MaxText, true); err != nil {
		return evidence.Alarm{}, err
	}
	a, err := s.registry.Alarm(ctx, id)
	switch {
	case evidence.CodeOf(err) == evidence.NotFound:
		return evidence.Alarm{}, evidence.Errorf(evidence.NotFound, "there is no such alarm")
	case err != nil:
		return evidence.Alarm{}, err
	}
	if a.Noted, err = s.noted(ctx, a); err != nil {
		return evidence.Alarm{}, err
	}
	switch {
	case a.Noted != nil && a.Noted.By == actor.ID:
		return a, nil
	case a.Noted != nil:
		return evidence.Alarm{}, evidence.Errorf(evidence.Conflict, "%s took note of this alarm already", a.Noted.Name)
	}
	e, err := s.entry(noteEntryID(id), evidence.RegisterID(), evidence.ActAcknowledged, actor)
	if err != nil {
		return evidence.Alarm{}, err
	}
	e.Purpose = reason
	e.Details = map[string]string{DetailAlarm: string(id)}
	recorded, err := s.record(ctx, actor, e)
	if err != nil {
		return evidence.Alarm{}, err
	}
	a.Noted = noteOf(recorded[0].Entry) // somebody else's, when two did it at once
	_, err = s.registry.AddAlarm(ctx, a)
	return a, err
}

// RecordGone puts on record that an audit of everything did not find these
// differences any more, of which somebody took note: when one of them comes back,
// that is a new alarm. Idempotent; only a service may.
func (s *Service) RecordGone(ctx context.Context, actor evidence.Actor, gone []evidence.AlarmID) error {
	if err := onlyService(actor); err != nil {
		return err
	}
	list := make([]evidence.Entry, len(gone))
	for i, id := range gone {
		e, err := s.entry(evidence.DeriveEntryID("alarm-gone", string(id)), evidence.RegisterID(), evidence.ActAlarm, actor)
		if err != nil {
			return err
		}
		e.Details = map[string]string{DetailAlarm: string(id), DetailGone: "true"}
		list[i] = e
	}
	_, err := s.record(ctx, actor, list...)
	return err
}

// CheckAudit returns nil when actor may have an audit run, or see one.
func (s *Service) CheckAudit(actor evidence.Actor) error { return allowRole(actor, act.SeeAlarms) }

// Audit returns an audit as it is on record. Whoever may see alarms may.
func (s *Service) Audit(ctx context.Context, actor evidence.Actor, id evidence.AuditID) (evidence.Audit, error) {
	if err := allowRole(actor, act.SeeAlarms); err != nil {
		return evidence.Audit{}, err
	}
	a, err := s.registry.Audit(ctx, id)
	if evidence.CodeOf(err) == evidence.NotFound {
		return evidence.Audit{}, evidence.Errorf(evidence.NotFound, "there is no such audit")
	}
	return a, err
}

// RecordAudit keeps an audit as it began, and as it ended; one that failed is an
// alarm. Only a service may.
func (s *Service) RecordAudit(ctx context.Context, actor evidence.Actor, a evidence.Audit) error {
	if err := onlyService(actor); err != nil {
		return err
	}
	if _, err := s.registry.AddAudit(ctx, a); err != nil || a.State != evidence.AuditFailed {
		return err
	}
	_, err := s.RaiseAlarms(ctx, actor, []evidence.Alarm{evidence.NewAlarm(evidence.AlarmLog, "", "audit "+string(a.ID),
		"the audit of "+a.StartedAt.String()+" came to no end, and what it did not compare may differ: "+a.Failure, s.now())})
	return err
}

// AlarmsOf returns the alarms with these identifiers, in that order; what is
// not there is left out. Whoever may see alarms may.
func (s *Service) AlarmsOf(ctx context.Context, actor evidence.Actor, ids []evidence.AlarmID) ([]evidence.Alarm, error) {
	if err := allowRole(actor, act.SeeAlarms); err != nil {
		return nil, err
	}
	list := make([]evidence.Alarm, len(ids))
	err := each(ctx, len(ids), func(ctx context.Context, i int) (err error) {
		list[i], err = s.registry.Alarm(ctx, ids[i])
		if evidence.CodeOf(err) == evidence.NotFound {
			return nil
		}
		if err == nil {
			list[i].Noted, err = s.noted(ctx, list[i])
		}
		return err
	})
	found := list[:0]
	for _, a := range list {
		if a.ID != "" {
			found = append(found, a)
		}
	}
	return found, errors.Join(err)
}
