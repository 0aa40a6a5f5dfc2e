package state

import (
	"maps"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
)

// Version is the version of the fold: it goes up whenever an act is added or means
// something else, so that what was kept of an earlier one is not believed.
const Version = 5

// Case is what the entries of one log say so far, items apart (Item). The zero
// Case is that of an empty log. Its memory grows with the people, intakes,
// disclosures and quarantined items of the case, by a byte with each exhibit (Told), by
// a number with each alarm and audit, and with nothing else. It is
// written as JSON where it is kept (a snapshot), and read back by that.
type Case struct {
	Size        int64                        `json:"size"`  // entries taken in
	Rules       int                          `json:"rules"` // version of the rules by which the log is judged; 0: none
	Versions    []evidence.Case              `json:"versions,omitempty"`
	People      map[evidence.PersonID]Person `json:"people,omitempty"`     // as rosters say
	Keys        []string                     `json:"keys,omitempty"`       // IDs of the agency's and people's key versions that began
	Statements  []Statement                  `json:"statements,omitempty"` // of roots, in their order
	Members     []evidence.Member            `json:"members,omitempty"`    // every version, in the order in which they came
	Intakes     []Intake                     `json:"intakes,omitempty"`
	Disclosures []Disclosure                 `json:"disclosures,omitempty"` // as they stand, the one requested first first
	Highest     int                          `json:"highest,omitempty"`     // exhibit number received
	Counts      Counts                       `json:"counts"`                // of all intakes
	Locks       Locks                        `json:"locks,omitempty"`
	Quarantined map[evidence.ItemID]int      `json:"quarantined,omitempty"` // exhibit numbers
	Told        Tally                        `json:"told,omitempty"`        // of exhibits
	LastAt      evidence.Instant             `json:"last_at,omitzero"`      // of the last entry
	Ended       int                          `json:"ended,omitempty"`       // disclosures of which End is known
	Asked       []ClassRequest               `json:"asked,omitempty"`       // to unseal the case at its version, each person's last
	Alarms      []int64                      `json:"alarms,omitempty"`      // indexes of entries about alarms and audits, of the register
}

// Person is who somebody is, as the log's rosters say.
type Person struct {
	Name  string          `json:"name"`
	Roles []evidence.Role `json:"roles,omitempty"`
	Keys  []string        `json:"keys,omitempty"` // IDs
}

// Now returns the case at its highest version; ok is false before it was opened.
func (c *Case) Now() (now evidence.Case, ok bool) {
	if len(c.Versions) == 0 {
		return evidence.Case{}, false
	}
	return c.Versions[len(c.Versions)-1], true
}

// Clone returns a copy that shares nothing that Add changes.
func (c *Case) Clone() *Case {
	n := *c
	n.Versions, n.Keys, n.Locks = slices.Clone(c.Versions), slices.Clone(c.Keys), slices.Clone(c.Locks)
	n.Members, n.Intakes, n.Disclosures = slices.Clone(c.Members), slices.Clone(c.Intakes), slices.Clone(c.Disclosures)
	n.Statements, n.Alarms = slices.Clone(c.Statements), slices.Clone(c.Alarms)
	n.People, n.Quarantined, n.Told = maps.Clone(c.People), maps.Clone(c.Quarantined), c.Told.clone()
	n.Asked = slices.Clone(c.Asked)
	return &n
}

// Add takes in the next entry. An act that it does not know, and what cannot be
// read of one that it knows, says nothing of the case.
func (c *Case) Add(e evidence.Entry) {
	if say, ok := meanings[e.Act]; ok {
		say(c, e)
	}
	c.tally(e)
	c.LastAt = e.At
	c.Size++
}

// Pass goes on behind an entry that is not taken in: one that did not pass every
// check.
func (c *Case) Pass() { c.Size++ }

// meanings says what each act changes; one that is not named changes nothing.
var meanings = map[evidence.Act]func(*Case, evidence.Entry){ //nolint:gochecknoglobals // a constant table
	evidence.ActOpened:       (*Case).open,
	evidence.ActMemberAdded:  (*Case).memberAdded,
	evidence.ActMemberGone:   (*Case).memberRemoved,
	evidence.ActTransitioned: (*Case).transitioned,
	evidence.ActClassAsked:   (*Case).classAsked,
	evidence.ActClassChanged: (*Case).classChanged,
	evidence.ActIntakeOpened: (*Case).intakeOpened,
	evidence.ActIntakeClosed: (*Case).intakeClosed,
	evidence.ActReceived:     (*Case).received,
	evidence.ActSealed:       (*Case).sealed,
	evidence.ActQuarantined:  (*Case).quarantined,
	evidence.ActExtended:     (*Case).extended,
	evidence.ActRequested:    (*Case).disclosure,
	evidence.ActDisclosed:    (*Case).disclosure,
	evidence.ActRoster:       (*Case).roster,
	evidence.ActKey:          (*Case).key,
	evidence.ActKeysStated:   (*Case).keysStated,
	evidence.ActRoleChanged:  (*Case).roleChanged,
	evidence.ActAlarm:        (*Case).alarm,
	evidence.ActAcknowledged: (*Case).alarm,
	evidence.ActAudited:      (*Case).alarm,
}

func (c *Case) open(e evidence.Entry) {
	p, err := act.Read[act.Opened](e)
	if len(c.Versions) > 0 || err != nil {
		return
	}
	c.Versions = []evidence.Case{{
		ID: e.Case, Number: p.Number, Version: 1, Title: p.Title, Summary: p.Summary, State: evidence.StateIntake,
		Class: c.classIn(e), TimeZone: p.TimeZone, OpenedAt: e.At, OpenedBy: e.Actor.ID, At: e.At, By: e.Actor.ID,
	}}
	c.member(evidence.Member{
		Case: e.Case, Person: e.Actor.ID, Login: p.Login, Name: e.Actor.Name, Grant: evidence.GrantManage, AddedAt: e.At, AddedBy: e.Actor.ID,
	})
}

func (c *Case) memberAdded(e evidence.Entry) {
	p, err := act.Read[act.MemberAdded](e)
	if err != nil {
		return
	}
	m := evidence.Member{
		Case: e.Case, Person: p.Person, Login: p.Login, Name: p.Name, Grant: p.Grant, AddedAt: e.At, AddedBy: e.Actor.ID,
	}
	if m.Grant == "" {
		m.Grant = evidence.GrantManage
	}
	c.member(m)
}

// member takes in a member, or somebody who is one again.
func (c *Case) member(m evidence.Member) {
	m.Version = 1
	if known, ok := c.Member(m.Person); ok {
		if known.Active() {
			return
		}
		m.Version = known.Version + 1
	}
	c.Members = append(c.Members, m)
}

func (c *Case) memberRemoved(e evidence.Entry) {
	p, err := act.Read[act.MemberRemoved](e)
	m, ok := c.Member(p.Person)
	if err != nil || !ok || !m.Active() {
		return
	}
	m.Version, m.EndedAt, m.EndedBy = m.Version+1, e.At, e.Actor.ID
	c.Members = append(c.Members, m)
}

// Times returns how often a person was made a member.
func (c *Case) Times(p evidence.PersonID) int {
	m, _ := c.Member(p)
	return (m.Version + 1) / 2 // each time but the last was ended
}

func (c *Case) transitioned(e evidence.Entry) {
	p, err := act.Read[act.Transitioned](e)
	now, ok := c.Now()
	if !ok || err != nil {
		return
	}
	now.State = p.To
	c.next(now, e)
}

// next takes in the case's next version, which an entry makes. Who asked for
// another class of the one before has not asked for it of this one.
func (c *Case) next(now evidence.Case, by evidence.Entry) {
	now.Version, now.At, now.By = now.Version+1, by.At, by.Actor.ID
	c.Versions, c.Asked = append(c.Versions, now), nil
}

// alarm takes in where an entry about an alarm or an audit stands, so that nobody need
// read the register for it.
func (c *Case) alarm(evidence.Entry) { c.Alarms = append(c.Alarms, c.Size) }

// Member returns somebody's place in the case as it stands; ok is false for who
// never had one.
func (c *Case) Member(p evidence.PersonID) (m evidence.Member, ok bool) {
	for _, m := range slices.Backward(c.Members) {
		if m.Person == p {
			return m, true
		}
	}
	return evidence.Member{}, false
}

// Active returns the members as they are now, in the order in which they came.
func (c *Case) Active() []evidence.Member {
	var list []evidence.Member
	for _, m := range c.Members {
		if now, _ := c.Member(m.Person); m.Active() && now.Version == m.Version {
			list = append(list, m)
		}
	}
	return list
}

// Grant returns what the case grants a person now; "" for who is no member.
func (c *Case) Grant(p evidence.PersonID) evidence.Grant {
	if m, ok := c.Member(p); ok && m.Active() {
		return m.Grant
	}
	return ""
}
