package custody

import (
	"context"
	"slices"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/logbook"
)

// How far the time of an entry that was signed elsewhere may lie from ours: it
// may have waited with its workflow, and clocks differ.
const (
	maxEarly = 24 * time.Hour
	maxLate  = 30 * 24 * time.Hour
)

// Wish is what a person wants to do to a case.
type Wish struct {
	Case    evidence.CaseID
	Say     act.Payload
	Purpose string // why, where the act takes a reason
	// Authority is the order that is relied on, where the act takes one.
	Authority string
}

// Sign returns what a person wants to do to a case, signed by that person: what
// Record is given, here or in another process. It fails with Forbidden, NotFound,
// Conflict or Invalid when it cannot be as the case stands now, and with Sealed
// when nothing can be signed. Nothing is recorded by it.
func (s *Service) Sign(ctx context.Context, actor evidence.Actor, w Wish) ([]byte, error) {
	rule, ok := act.RuleOf(w.Say.Act())
	if !ok || rule.Signer == act.ByMachine {
		return nil, evidence.Errorf(evidence.Invalid, "%q is nothing that a person does", w.Say.Act())
	}
	h, err := s.clerk.Enter(ctx, actor, w.Case, rule.Needs, "case")
	if err != nil {
		return nil, err
	}
	if needs := rule.NeedsOf(h.Said.Class()); needs != rule.Needs && h.Said.Allows(actor.ID, actor.Roles, needs) != nil {
		return nil, evidence.Errorf(evidence.Forbidden, "the case is %s: this takes a supervisor who is a member of it and may %s", h.Said.Class(), evidence.GrantManage)
	}
	e, err := s.entryOf(w.Case, w.Say, actor, func(e *evidence.Entry) { e.Purpose, e.Authority = w.Purpose, w.Authority })
	if err != nil {
		return nil, err
	}
	if err := checkSaid(e); err != nil {
		return nil, err
	}
	if h.Said.Size == h.Size { // else it is asked where it is appended
		if err := h.Said.Possible(e); err != nil {
			return nil, err
		}
	}
	raw, key, err := s.clerk.SignAll(ctx, actor, []evidence.Entry{e})
	if err != nil {
		return nil, err
	}
	return raw[0], s.clerk.Enlisted(ctx, actor, w.Case, key)
}

// checkSaid returns nil when what a person says can be recorded.
func checkSaid(e evidence.Entry) error {
	reasoned := []evidence.Act{evidence.ActTransitioned, evidence.ActMemberGone, evidence.ActClassAsked, evidence.ActClassChanged}
	if err := evidence.CheckText("the reason", e.Purpose, evidence.MaxText, slices.Contains(reasoned, e.Act)); err != nil {
		return err
	}
	if err := evidence.CheckText("the order", e.Authority, evidence.MaxText, false); err != nil {
		return err
	}
	if e.Act == evidence.ActCorrected {
		return evidence.CheckText("what is right instead", e.Purpose, evidence.MaxText, true)
	}
	if p, err := act.Read[act.MemberAdded](e); err == nil {
		return checkPerson(p.Person)
	}
	if p, err := act.Read[act.MemberRemoved](e); err == nil {
		return checkPerson(p.Person)
	}
	if p, err := act.Read[act.Opened](e); err == nil {
		return checkOpened(p, e.Authority)
	}
	return nil
}

// Outcome is what became of acts that were recorded.
type Outcome struct {
	Entries []evidence.EntryID `json:"entries"`
	Case    evidence.Case      `json:"case"` // as it stands with them
}

// Record puts acts of one person on a case on record, in this order, as the
// person signed them (Sign, SignOpening), and writes the records that follow.
// Whoever hands them over is not believed: that the person signed them is
// checked with the keys that Vault has for them, and that they may happen, by
// what the log says then. Idempotent; it fails with Conflict when another act came
// first, and else as an append does. Only a service that signs as the machine may.
func (s *Service) Record(ctx context.Context, actor evidence.Actor, c evidence.CaseID, signed [][]byte) (Outcome, error) {
	if err := evidence.OnlyService(actor); err != nil {
		return Outcome{}, err
	}
	work, err := s.openSigned(ctx, c, signed)
	if err != nil {
		return Outcome{}, err
	}
	first := work[0].Entry().Entry
	if err := s.prepareLog(ctx, first, work); err != nil {
		return Outcome{}, err
	}
	asked := make([]evidence.Entry, len(work))
	for i, a := range work {
		asked[i] = a.Entry().Entry
	}
	recorded, err := s.book.Log(work[0].Entry().Entry.Case).Append(ctx, work...)
	if err != nil {
		return Outcome{}, err
	}
	now, said, err := s.clerk.CaseNow(ctx, first.Case)
	if err != nil {
		return Outcome{}, err
	}
	out := Outcome{Case: now}
	for i, e := range recorded {
		if err := sameAct(e.Entry, asked[i]); err != nil {
			return Outcome{}, err
		}
		out.Entries = append(out.Entries, e.Entry.ID)
	}
	return out, s.project(ctx, said)
}

// prepareLog sees to it that the log says who acts, unless the first of the acts is
// on record already.
func (s *Service) prepareLog(ctx context.Context, first evidence.Entry, work []*logbook.Draft) error {
	switch known, err := s.book.Log(first.Case).Entry(ctx, first.ID); {
	case err == nil:
		return sameAct(known.Entry, first)
	case evidence.CodeOf(err) != evidence.NotFound:
		return err
	}
	if err := s.hasNumber(ctx, first); err != nil {
		return err
	}
	if first.Act != evidence.ActOpened { // the log names nobody who has nothing to do with the case
		_, said, err := s.clerk.CaseNow(ctx, first.Case)
		if err != nil {
			return err
		}
		if said.Grant(first.Actor.ID) == "" {
			return evidence.NoSuch("case")
		}
		if err := s.clerk.RaiseRules(ctx, first.Case, said.Rules, work); err != nil {
			return err
		}
	}
	return s.clerk.Enlist(ctx, first.Case, peopleOf(work)...)
}

// hasNumber returns nil when an entry that opens a case gives it the number that
// the unit gave.
func (s *Service) hasNumber(ctx context.Context, e evidence.Entry) error {
	p, err := act.Read[act.Opened](e)
	if err != nil {
		return nil //nolint:nilerr // it opens no case
	}
	number, err := s.store.CaseNumber(ctx, e.Case)
	if err == nil && number != p.Number {
		err = evidence.Errorf(evidence.Invalid, "the case was not given the number that was signed; nothing was recorded: open it again")
	}
	return err
}

// sameAct returns nil when what is on record is what was asked for, perhaps signed
// anew. Of two acts that exclude each other one is on record.
func sameAct(recorded, asked evidence.Entry) error {
	switch {
	case recorded.Act == evidence.ActOpened && recorded.Actor.ID != asked.Actor.ID:
		return evidence.NoSuch("case")
	case recorded.Act != asked.Act || recorded.Actor.ID != asked.Actor.ID || recorded.Purpose != asked.Purpose || recorded.Authority != asked.Authority ||
		!act.SameDetails(recorded.Details, asked.Details):
		return evidence.Errorf(evidence.Conflict, "somebody else's act came first, and the case is not as it was; read it again")
	default:
		return nil
	}
}

// peopleOf returns who acts, and who becomes a member.
func peopleOf(work []*logbook.Draft) []evidence.PersonID {
	people := []evidence.PersonID{work[0].Entry().Entry.Actor.ID}
	for _, a := range work {
		if p, err := act.Read[act.MemberAdded](a.Entry().Entry); err == nil {
			people = append(people, p.Person)
		}
	}
	return people
}

// openSigned returns, ready to be appended as they are, the entries that one
// person signed for one case: with a key that Vault has for them.
func (s *Service) openSigned(ctx context.Context, c evidence.CaseID, signed [][]byte) ([]*logbook.Draft, error) {
	if len(signed) == 0 {
		return nil, evidence.Errorf(evidence.Invalid, "the act is not signed by whoever wants it; nothing was recorded: try again")
	}
	work := make([]*logbook.Draft, len(signed))
	for i, raw := range signed {
		var e evidence.Entry
		if err := canon.Unmarshal(raw, &e); err != nil {
			return nil, evidence.WrapError(evidence.Invalid, err, "a signed act cannot be read; nothing was recorded")
		}
		if err := s.checkSignedElsewhere(e); err != nil {
			return nil, err
		}
		work[i] = logbook.Signed(e, raw)
		if _, err := s.clerk.PersonKey(ctx, work[i].Entry()); err != nil {
			return nil, err
		}
		if first := work[0].Entry().Entry; e.Case != c || e.Actor.ID != first.Actor.ID {
			return nil, evidence.Errorf(evidence.Invalid, "these acts are not of one person on this case; nothing was recorded")
		}
	}
	return work, nil
}

// checkSignedElsewhere returns nil when an entry is whole, is one that a person
// hands over to be recorded, bears the identifier of what it says, and is not too
// old.
func (s *Service) checkSignedElsewhere(e evidence.Entry) error {
	if err := e.Check(); err != nil {
		return evidence.WrapError(evidence.Invalid, err, "a signed act is not whole; nothing was recorded")
	}
	rule, ok := act.RuleOf(e.Act)
	if !ok || e.Signature == nil || e.Actor.Service || rule.Signer == act.ByMachine || rule.Log != act.InCase {
		return evidence.Errorf(evidence.Invalid, "this is no act that a person signs; nothing was recorded")
	}
	if err := act.Check(e); err != nil {
		return evidence.WrapError(evidence.Invalid, err, "a signed act does not say what such an act says; nothing was recorded")
	}
	if err := checkSaid(e); err != nil {
		return err
	}
	early := e.At.Time().Sub(s.now().Time())
	if early > maxEarly || -early > maxLate {
		return evidence.Errorf(evidence.Invalid, "the act was signed at %s, which is too far from now; nothing was recorded: ask again", e.At)
	}
	return nil
}
