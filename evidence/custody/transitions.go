package custody

import (
	"bytes"
	"context"
	"strconv"

	"github.com/sealcase/sealcase/evidence"
)

// Names of the details of a transition.
const (
	detailFrom    = "from"
	detailTo      = "to"
	detailVersion = "version" // of the case, that the transition makes
)

// PrepareTransition returns, signed by actor, the entry that brings the case from
// the state in which it is now to another: what RecordTransition is given. It
// fails with Conflict when to may not follow.
func (s *Service) PrepareTransition(ctx context.Context, actor evidence.Actor, c evidence.CaseID, to evidence.CaseState, reason string) ([][]byte, error) {
	if err := s.checkTransition(ctx, actor, c, reason); err != nil {
		return nil, err
	}
	now, err := s.registry.Case(ctx, c)
	if err != nil {
		return nil, hide(err, "case")
	}
	if err := now.State.Transition(to); err != nil {
		return nil, err
	}
	e, err := s.transitioned(actor, c, now.State, to, now.Version+1, reason)
	if err != nil {
		return nil, err
	}
	return s.signFor(ctx, actor, e)
}

func (s *Service) checkTransition(ctx context.Context, actor evidence.Actor, c evidence.CaseID, reason string) error {
	if err := s.allow(ctx, actor, c, moveCase, "case"); err != nil {
		return err
	}
	return evidence.CheckText("the reason", reason, evidence.MaxText, true)
}

// RecordTransition brings the case from one state to another with the entry that
// PrepareTransition gave for the same actor. It fails with Conflict when the case
// is not in state from any more, or when to may not follow. Retrying a transition
// that happened returns the case as it left it.
func (s *Service) RecordTransition(ctx context.Context, actor evidence.Actor, c evidence.CaseID, from, to evidence.CaseState, reason string, signed [][]byte) (evidence.Case, error) {
	if err := s.checkTransition(ctx, actor, c, reason); err != nil {
		return evidence.Case{}, err
	}
	if err := from.Transition(to); err != nil {
		return evidence.Case{}, err
	}
	said, err := readSigned(signed)
	if err != nil {
		return evidence.Case{}, err
	}
	now, err := s.registry.Case(ctx, c)
	if err != nil {
		return evidence.Case{}, hide(err, "case")
	}
	version, err := strconv.Atoi(said[0].Details[detailVersion])
	moved := evidence.Errorf(evidence.Conflict, "the case is %s, not %s any more; read it again", now.State, from)
	if err != nil || said[0].Details[detailFrom] != string(from) || version > now.Version+1 {
		return evidence.Case{}, moved
	}
	want, err := s.transitioned(actor, c, from, to, version, reason)
	if err != nil {
		return evidence.Case{}, err
	}
	work, err := s.openSigned(ctx, signed, []evidence.Entry{want})
	if err != nil {
		return evidence.Case{}, err
	}
	if version <= now.Version { // it happened, or another did
		known, err := s.log(c).recorded(ctx, want.ID)
		if err != nil || !bytes.Equal(known.Raw, signed[0]) {
			return evidence.Case{}, moved
		}
		return moveCaseTo(now, known.Entry, version), nil
	}
	if err := s.enlist(ctx, c, actor.Person); err != nil {
		return evidence.Case{}, err
	}
	return s.recordTransition(ctx, now, work[0])
}

// recordTransition puts the act on record and makes of the case what it says. The
// identifier of the entry is that of the version which it makes: of two, one is
// on record.
func (s *Service) recordTransition(ctx context.Context, now evidence.Case, a *appending) (evidence.Case, error) {
	raw := a.entry.Raw
	recorded, err := s.put(ctx, a)
	if err != nil {
		return evidence.Case{}, err
	}
	next := moveCaseTo(now, recorded[0].Entry, now.Version+1)
	if _, err := s.registry.AddCase(ctx, next); err != nil {
		return evidence.Case{}, err
	}
	if !bytes.Equal(recorded[0].Raw, raw) {
		return evidence.Case{}, evidence.Errorf(evidence.Conflict, "the case became %s meanwhile; read it again", next.State)
	}
	return next, nil
}

// moveCaseTo returns the version of a case that an entry made.
func moveCaseTo(c evidence.Case, e evidence.Entry, version int) evidence.Case {
	c.Version, c.State, c.At, c.By = version, evidence.CaseState(e.Details[detailTo]), e.At, e.Actor.ID
	return c
}

func (s *Service) transitioned(actor evidence.Actor, c evidence.CaseID, from, to evidence.CaseState, version int, reason string) (evidence.Entry, error) {
	id := evidence.DeriveEntryID("transitioned", string(c), strconv.Itoa(version))
	e, err := s.entry(id, c, evidence.ActTransitioned, actor)
	e.Purpose = reason
	e.Details = map[string]string{detailFrom: string(from), detailTo: string(to), detailVersion: strconv.Itoa(version)}
	return e, err
}
