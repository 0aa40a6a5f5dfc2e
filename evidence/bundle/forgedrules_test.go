package bundle_test

import (
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/bundle"
)

// ruledCase returns a bundle's fixture whose log names the rules: Erin, an examiner
// and investigator, opens the case, makes Pia a member who may contribute, moves it
// on and brings in an exhibit; Pia looks at it and asks for the bundle.
func ruledCase() *fixture {
	f := newCase(agency, [32]byte{31})
	f.ruled = true
	f.actor.Roles = append(f.actor.Roles, evidence.Investigator)
	f.open()
	said := func(a evidence.Actor, p act.Payload) {
		e := f.by(a, p.Act())
		e.Details = act.Details(p)
		f.append(e)
	}
	said(f.actor, act.MemberAdded{Person: f.lawyer.ID, Name: f.lawyer.Name, Grant: evidence.GrantContribute})
	said(f.actor, act.Transitioned{From: evidence.StateIntake, To: evidence.StateOpen, Version: 2})
	f.disclose("a.txt", []byte("a"))
	said(f.actor, act.Corrected{Entry: must(decoded(f.entries[1])).ID, Index: 1})
	f.append(f.machine(evidence.ActVerified))
	said(f.lawyer, act.Viewed{Offset: 0, Bytes: 1})
	return f.close()
}

// TestForgedRules has a forger with everybody's keys make a log in which somebody
// does what they might not, by what the log says before it. Both verifiers see it.
func TestForgedRules(t *testing.T) {
	f := ruledCase()
	data, _ := f.write(t)
	good := takeApart(t, f, data)
	python := startPython(t)
	erin, pia := f.people[f.actor.ID], f.people[f.lawyer.ID]
	at := func(r *relog, a evidence.Act) int { return r.find(`"act":"`+string(a)+`"`, 0) }
	detail := func(a evidence.Act, by evidence.Signer, name, value string) func(r *relog) {
		return func(r *relog) {
			r.edit(at(r, a), by, func(e *evidence.Entry) {
				if e.Details[name] = value; value == "" {
					delete(e.Details, name)
				}
			})
		}
	}
	become := func(a evidence.Act, by evidence.Signer, p act.Payload) func(r *relog) {
		return func(r *relog) {
			r.edit(at(r, a), by, func(e *evidence.Entry) { e.Act, e.Details = p.Act(), act.Details(p) })
		}
	}
	people := func(old, replacement string) func(r *relog) {
		return func(r *relog) {
			r.edit(0, f.worker, func(e *evidence.Entry) {
				e.Details[attest.DetailPeople] = strings.Replace(e.Details[attest.DetailPeople], old, replacement, 1)
			})
		}
	}
	const cannot = "cannot stand here"
	for _, c := range []struct {
		name   string
		want   bundle.Outcome
		words  string
		change func(r *relog)
	}{
		{"by no member", bundle.Tampered, cannot, detail(evidence.ActMemberAdded, erin, "person", "person-zoe")},
		{"by a member who may only read", bundle.Tampered, cannot, detail(evidence.ActMemberAdded, erin, "grant", "read")},
		{"a grant that there is not", bundle.Tampered, cannot, detail(evidence.ActMemberAdded, erin, "grant", "own")},
		{"a number that is none", bundle.Tampered, cannot, detail(evidence.ActMemberAdded, erin, "time", "01")},
		{"a second time that is the first", bundle.Tampered, cannot, detail(evidence.ActMemberAdded, erin, "time", "2")},
		{"by somebody whose role does not allow it", bundle.Tampered, cannot, people(`"prosecutor"`, `"auditor"`)},
		{"a case opened by who may not", bundle.Tampered, cannot, people(`"investigator"`, `"auditor"`)},
		{"after a change of role", bundle.Tampered, cannot, become(evidence.ActVerified, f.worker, act.RoleChanged{Person: f.lawyer.ID, Name: "Pia", Roles: act.Roles{evidence.Auditor}})},
		{"after nobody's roles are left", bundle.Tampered, cannot, become(evidence.ActVerified, f.worker, act.RoleChanged{Person: f.lawyer.ID, Name: "Pia"})},
		{"after they were removed", bundle.Tampered, cannot, become(evidence.ActCorrected, erin, act.MemberRemoved{Person: f.lawyer.ID})},
		{"a member removed by who may not", bundle.Tampered, cannot, become(evidence.ActViewed, pia, act.MemberRemoved{Person: f.actor.ID})},
		{"the last who can say who the members are removed", bundle.Tampered, cannot, become(evidence.ActCorrected, erin, act.MemberRemoved{Person: f.actor.ID})},
		{"a member made one again", bundle.Tampered, cannot, become(evidence.ActCorrected, erin, act.MemberAdded{Person: f.lawyer.ID})},
		{"nobody removed", bundle.Tampered, cannot, become(evidence.ActCorrected, erin, act.MemberRemoved{Person: "person-zoe"})},
		{"an exhibit brought into a closed case", bundle.Tampered, cannot, detail(evidence.ActTransitioned, erin, "to", "closed")},
		{"a state that may not follow", bundle.Tampered, cannot, detail(evidence.ActTransitioned, erin, "to", "trial")},
		{"a state that it is not in", bundle.Tampered, cannot, detail(evidence.ActTransitioned, erin, "from", "open")},
		{"another version", bundle.Tampered, cannot, detail(evidence.ActTransitioned, erin, "version", "3")},
		{"a correction of nothing", bundle.Tampered, cannot, detail(evidence.ActCorrected, erin, "index", "900")},
		{"a person's act by the machine", bundle.Tampered, cannot, become(evidence.ActVerified, f.worker, act.Corrected{Index: 1})},
		{"an act of the register", bundle.Tampered, cannot, become(evidence.ActVerified, f.worker, act.Alarm{})},
		{"an opening that says no time zone", bundle.Tampered, cannot, detail(evidence.ActOpened, erin, "time_zone", "")},
		{"an allowed change of role", bundle.OK, "", become(evidence.ActVerified, f.worker, act.RoleChanged{Person: f.lawyer.ID, Name: "Pia", Roles: act.Roles{evidence.Auditor, evidence.Prosecutor}})},
		{"a grant that is not said", bundle.OK, "", detail(evidence.ActMemberAdded, erin, "grant", "")},
		{"rules of a later program", bundle.OK, "later rules", detail(evidence.ActRoster, f.worker, attest.DetailRules, "2")},
		{"no rules", bundle.OK, "names no rules", detail(evidence.ActRoster, f.worker, attest.DetailRules, "")},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			m := relogged(t, f, good, c.change)
			if c.want != bundle.OK {
				expect(t, f, m, c.want, c.words, nil)
			} else if r := f.verify(t, m.zip(), bundle.Options{}); r.Outcome != bundle.OK || !strings.Contains(strings.Join(r.Notices, "\n"), c.words) {
				t.Errorf("%s: %v, %q; want %q in it", r.Outcome, r.Problems, r.Notices, c.words)
			}
			python.agrees(t, f, m, c.want)
		})
	}
}
