package bundle_test

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/bundle"
)

// classy writes the end of a log about the class of its case, in which Sam is a
// supervisor who may manage it, Pia a prosecutor and Erin an investigator.
type classy struct {
	*relog
	sam     evidence.Actor
	version int // of the case
}

// says has an act follow, with an order where that is not "", and returns its entry.
func (c *classy) says(by evidence.Actor, p act.Payload, order string) evidence.EntryID {
	random := rand.NewChaCha8([32]byte{0xf1, byte(len(c.lines))})
	e := must(act.New(c.f.facts.Case.ID, p, c.f.facts.At, by, random, func(e *evidence.Entry) { e.Authority = order }))
	c.lines = append(c.lines, c.f.signedBy(c.f.people[by.ID], e))
	return e.ID
}

// becomes has the case change its class.
func (c *classy) becomes(by evidence.Actor, from, to evidence.Class, order string, request evidence.EntryID) {
	c.version++
	c.says(by, act.ClassChanged{From: from, To: to, Version: c.version, Request: request}, order)
}

func (c *classy) asks(by evidence.Actor, to evidence.Class) evidence.EntryID {
	return c.says(by, act.ClassRequested{To: to, Version: c.version + 1}, "")
}

// TestForgedClasses has a forger with every key that signs break the rules about
// classes of cases, in a log of the rules that know them and in one of those that
// do not.
func TestForgedClasses(t *testing.T) {
	f := golden()
	sam := evidence.Actor{Person: evidence.Person{ID: "person-sam", Name: "Sam", Roles: []evidence.Role{evidence.Supervisor}}}
	zoe := evidence.Actor{Person: evidence.Person{ID: "person-zoe", Name: "Zoe", Roles: []evidence.Role{evidence.Supervisor}}}
	f.people[sam.ID], f.people[zoe.ID] = f.key("/person/person-sam", 6), f.key("/person/person-zoe", 7)
	data, _ := f.write(t)
	good := takeApart(t, f, data)
	python := startPython(t)
	erin, pia := f.actor, f.lawyer
	const ordinary, restricted, sealed = evidence.ClassOrdinary, evidence.ClassRestricted, evidence.ClassSealed
	seal := func(c *classy) { c.becomes(sam, ordinary, sealed, "Order 1", "") }
	gone := func(who evidence.Actor) act.Payload { return act.MemberRemoved{Person: who.ID} }
	comes := func(who evidence.Actor) act.Payload {
		return act.MemberAdded{Person: who.ID, Grant: evidence.GrantManage}
	}
	for _, c := range []struct {
		name   string
		words  string // "" when the bundle is good
		change func(c *classy)
	}{
		{"restricted by an investigator", `"class-changed" by person-erin at this place: your role`, func(c *classy) { c.becomes(erin, ordinary, restricted, "", "") }},
		{"sealed by who is no member", `"class-changed" by person-zoe at this place: not a member`, func(c *classy) { c.becomes(zoe, ordinary, sealed, "Order 1", "") }},
		{"sealed without an order", "sealed by order", func(c *classy) { c.becomes(sam, ordinary, sealed, "", "") }},
		{"from what it is not", "the case is ordinary", func(c *classy) { c.becomes(sam, restricted, sealed, "Order 1", "") }},
		{"to what it is", "the case is ordinary", func(c *classy) { c.becomes(sam, ordinary, ordinary, "", "") }},
		{"to what is no class", "no class of cases", func(c *classy) { c.becomes(sam, ordinary, "secret", "", "") }},
		{"to another version", "the case is ordinary", func(c *classy) { c.version++; c.becomes(sam, ordinary, restricted, "", "") }},
		{"unsealed by one alone", "takes two people", func(c *classy) { seal(c); c.becomes(sam, sealed, ordinary, "", "") }},
		{"unsealed by who asked for it", "takes two people", func(c *classy) { seal(c); c.becomes(sam, sealed, ordinary, "", c.asks(sam, ordinary)) }},
		{"unsealed to another class than was asked for", "takes two people", func(c *classy) { seal(c); c.becomes(sam, sealed, ordinary, "", c.asks(pia, restricted)) }},
		{"unsealed by an older request of the same person", "takes two people", func(c *classy) {
			seal(c)
			first := c.asks(pia, ordinary)
			c.asks(pia, ordinary)
			c.becomes(sam, sealed, ordinary, "", first)
		}},
		{"unsealed at the word of who left", "takes two people", func(c *classy) {
			seal(c)
			asked := c.asks(pia, ordinary)
			c.says(sam, gone(pia), "")
			c.becomes(sam, sealed, ordinary, "", asked)
		}},
		{"unsealed at a request of before the case moved on", "takes two people", func(c *classy) {
			seal(c)
			asked := c.asks(pia, ordinary)
			c.version++
			c.says(sam, act.Transitioned{From: evidence.StateOpen, To: evidence.StateReferred, Version: c.version}, "")
			c.becomes(sam, sealed, ordinary, "", asked)
		}},
		{"unsealed by an investigator", `by person-erin at this place: your role`, func(c *classy) { seal(c); c.becomes(erin, sealed, ordinary, "", c.asks(pia, ordinary)) }},
		{"asked for where it is not sealed", "is not sealed", func(c *classy) { c.asks(pia, ordinary) }},
		{"asked for what it is", "can become ordinary or restricted", func(c *classy) { seal(c); c.asks(pia, sealed) }},
		{"asked for by who is no member", `"class-requested" by person-zoe at this place: not a member`, func(c *classy) { seal(c); c.asks(zoe, ordinary) }},
		{"a member added by an investigator", `"member-added" by person-erin at this place: your role`, func(c *classy) {
			c.becomes(sam, ordinary, restricted, "", "")
			c.says(erin, comes(zoe), "")
		}},
		{"the last supervisor removed", "is the last who can say", func(c *classy) {
			c.becomes(sam, ordinary, restricted, "", "")
			c.says(erin, gone(sam), "")
		}},

		{"everything that is allowed", "", func(c *classy) {
			c.becomes(sam, ordinary, restricted, "", "")
			c.says(sam, comes(zoe), "")
			c.becomes(zoe, restricted, sealed, "Order 1", "")
			c.says(erin, gone(sam), "") // there is Zoe
			c.asks(erin, ordinary)
			asked := c.asks(pia, restricted)
			c.asks(zoe, ordinary)
			c.becomes(zoe, sealed, restricted, "", asked)
			c.becomes(zoe, restricted, ordinary, "", "")
			c.says(erin, act.MemberRemoved{Person: zoe.ID}, "")
			c.says(erin, act.MemberAdded{Person: sam.ID, Time: 2}, "")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			for _, rules := range []string{"2", "1"} {
				m := relogged(t, f, good, func(r *relog) {
					r.roster(func(_ []attest.Listed, details map[string]string) { details[attest.DetailRules] = rules })
					e := must(decoded(r.lines[r.find(`"act":"roster"`, 1)]))
					e.ID = evidence.Derive[evidence.EntryID]("sam")
					var people []attest.Listed
					for _, a := range []evidence.Actor{sam, zoe} {
						people = append(people, attest.Listed{ID: a.ID, Name: a.Name, Roles: a.Roles, Keys: []string{publicKeys(f.people[a.ID])[0].VKey()}})
					}
					e.Details = must(attest.WriteRoster(people, nil))
					r.lines = append(r.lines, f.signedBy(f.worker, e))
					r.then(erin, comes(sam))
					c.change(&classy{relog: r, sam: sam, version: f.version})
				})
				if rules == "1" {
					// Nobody is judged who does what those rules do not know, and it
					// changes nothing; acts that they know are judged without it.
					r := f.verify(t, m.zip(), bundle.Options{})
					if !strings.Contains(strings.Join(r.Notices, "\n"), "judged by version 1 of the rules, which has none for them") {
						t.Errorf("rules of version 1: %s, %v, %q", r.Outcome, r.Problems, r.Notices)
					}
					python.agrees(t, f, m, r.Outcome)
					continue
				}
				if c.words != "" {
					expect(t, f, m, bundle.Tampered, c.words, nil)
					python.agrees(t, f, m, bundle.Tampered)
					continue
				}
				if r := f.verify(t, m.zip(), bundle.Options{}); r.Outcome != bundle.OK {
					t.Errorf("%s: %v", r.Outcome, r.Problems)
				}
				python.agrees(t, f, m, bundle.OK)
			}
		})
	}
}

// TestForgedOpening has a case opened with a class by who may not, without an
// order, and with what is no class.
func TestForgedOpening(t *testing.T) {
	f := small()
	data, _ := f.write(t)
	good := takeApart(t, f, data)
	python := startPython(t)
	for _, c := range []struct {
		name, rules, class, order, role string
		words                           string
	}{
		{"restricted by a supervisor", "2", "restricted", "", "supervisor", ""},
		{"sealed by a supervisor", "2", "sealed", "Order 1", "supervisor", ""},
		{"ordinary by an investigator", "2", "ordinary", "", "investigator", ""},
		{"sealed without an order", "2", "sealed", "", "supervisor", "sealed by order"},
		{"restricted by an investigator", "2", "restricted", "", "investigator", "your role"},
		{"sealed by an investigator", "2", "sealed", "Order 1", "investigator", "your role"},
		{"no class", "2", "secret", "", "supervisor", "no class of cases"},
		{"before there were classes", "1", "sealed", "", "investigator", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := relogged(t, f, good, func(r *relog) {
				r.edit(0, f.worker, func(e *evidence.Entry) {
					people, keys, err := attest.ReadRoster(e.Details)
					if err != nil {
						t.Fatal(err)
					}
					people[0].Roles = []evidence.Role{evidence.Role(c.role)}
					e.Details = must(attest.WriteRoster(people, keys))
					e.Details[attest.DetailRules] = c.rules
				})
				r.edit(r.find(`"act":"opened"`, 1), f.people[f.actor.ID], func(e *evidence.Entry) {
					e.Authority, e.Details["class"] = c.order, c.class
				})
			})
			if c.words != "" {
				expect(t, f, m, bundle.Tampered, c.words, nil)
				python.agrees(t, f, m, bundle.Tampered)
				return
			}
			if r := f.verify(t, m.zip(), bundle.Options{}); r.Outcome != bundle.OK {
				t.Errorf("%s: %v", r.Outcome, r.Problems)
			}
			python.agrees(t, f, m, bundle.OK)
		})
	}
}
