package custody

import (
	"context"
	"log/slog"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/attest"
)

func noteEntryID(id evidence.AlarmID) evidence.EntryID {
	return evidence.DeriveEntryID(string(evidence.ActAcknowledged), string(id))
}

// noteOf returns what an entry says of who took note of an alarm.
func noteOf(e evidence.Entry) *evidence.AlarmNote {
	return &evidence.AlarmNote{By: e.Actor.ID, Name: e.Actor.Name, At: e.At, Reason: e.Purpose, Entry: e.ID}
}

// noted returns who took note of an alarm: a supervisor, by an entry of the
// register that they signed. What the registry's record of the alarm says of it
// is a hint where to look and no more. While the entry cannot be checked nobody
// did: an alarm that is open too long harms less than one that is closed too
// early.
func (s *Service) noted(ctx context.Context, a evidence.Alarm) (*evidence.AlarmNote, error) {
	if a.Noted == nil {
		return nil, nil
	}
	if known, ok := s.notes.Load(a.ID); ok {
		note := known.(evidence.AlarmNote)
		return &note, nil
	}
	e, ok, err := s.registered(ctx, noteEntryID(a.ID), evidence.ActAcknowledged, a.ID)
	if err != nil && ctx.Err() != nil {
		return nil, err
	}
	if err != nil || !ok || e.Entry.Actor.Service || !slices.Contains(e.Entry.Actor.Roles, evidence.Supervisor) {
		s.logger.WarnContext(ctx, "an alarm is said to be acknowledged, and the register does not show it",
			slog.String("alarm", string(a.ID)), slog.Any("error", err))
		return nil, nil
	}
	note := noteOf(e.Entry)
	s.notes.Store(a.ID, *note)
	return note, nil
}

// registered returns the entry of the register about an alarm that has this
// identifier, where it is recorded and is signed by its actor; ok is false when
// there is none. It fails with Tampered where the registry has one that the
// register does not.
func (s *Service) registered(ctx context.Context, id evidence.EntryID, act evidence.Act, about evidence.AlarmID) (e evidence.LogEntry, ok bool, err error) {
	l := s.log(evidence.RegisterID())
	if _, err := l.refresh(ctx, 0); err != nil {
		return evidence.LogEntry{}, false, err
	}
	e, err = l.recorded(ctx, id)
	switch {
	case evidence.CodeOf(err) == evidence.NotFound:
		return evidence.LogEntry{}, false, nil
	case err != nil:
		return evidence.LogEntry{}, false, err
	case e.Entry.Act != act || e.Entry.Details[DetailAlarm] != string(about):
		return evidence.LogEntry{}, false, nil
	}
	return e, true, s.signedByActor(ctx, e)
}

// signedByActor returns nil when an entry carries a good signature of its actor:
// by a key of the worker, or by one that Vault has for the person.
func (s *Service) signedByActor(ctx context.Context, e evidence.LogEntry) error {
	if e.Entry.Signature == nil {
		return evidence.Errorf(evidence.Tampered, "an entry of the register is not signed")
	}
	if !e.Entry.Actor.Service {
		_, err := s.personKey(ctx, e)
		return err
	}
	keys, err := s.knownKeys(ctx)
	if err != nil {
		return err
	}
	for _, k := range keys.worker {
		if k.ID() == e.Entry.Signature.Key {
			return attest.Verify(*e.Entry.Signature, e.Raw, k)
		}
	}
	return evidence.Errorf(evidence.UntrustedKey, "an entry of the register is signed with %s, which is no key of the worker", e.Entry.Signature.Key)
}
