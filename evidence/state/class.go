package state

import (
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
)

// ClassRequest is that somebody asked for a sealed case to be unsealed.
type ClassRequest struct {
	Entry  evidence.EntryID  `json:"entry"`
	To     evidence.Class    `json:"to"`
	By     evidence.PersonID `json:"by"`
	At     evidence.Instant  `json:"at"`
	Reason string            `json:"reason"`
}

// Class returns the class of the case; before it is opened it is ordinary.
func (c *Case) Class() evidence.Class {
	now, _ := c.Now()
	return now.Class.Or()
}

// Requests returns the requests to unseal the case as it stands, of those who may
// still ask.
func (c *Case) Requests() []ClassRequest {
	return slices.DeleteFunc(slices.Clone(c.Asked), func(r ClassRequest) bool {
		return c.Allows(r.By, c.People[r.By].Roles, act.MoveCase) != nil
	})
}

// Asks returns the request by which somebody else may unseal the case: the last of
// Requests. ok is false for none.
func (c *Case) Asks(to evidence.Class, other evidence.PersonID) (r ClassRequest, ok bool) {
	for _, r := range slices.Backward(c.Requests()) {
		if r.To == to && r.By != other {
			return r, true
		}
	}
	return ClassRequest{}, false
}

// since reports whether the rules of the log know an act; by others it changes
// nothing.
func (c *Case) since(a evidence.Act) bool {
	r, ok := act.RuleOf(a)
	return ok && c.Rules >= r.Since
}

// classIn returns the class that an entry opens the case with, as it is kept. Rules
// of before there were classes know none.
func (c *Case) classIn(e evidence.Entry) evidence.Class {
	p, err := act.Read[act.Opened](e)
	if err != nil || !c.since(evidence.ActClassChanged) || !p.Class.Valid() {
		return ""
	}
	return p.Class.Kept()
}

func (c *Case) classAsked(e evidence.Entry) {
	p, err := act.Read[act.ClassRequested](e)
	if err != nil || !c.since(e.Act) {
		return
	}
	c.Asked = slices.DeleteFunc(slices.Clone(c.Asked), func(r ClassRequest) bool { return r.By == e.Actor.ID })
	c.Asked = append(c.Asked, ClassRequest{Entry: e.ID, To: p.To, By: e.Actor.ID, At: e.At, Reason: e.Purpose})
}

func (c *Case) classChanged(e evidence.Entry) {
	p, err := act.Read[act.ClassChanged](e)
	now, ok := c.Now()
	if err != nil || !ok || !c.since(e.Act) || !p.To.Valid() {
		return
	}
	now.Class = p.To.Kept()
	c.next(now, e)
}

// canAskClass wants a sealed case, as it stands.
func (c *Case) canAskClass(e evidence.Entry) error {
	p, err := act.Read[act.ClassRequested](e)
	if err != nil {
		return err
	}
	now, _ := c.Now()
	switch {
	case c.Class() != evidence.ClassSealed:
		return evidence.Errorf(evidence.Conflict, "the case is not sealed; nobody needs to be asked to unseal it")
	case !p.To.Valid() || p.To == evidence.ClassSealed:
		return evidence.Errorf(evidence.Invalid, "a sealed case can become %s or %s, not %q", evidence.ClassOrdinary, evidence.ClassRestricted, p.To)
	case p.Version != now.Version+1:
		return evidence.Errorf(evidence.Conflict, "the case is not as it was; read it again")
	default:
		return nil
	}
}

// canChangeClass wants an order to seal a case, and to unseal one that somebody
// else asked for it, who may still ask.
func (c *Case) canChangeClass(e evidence.Entry) error {
	p, err := act.Read[act.ClassChanged](e)
	if err != nil {
		return err
	}
	now, _ := c.Now()
	if !p.To.Valid() {
		return evidence.Errorf(evidence.Invalid, "%q is no class of cases; say one of %v", p.To, evidence.Classes())
	}
	if p.From != c.Class() || p.To == p.From || p.Version != now.Version+1 {
		return evidence.Errorf(evidence.Conflict, "the case is %s; read it again", c.Class())
	}
	if p.From != evidence.ClassSealed {
		return needsOrder(p.To, e)
	}
	if slices.ContainsFunc(c.Requests(), func(r ClassRequest) bool {
		return r.Entry == p.Request && r.To == p.To && r.By != e.Actor.ID
	}) {
		return nil
	}
	return evidence.Errorf(evidence.Conflict, "to unseal a case takes two people: another member asks for it first, and still may when it is done")
}

// needsOrder returns nil unless a case is to be sealed without an order.
func needsOrder(to evidence.Class, e evidence.Entry) error {
	if to == evidence.ClassSealed && e.Authority == "" {
		return evidence.Errorf(evidence.Invalid, "a case is sealed by order; say which as its authority")
	}
	return nil
}
