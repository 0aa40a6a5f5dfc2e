package attest

import "github.com/sealcase/sealcase/evidence"

// introduce takes in a key entry. The worker introduces the agency's keys,
// people their own. A version whose predecessor is not known widens nothing, and
// is no fault: the reader may trust a later one.
func (c *Checker) introduce(e evidence.Entry) error {
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
	case role == RoleWorker && c.worker[before.ID()].Equal(before):
		if _, taken := c.worker[after.ID()]; !taken {
			c.worker[after.ID()] = after
		}
	}
	return nil
}

// learn takes in who people are. Somebody who has a key gets another one only
// when theirs introduced it: else whoever keeps the roster could act in the name
// of anybody.
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
			case ok, !first && !c.introduced[k.ID()].Equal(k):
				return evidence.Errorf(evidence.Tampered, "a roster gives %s the key %s, which no earlier key of theirs introduced", p.ID, k.ID())
			}
			c.people[k.ID()], c.keyed[p.ID] = k, true
		}
	}
	return nil
}
