package bundle_test

import (
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/bundle"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// then has acts of an actor follow the request, signed with the actor's own key.
func (r *relog) then(by evidence.Actor, list ...act.Payload) {
	var signer evidence.Signer = r.f.worker
	if !by.Service {
		signer = r.f.people[by.ID]
	}
	for _, p := range list {
		random := rand.NewChaCha8([32]byte{0xf0, byte(len(r.lines))})
		e := must(act.New(r.f.facts.Case.ID, p, r.f.facts.At, by, random, nil))
		if _, ok := p.(act.Received); ok {
			e.AboutItem(evidence.Item{ID: evidence.Derive[evidence.ItemID]("late"), Exhibit: r.f.exhibit + 1, Name: "late", Digest: evidence.Sum(nil)})
		}
		r.lines = append(r.lines, r.f.signedBy(signer, e))
	}
}

// roster edits what the log's first roster says, and signs the head anew that an
// earlier disclosure stands on.
func (r *relog) roster(change func(people []attest.Listed, details map[string]string)) {
	r.edit(0, r.f.worker, func(e *evidence.Entry) {
		people, keys, err := attest.ReadRoster(e.Details)
		if err != nil {
			r.t.Fatal(err)
		}
		rules := e.Details[attest.DetailRules]
		details := map[string]string{attest.DetailRules: rules}
		change(people, details)
		for name, text := range must(attest.WriteRoster(people, keys)) {
			details[name] = text
		}
		e.Details = details
	})
	earlier := r.f.facts.Earlier[0]
	size := must(ledger.ParseCheckpoint(earlier.Checkpoint)).Size
	r.set("custody/earlier.jsonl", append(must(canon.Marshal(map[string]any{
		"checkpoint": string(r.f.head(r.f.facts.Case.ID, r.lines[:size])), "disclosure": string(earlier.Disclosure), "size": size,
	})), '\n'))
}

// TestForgedRules has a forger with every key that signs: the worker's, the log's,
// and those of people who do what they may not. The rules of section 5.9 catch it.
func TestForgedRules(t *testing.T) {
	f := golden()
	worker := evidence.ServiceActor("worker")
	zoe := evidence.Actor{Person: evidence.Person{ID: "person-zoe", Name: "Zoe", Roles: []evidence.Role{evidence.Supervisor}}}
	f.people[zoe.ID] = f.key("/person/person-zoe", 5)
	data, _ := f.write(t)
	good := takeApart(t, f, data)
	python := startPython(t)
	erin, pia := f.actor, f.lawyer
	arrives := func(r *relog) { // Zoe is in a roster, and no member
		e := must(decoded(r.lines[r.find(`"act":"roster"`, 1)]))
		e.ID = evidence.Derive[evidence.EntryID]("zoe")
		e.Details = must(attest.WriteRoster([]attest.Listed{{ID: zoe.ID, Name: zoe.Name, Roles: zoe.Roles, Keys: []string{publicKeys(f.people[zoe.ID])[0].VKey()}}}, nil))
		r.lines = append(r.lines, f.signedBy(f.worker, e))
	}
	moves := func(from, to evidence.CaseState, version int) act.Payload {
		return act.Transitioned{From: from, To: to, Version: version}
	}
	joins := func(who evidence.Actor, grant evidence.Grant, time int) act.Payload {
		return act.MemberAdded{Person: who.ID, Name: who.Name, Grant: grant, Time: time}
	}
	plays := func(who evidence.Actor, roles ...evidence.Role) act.Payload {
		return act.RoleChanged{Person: who.ID, Name: who.Name, Roles: roles}
	}
	leaves := func(who evidence.Actor, time int) act.Payload { return act.MemberRemoved{Person: who.ID, Time: time} }
	closed := moves(evidence.StateOpen, evidence.StateClosed, 3)
	received := act.Received{Intake: f.intake, Bucket: "b", Object: "k", Version: "v", Locked: f.facts.At}
	rules := func(version string) func(r *relog) {
		return func(r *relog) {
			r.roster(func(_ []attest.Listed, details map[string]string) {
				if details[attest.DetailRules] = version; version == "" {
					delete(details, attest.DetailRules)
				}
			})
			r.then(worker, act.Viewed{})
			r.then(pia, leaves(erin, 0))
		}
	}
	for _, c := range []struct {
		name   string
		words  string // "" when the bundle is good
		change func(r *relog)
	}{
		{"by somebody who is no member", `"viewed" by person-zoe at this place: not a member`, func(r *relog) { arrives(r); r.then(zoe, act.Viewed{}) }},
		{"by somebody whom no roster names with a role", "your role does not allow this", func(r *relog) {
			r.roster(func(people []attest.Listed, _ map[string]string) { people[1].Roles = nil })
		}},
		{"by a member with too low a grant", "a member who may contribute", func(r *relog) {
			arrives(r)
			r.then(erin, joins(zoe, evidence.GrantRead, 0))
			r.then(zoe, act.Viewed{}, act.Corrected{Entry: "entry", Index: 1})
		}},
		{"a member by a member who may not say so", `"member-added" by person-pia`, func(r *relog) { arrives(r); r.then(pia, joins(zoe, evidence.GrantRead, 0)) }},
		{"by somebody whose role does not allow it", `"intake-opened" by person-pia at this place: your role`, func(r *relog) { r.then(pia, act.IntakeOpened{}) }},
		{"an opening by somebody whose role does not allow it", `"opened" by person-erin at this place: your role`, func(r *relog) {
			r.roster(func(people []attest.Listed, _ map[string]string) {
				people[0].Roles = []evidence.Role{evidence.Examiner}
			})
		}},
		{"after removal", `"viewed" by person-pia at this place: not a member`, func(r *relog) { r.then(erin, leaves(pia, 0)); r.then(pia, act.Viewed{}) }},
		{"added again, and allowed to do less", "a member who may contribute", func(r *relog) {
			r.then(erin, leaves(pia, 0), joins(pia, evidence.GrantRead, 2))
			r.then(pia, act.Viewed{}, act.Corrected{Entry: "entry", Index: 1})
		}},
		{"after a change of role", `"viewed" by person-pia at this place: your role`, func(r *relog) {
			r.then(worker, plays(pia, evidence.Auditor))
			r.then(pia, act.Viewed{})
		}},
		{"after all roles were taken", `"viewed" by person-pia at this place: your role`, func(r *relog) { r.then(worker, plays(pia)); r.then(pia, act.Viewed{}) }},
		{"received by a person in a closed case", `"received" by person-erin at this place: the case is closed`, func(r *relog) { r.then(erin, closed, received) }},
		{"an intake in an archived case", "the case is archived", func(r *relog) {
			r.then(erin, closed, moves(evidence.StateClosed, evidence.StateArchived, 4), act.IntakeOpened{})
		}},
		{"a transition that is not allowed", "cannot become trial", func(r *relog) { r.then(erin, moves(evidence.StateOpen, evidence.StateTrial, 3)) }},
		{"a transition from another state", "the case is open, not intake", func(r *relog) { r.then(erin, moves(evidence.StateIntake, evidence.StateClosed, 3)) }},
		{"a transition to another version", "read it again", func(r *relog) { r.then(erin, moves(evidence.StateOpen, evidence.StateClosed, 4)) }},
		{"a person's act by the machine", `only a person does an act "viewed"`, func(r *relog) { r.then(worker, act.Viewed{}) }},
		{"a transition by the machine", `only a person does an act "transitioned"`, func(r *relog) { r.then(worker, closed) }},
		{"two openings", "the case is open already", func(r *relog) {
			r.then(erin, act.Opened{Number: f.facts.Case.Number, Title: "Again", TimeZone: "UTC"})
		}},
		{"an act of the register", "does not stand in such a log", func(r *relog) { r.then(worker, act.Alarm{}) }},
		{"a member added who is one", "is a member of the case already", func(r *relog) { r.then(erin, joins(pia, evidence.GrantManage, 2)) }},
		{"a member added for the wrong time", "not as they were", func(r *relog) { r.then(erin, leaves(pia, 0), joins(pia, evidence.GrantManage, 3)) }},
		{"a member added with what is no grant", "nothing that a member may do", func(r *relog) { arrives(r); r.then(erin, joins(zoe, "all", 0)) }},
		{"a member removed who is none", "is no member of the case", func(r *relog) { r.then(erin, leaves(zoe, 0)) }},
		{"the last who manages the case removed", "is the last who can say", func(r *relog) { r.then(erin, leaves(erin, 0)) }},
		{"a correction of what does not stand before", "has no entry 30 to correct", func(r *relog) { r.then(erin, act.Corrected{Entry: "entry", Index: 30}) }},
		{"a later roster that takes the version back", "not a member", func(r *relog) {
			r.edit(r.find(`"act":"roster"`, 1), f.worker, func(e *evidence.Entry) { e.Details[attest.DetailRules] = "0" })
			arrives(r)
			r.then(zoe, act.Viewed{})
		}},

		{"everything that is allowed", "", func(r *relog) {
			arrives(r)
			r.then(erin, closed, act.Viewed{}, moves(evidence.StateClosed, evidence.StateOpen, 4), act.IntakeOpened{}, act.Corrected{Entry: "entry", Index: 29})
			r.then(erin, leaves(pia, 0), joins(pia, evidence.GrantRead, 2), joins(zoe, "", 0))
			r.then(pia, act.Viewed{})
			r.then(zoe, leaves(pia, 2), leaves(erin, 0), joins(erin, evidence.GrantManage, 2))
			r.then(worker, plays(pia, evidence.Auditor), plays(pia, evidence.Prosecutor), plays(zoe, evidence.Auditor), act.Verified{})
		}},
		{"a log without rules", "", rules("")},
		{"a log of later rules", "", rules("3")},
		{"a log whose rules are no number", "", rules("01")},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := relogged(t, f, good, c.change)
			if c.words != "" {
				expect(t, f, m, bundle.Tampered, c.words, nil)
				python.agrees(t, f, m, bundle.Tampered)
				return
			}
			r := f.verify(t, m.zip(), bundle.Options{})
			unjudged := strings.Contains(strings.Join(r.Notices, "\n"), "Whether whoever acted was allowed to was not checked")
			if r.Outcome != bundle.OK || unjudged != strings.HasPrefix(c.name, "a log") {
				t.Errorf("%s: %v, notices %q", r.Outcome, r.Problems, r.Notices)
			}
			python.agrees(t, f, m, bundle.OK)
		})
	}
}

// TestStructuralEntriesAreShown has a source that withholds what nobody could
// judge the rest without: no bundle is written.
func TestStructuralEntriesAreShown(t *testing.T) {
	f := golden() // by rules that judge nobody who changes a class
	f.append(f.says(f.lawyer, act.ClassRequested{To: evidence.ClassOrdinary, Version: 3}))
	f.append(f.says(f.actor, act.ClassChanged{From: evidence.ClassSealed, To: evidence.ClassOrdinary, Version: 3}))
	f.append(f.says(evidence.ServiceActor("worker"), act.RoleChanged{Person: f.lawyer.ID, Name: "Pia", Roles: act.Roles{evidence.Prosecutor}}))
	f.append(f.says(f.actor, act.MemberRemoved{Person: f.lawyer.ID}))
	f.append(f.says(f.actor, act.MemberAdded{Person: f.lawyer.ID, Grant: evidence.GrantContribute, Time: 2}))
	f.append(f.statement(f.rootKey(1), 1, nil))
	f.close()
	tried := map[evidence.Act]bool{}
	for i := range f.entries {
		e := must(decoded(f.entries[i]))
		if rule, _ := act.RuleOf(e.Act); !rule.Structural() {
			continue
		}
		tried[e.Act] = true
		f.reasons[i] = "Confidential"
		_, err := bundle.Write(t.Context(), io.Discard, f, nil)
		if want := fmt.Sprintf("entry %d: an entry %q cannot be withheld", i, e.Act); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
		delete(f.reasons, i)
	}
	for _, rule := range act.Table() {
		if rule.Structural() && !tried[rule.Act] {
			t.Errorf("no entry %q was tried", rule.Act)
		}
	}
}
