package custody

import (
	"context"
	"slices"

	"github.com/sealcase/sealcase/evidence"
)

// Names of the details of entries about a case as a whole.
const (
	detailNumber   = "number"
	detailTitle    = "title"
	detailSummary  = "summary"
	detailTimeZone = "time_zone"
	detailLogin    = "login" // of the opener, or of the person who was added
	detailPerson   = "person"
	detailName     = "name"
)

// PrepareOpening gives a case the unit's next number and returns, signed by
// actor, the entries that open it and make o.Members its members: what
// RecordOpening is given. It fails as CheckOpening, and with Sealed when nothing
// can be signed. Only the number is given by it; that of a case stays.
func (s *Service) PrepareOpening(ctx context.Context, actor evidence.Actor, o Opening) ([][]byte, error) {
	if err := s.CheckOpening(actor, o); err != nil {
		return nil, err
	}
	if err := s.canSign(ctx, actor); err != nil { // a number that is given is not given back
		return nil, err
	}
	list, err := s.opening(ctx, actor, o)
	if err != nil {
		return nil, err
	}
	raw, _, err := s.signAll(ctx, actor, list)
	return raw, err
}

// opening returns the entries of an opening, the one that opens the case first.
func (s *Service) opening(ctx context.Context, actor evidence.Actor, o Opening) ([]evidence.Entry, error) {
	number, err := s.giveNumber(ctx, o.ID)
	if err != nil {
		return nil, err
	}
	e, err := s.entry(evidence.DeriveEntryID("opened", string(o.ID)), o.ID, evidence.ActOpened, actor)
	if err != nil {
		return nil, err
	}
	e.Details = filled(map[string]string{
		detailNumber: number, detailTitle: o.Title, detailSummary: o.Summary, detailTimeZone: o.TimeZone, detailLogin: actor.Login,
	})
	list := []evidence.Entry{e}
	for i, p := range o.Members {
		if p.ID == actor.ID || slices.ContainsFunc(o.Members[:i], func(q evidence.Person) bool { return q.ID == p.ID }) {
			continue
		}
		e, err := s.memberAdded(actor, o.ID, p)
		if err != nil {
			return nil, err
		}
		list = append(list, e)
	}
	return list, nil
}

// filled leaves out the details that say nothing.
func filled(details map[string]string) map[string]string {
	for name, value := range details {
		if value == "" {
			delete(details, name)
		}
	}
	return details
}

// RecordOpening opens a case with the entries that PrepareOpening gave for the
// same actor and opening: it records them and makes the opener and o.Members its
// members. Idempotent under o.ID.
func (s *Service) RecordOpening(ctx context.Context, actor evidence.Actor, o Opening, signed [][]byte) (evidence.Case, error) {
	if err := s.CheckOpening(actor, o); err != nil {
		return evidence.Case{}, err
	}
	want, err := s.opening(ctx, actor, o)
	if err != nil {
		return evidence.Case{}, err
	}
	known, err := s.log(o.ID).recorded(ctx, want[0].ID)
	switch {
	case err == nil && known.Entry.Actor.ID != actor.ID:
		return evidence.Case{}, noSuch("case")
	case err != nil && evidence.CodeOf(err) != evidence.NotFound:
		return evidence.Case{}, err
	}
	work, err := s.openSigned(ctx, signed, want)
	if err != nil {
		return evidence.Case{}, err
	}
	if err := s.enlist(ctx, o.ID, append([]evidence.Person{actor.Person}, o.Members...)...); err != nil {
		return evidence.Case{}, err
	}
	return s.recordOpening(ctx, actor, work)
}

// recordOpening appends the entries and makes of each what it says.
func (s *Service) recordOpening(ctx context.Context, actor evidence.Actor, work []*appending) (evidence.Case, error) {
	recorded, err := s.put(ctx, work[0])
	if err != nil {
		return evidence.Case{}, err
	}
	c := caseOf(recorded[0].Entry)
	if c.OpenedBy != actor.ID { // another was first
		return evidence.Case{}, noSuch("case")
	}
	added, err := s.registry.AddCase(ctx, c)
	if err == nil && !added {
		c, err = s.registry.Case(ctx, c.ID)
	}
	if err != nil {
		return evidence.Case{}, err
	}
	for _, a := range work[1:] {
		if _, err := s.addMember(ctx, a); err != nil {
			return evidence.Case{}, err
		}
	}
	// The opener comes last: only now does anybody see the case, whole.
	_, err = s.registry.AddMember(ctx, evidence.Member{
		Case: c.ID, Person: actor.ID, Login: actor.Login, Name: actor.Name, AddedAt: c.OpenedAt, AddedBy: actor.ID,
	})
	return c, err
}

// caseOf returns the case that an entry opens, at its first version.
func caseOf(e evidence.Entry) evidence.Case {
	d := e.Details
	return evidence.Case{
		ID: e.Case, Number: d[detailNumber], Version: 1, Title: d[detailTitle], Summary: d[detailSummary], State: evidence.StateIntake,
		TimeZone: d[detailTimeZone], OpenedAt: e.At, OpenedBy: e.Actor.ID, At: e.At, By: e.Actor.ID,
	}
}

// PrepareMember returns, signed by actor, the entry that makes p a member of the
// case: what RecordMember is given. There is none when p is one already.
func (s *Service) PrepareMember(ctx context.Context, actor evidence.Actor, c evidence.CaseID, p evidence.Person) ([][]byte, error) {
	if err := s.allow(ctx, actor, c, manageCase, "case"); err != nil {
		return nil, err
	}
	if err := checkPerson(p); err != nil {
		return nil, err
	}
	if _, err := s.registry.Member(ctx, c, p.ID); evidence.CodeOf(err) != evidence.NotFound {
		return nil, err
	}
	e, err := s.memberAdded(actor, c, p)
	if err != nil {
		return nil, err
	}
	return s.signFor(ctx, actor, e)
}

// RecordMember makes p a member of the case with the entry that PrepareMember
// gave for the same actor. Idempotent.
func (s *Service) RecordMember(ctx context.Context, actor evidence.Actor, c evidence.CaseID, p evidence.Person, signed [][]byte) (evidence.Member, error) {
	if err := s.allow(ctx, actor, c, manageCase, "case"); err != nil {
		return evidence.Member{}, err
	}
	if err := checkPerson(p); err != nil {
		return evidence.Member{}, err
	}
	known, err := s.registry.Member(ctx, c, p.ID)
	if evidence.CodeOf(err) != evidence.NotFound {
		return known, err
	}
	want, err := s.memberAdded(actor, c, p)
	if err != nil {
		return evidence.Member{}, err
	}
	work, err := s.openSigned(ctx, signed, []evidence.Entry{want})
	if err != nil {
		return evidence.Member{}, err
	}
	if err := s.enlist(ctx, c, actor.Person, p); err != nil {
		return evidence.Member{}, err
	}
	return s.addMember(ctx, work[0])
}

func (s *Service) memberAdded(actor evidence.Actor, c evidence.CaseID, p evidence.Person) (evidence.Entry, error) {
	e, err := s.entry(evidence.DeriveEntryID("member-added", string(c), string(p.ID)), c, evidence.ActMemberAdded, actor)
	e.Details = filled(map[string]string{detailPerson: string(p.ID), detailName: p.Name, detailLogin: p.Login})
	return e, err
}

// addMember puts the act on record first: nobody sees a case without it.
func (s *Service) addMember(ctx context.Context, a *appending) (evidence.Member, error) {
	recorded, err := s.put(ctx, a)
	if err != nil {
		return evidence.Member{}, err
	}
	e := recorded[0].Entry
	m := evidence.Member{
		Case: e.Case, Person: evidence.PersonID(e.Details[detailPerson]), Login: e.Details[detailLogin], Name: e.Details[detailName],
		AddedAt: e.At, AddedBy: e.Actor.ID,
	}
	if added, err := s.registry.AddMember(ctx, m); added || err != nil {
		return m, err
	}
	return s.registry.Member(ctx, m.Case, m.Person)
}
