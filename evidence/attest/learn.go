package attest

import "github.com/sealcase/sealcase/evidence"

// aboutKeys takes in an entry that says something of keys. The worker speaks of
// the agency's, people introduce their own. A version whose predecessor is not
// known widens nothing, and is no fault: the reader may trust a later one.
func (c *Checker) aboutKeys(index int64, e evidence.Entry) error {
	if e.Act == evidence.ActKey {
		before, after, err := CheckKey(e.Details)
		if err != nil {
			return err
		}
		role, person, _ := RoleOf(after.Name)
		switch {
		case role == RolePerson && (e.Actor.Service || e.Actor.ID != person), role != RolePerson && !e.Actor.Service:
			return evidence.Errorf(evidence.Tampered, "a key entry of %s introduces %s, which is not its own", e.Actor.ID, after.ID())
		case role == RolePerson && c.people[before.ID()].Equal(before):
			c.introduced[after.ID()] = after
		default:
			c.trust.follow(before, after)
		}
		return nil
	}
	_, err := c.trust.Take(index, e)
	return err
}

// learn takes in who people are. Somebody who has a key gets another one only
// when theirs introduced it, or a root stated it: else whoever keeps the roster
// could act in the name of anybody.
func (c *Checker) learn(e evidence.Entry) error {
	people, _, err := ReadRoster(e.Details)
	if err != nil {
		return err
	}
	for _, p := range people {
		first := !c.keyed[p.ID]
		for _, text := range p.Keys {
			k, err := evidence.ParseVKey(text)
			if err != nil {
				return err
			}
			if !c.own(k) {
				continue
			}
			known, ok := c.people[k.ID()]
			switch {
			case ok && known.Equal(k):
				continue
			case ok, !first && !c.introduced[k.ID()].Equal(k) && !c.trust.States(k):
				return evidence.Errorf(evidence.Tampered, "a roster gives %s the key %s, which no earlier key of theirs introduced", p.ID, k.ID())
			}
			c.people[k.ID()], c.keyed[p.ID] = k, true
		}
	}
	return nil
}
