package state

import (
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
)

// Judge returns nil when an act may be the next of the log, by the table of acts:
// its kind belongs there, whoever did it is by the rosters somebody who may, is a
// member with that grant, and the case stands where it can happen. Who signed it
// is package attest's question. It fails with Forbidden, NotFound (no member),
// Conflict (the case does not stand so) or Invalid (no act of this log).
func (c *Case) Judge(e evidence.Entry) error {
	r, ok := act.RuleOf(e.Act)
	if !ok {
		return evidence.Errorf(evidence.Invalid, "the act %q is not known", e.Act)
	}
	if c.Rules < r.Since {
		return evidence.Errorf(evidence.Conflict, "the rules of this log, version %d, do not know the act %q", c.Rules, e.Act)
	}
	inRegister := e.Case == evidence.RegisterID()
	if r.Log == act.InCase && inRegister || r.Log == act.InRegister && !inRegister {
		return evidence.Errorf(evidence.Invalid, "an act %q does not stand in such a log", e.Act)
	}
	if e.Actor.Service && r.Signer == act.ByPerson {
		return evidence.Errorf(evidence.Forbidden, "only a person does an act %q", e.Act)
	}
	if !e.Actor.Service {
		if err := c.allowed(e, r); err != nil {
			return err
		}
	}
	return c.Possible(e)
}

// Possible returns nil when an act may be the next of the log as the case stands,
// whoever does it. It fails with Conflict or Invalid.
func (c *Case) Possible(e evidence.Entry) error {
	if fits, ok := conditions[e.Act]; ok {
		return fits(c, e)
	}
	return nil
}

// allowed is the part of Judge about a person. Who is no member hears that and
// nothing of how the case stands.
func (c *Case) allowed(e evidence.Entry, r act.Rule) error {
	if r.Signer == act.ByMachine {
		return evidence.Errorf(evidence.Forbidden, "only the machine does an act %q", e.Act)
	}
	if r.Needs == "" {
		return nil
	}
	class := c.Class()
	if e.Act == evidence.ActOpened {
		class = c.classIn(e)
	}
	if err := c.Allows(e.Actor.ID, c.People[e.Actor.ID].Roles, r.NeedsOf(class)); err != nil {
		return err
	}
	if now, open := c.Now(); r.Live && (!open || !now.State.AcceptsEvidence()) {
		return evidence.Errorf(evidence.Conflict, "the case is %s and takes no more evidence; have it opened again first", now.State)
	}
	return nil
}

// conditions says of each act how the case must stand; one that is not named can
// happen at any time.
var conditions = map[evidence.Act]func(*Case, evidence.Entry) error{ //nolint:gochecknoglobals // a constant table
	evidence.ActOpened:       (*Case).canOpen,
	evidence.ActMemberAdded:  (*Case).canAddMember,
	evidence.ActMemberGone:   (*Case).canRemoveMember,
	evidence.ActTransitioned: (*Case).canTransition,
	evidence.ActClassAsked:   (*Case).canAskClass,
	evidence.ActClassChanged: (*Case).canChangeClass,
	evidence.ActCorrected:    (*Case).canCorrect,
}

func (c *Case) canOpen(e evidence.Entry) error {
	if len(c.Versions) > 0 {
		return evidence.Errorf(evidence.Conflict, "the case is open already")
	}
	p, err := act.Read[act.Opened](e)
	if err != nil || !c.since(evidence.ActClassChanged) {
		return nil //nolint:nilerr // it says nothing of the case, or nothing of its class
	}
	if p.Class != "" && !p.Class.Valid() {
		return evidence.Errorf(evidence.Invalid, "%q is no class of cases; say one of %v", p.Class, evidence.Classes())
	}
	return needsOrder(p.Class, e)
}

func (c *Case) canAddMember(e evidence.Entry) error {
	p, err := act.Read[act.MemberAdded](e)
	if err != nil {
		return err
	}
	m, known := c.Member(p.Person)
	switch {
	case p.Grant != "" && !p.Grant.Valid():
		return evidence.Errorf(evidence.Invalid, "%q is nothing that a member may do; say one of %v", p.Grant, evidence.Grants())
	case known && m.Active():
		return evidence.Errorf(evidence.Conflict, "%s is a member of the case already", m.Name)
	case max(p.Time, 1) != c.Times(p.Person)+1:
		return evidence.Errorf(evidence.Conflict, "the members of the case are not as they were; read them again")
	default:
		return nil
	}
}

// canRemoveMember keeps a case from being left without anybody who can say who its
// members are.
func (c *Case) canRemoveMember(e evidence.Entry) error {
	p, err := act.Read[act.MemberRemoved](e)
	if err != nil {
		return err
	}
	m, known := c.Member(p.Person)
	manage := c.managing()
	switch {
	case !known || !m.Active():
		return evidence.Errorf(evidence.Conflict, "%s is no member of the case", p.Person)
	case max(p.Time, 1) != c.Times(p.Person):
		return evidence.Errorf(evidence.Conflict, "the members of the case are not as they were; read them again")
	case m.Grant == evidence.GrantManage && !slices.ContainsFunc(c.Active(), func(o evidence.Member) bool {
		return o.Person != p.Person && manage.AllowsRole(c.People[o.Person].Roles...) && o.Grant == evidence.GrantManage
	}):
		return evidence.Errorf(evidence.Conflict, "%s is the last who can say who the members of the case are; make somebody else one who can, then remove them", m.Name)
	default:
		return nil
	}
}

// managing returns what it takes to add members to the case.
func (c *Case) managing() act.Permission {
	r, _ := act.RuleOf(evidence.ActMemberAdded)
	return r.NeedsOf(c.Class())
}

func (c *Case) canTransition(e evidence.Entry) error {
	p, err := act.Read[act.Transitioned](e)
	if err != nil {
		return err
	}
	now, _ := c.Now()
	if p.From != now.State || p.Version != now.Version+1 {
		return evidence.Errorf(evidence.Conflict, "the case is %s, not %s any more; read it again", now.State, p.From)
	}
	return p.From.Transition(p.To)
}

// canCorrect wants what is corrected to stand before.
func (c *Case) canCorrect(e evidence.Entry) error {
	p, err := act.Read[act.Corrected](e)
	if err == nil && (p.Index < 0 || p.Index >= c.Size) {
		err = evidence.Errorf(evidence.Invalid, "the log has no entry %d to correct", p.Index)
	}
	return err
}

// Judged reports whether this program knows the rules by which the log is judged -
// it has some, and they are not of a later version - and they have one for an act.
func (c *Case) Judged(a evidence.Act) bool {
	return c.Rules > 0 && c.Rules <= act.RulesVersion && c.since(a)
}

// intakeAt returns the place of an intake, -1 for one that is not open here.
func (c *Case) intakeAt(id evidence.IntakeID) int {
	for i, in := range slices.Backward(c.Intakes) { // most acts are about a late one
		if in.ID == id {
			return i
		}
	}
	return -1
}
