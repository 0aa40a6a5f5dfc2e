package state

import (
	"slices"
	"strconv"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/attest"
)

// roster takes in who people are. Whether a roster may give somebody a key is for
// package attest.
func (c *Case) roster(e evidence.Entry) {
	people, keys, err := attest.ReadRoster(e.Details)
	if err != nil {
		return
	}
	if n, err := strconv.Atoi(e.Details[attest.DetailRules]); err == nil && strconv.Itoa(n) == e.Details[attest.DetailRules] {
		c.Rules = max(c.Rules, n)
	}
	for _, k := range keys {
		c.begin(k.ID())
	}
	if c.People == nil {
		c.People = map[evidence.PersonID]Person{}
	}
	for _, listed := range people {
		p := c.People[listed.ID]
		p.Name, p.Roles, p.Keys = listed.Name, listed.Roles, slices.Clip(p.Keys)
		for _, text := range listed.Keys {
			if k, err := evidence.ParseVKey(text); err == nil && !slices.Contains(p.Keys, k.ID()) {
				p.Keys = append(p.Keys, k.ID())
			}
		}
		c.People[listed.ID] = p
	}
}

// roleChanged takes in that somebody whom a roster named holds other roles.
func (c *Case) roleChanged(e evidence.Entry) {
	said, err := act.Read[act.RoleChanged](e)
	p, listed := c.People[said.Person]
	if err != nil || !listed {
		return
	}
	p.Name, p.Roles = said.Name, said.Roles
	c.People[said.Person] = p
}

// key takes in that a key version began.
func (c *Case) key(e evidence.Entry) {
	if k, err := evidence.ParseVKey(e.Details[attest.DetailNew]); err == nil {
		c.begin(k.ID())
	}
}

// Statement is what a root said of the agency's keys, as an entry of the log has
// it. Whether the root counts is for whoever knows it.
type Statement struct {
	Index   int64    `json:"index"` // of the entry
	Root    string   `json:"root"`  // ID
	Serial  int64    `json:"serial"`
	Revoked []string `json:"revoked,omitempty"` // IDs of key versions
}

// keysStated takes in that a root said which keys are the agency's.
func (c *Case) keysStated(e evidence.Entry) {
	signed := attest.SignedFrom(e.Details)
	read, err := signed.Read()
	if err != nil {
		return
	}
	s := Statement{Index: c.Size, Root: signed.Root, Serial: read.Serial}
	for _, stated := range read.Keys {
		k, err := evidence.ParseVKey(stated.Key)
		if err != nil {
			return
		}
		c.begin(k.ID())
		if stated.Revoked != nil {
			s.Revoked = append(s.Revoked, k.ID())
		}
	}
	c.Statements = append(c.Statements, s)
}

// States reports whether the log has that statement of a root.
func (c *Case) States(root string, serial int64) bool {
	return slices.ContainsFunc(c.Statements, func(s Statement) bool { return s.Root == root && s.Serial == serial })
}

func (c *Case) begin(key string) {
	if !c.Begun(key) {
		c.Keys = append(c.Keys, key)
	}
}

// Begun reports whether the log says that this key version began.
func (c *Case) Begun(key string) bool { return slices.Contains(c.Keys, key) }

// Gives reports whether a roster of the log gives a person that key.
func (c *Case) Gives(p evidence.PersonID, key string) bool {
	return slices.Contains(c.People[p].Keys, key)
}

// Allows returns nil when a person has a permission in the case: one of the roles
// (those of the rosters, or what Vault says of a session) and a grant that
// includes it. It fails with NotFound for who is no member of it, which is what
// they may know, and with Forbidden.
func (c *Case) Allows(p evidence.PersonID, roles []evidence.Role, needs act.Permission) error {
	a, ok := act.AllowanceOf(needs)
	grant := c.Grant(p)
	switch {
	case !ok:
		return evidence.Errorf(evidence.Internal, "there is no permission %q", needs)
	case a.Grant != "" && grant == "":
		return evidence.Errorf(evidence.NotFound, "not a member of the case")
	case !needs.AllowsRole(roles...):
		return evidence.Errorf(evidence.Forbidden, "your role does not allow this")
	case !grant.Includes(a.Grant):
		return evidence.Errorf(evidence.Forbidden, "you are a member of this case who may %s; this takes a member who may %s. Ask a member who may %s", grant, a.Grant, evidence.GrantManage)
	default:
		return nil
	}
}
