package bundle_test

import (
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/bundle"
)

// ruledCase returns a case in which everybody acts before the request: Erin moves it
// on, brings in an exhibit and corrects an entry; Pia looks at it and asks for the
// bundle.
func ruledCase() *fixture {
	f := newFixture(31)
	f.transition(f.actor, evidence.StateOpen)
	f.disclose("a.txt", []byte("a"))
	f.append(f.says(f.actor, act.Corrected{Entry: must(decoded(f.entries[1])).ID, Index: 1}))
	f.append(f.machine(evidence.ActVerified))
	f.append(f.says(f.lawyer, act.Viewed{Offset: 0, Bytes: 1}))
	return f.close()
}

// TestForgedRuledCase has a forger with everybody's keys change what stands before
// the request: a single change, after which somebody may not do what follows, or
// still may. Both verifiers see it.
func TestForgedRuledCase(t *testing.T) {
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
	const cannot = "the rules do not allow"
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
		{"a change to roles of which one is empty", bundle.OK, "", func(r *relog) {
			become(evidence.ActVerified, f.worker, act.RoleChanged{Person: f.lawyer.ID, Name: "Pia", Roles: act.Roles{evidence.Auditor, "", "x"}})(r)
		}},
		{"a time beyond all integers", bundle.Tampered, cannot, detail(evidence.ActMemberAdded, erin, "time", strings.Repeat("9", 19))},
		{"rules beyond all integers", bundle.OK, "no roster before them", detail(evidence.ActRoster, f.worker, attest.DetailRules, strings.Repeat("9", 19))},
		{"rules written in another way", bundle.OK, "no roster before them", detail(evidence.ActRoster, f.worker, attest.DetailRules, "01")},
		{"rules of a later program", bundle.OK, "judged by version 3 of the rules", detail(evidence.ActRoster, f.worker, attest.DetailRules, "3")},
		{"no rules", bundle.OK, "no roster before them names a version of the rules", detail(evidence.ActRoster, f.worker, attest.DetailRules, "")},
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
