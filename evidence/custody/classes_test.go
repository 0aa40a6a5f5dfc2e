package custody_test

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/attest"
	"github.com/sealcase/sealcase/evidence/custody"
)

const anOrder = "Order 26-mc-7"

// sue and sam are supervisors.
var (
	sue = person("p-sue", evidence.Supervisor)
	sam = person("p-sam", evidence.Supervisor)
)

// classLab is a lab with a process, in which people do things to one case.
type classLab struct {
	*lab
	s *process
	c evidence.Case
}

// classed has sue open a case of a class, with the investigator as a member.
func classed(t *testing.T, class evidence.Class) *classLab {
	t.Helper()
	l := newLab(t)
	cl := &classLab{lab: l, s: l.service()}
	o := custody.Opening{ID: newID[evidence.CaseID](t), Title: "Payroll", TimeZone: "UTC", Class: class, Members: []evidence.Person{investigator.Person}}
	if class == evidence.ClassSealed {
		o.Authority = anOrder
	}
	var err error
	cl.c, err = open(t.Context(), cl.s, sue, o)
	l.check(err)
	return cl
}

func (l *classLab) to(actor evidence.Actor, to evidence.Class, order string) error {
	l.t.Helper()
	w, err := l.s.WishClass(l.t.Context(), actor, l.c.ID, to, "because", order)
	if err != nil {
		return err
	}
	_, err = perform(l.t.Context(), l.s, actor, w)
	return err
}

func (l *classLab) add(actor evidence.Actor, p evidence.Person, g evidence.Grant) error {
	l.t.Helper()
	w, err := l.s.WishMember(l.t.Context(), actor, l.c.ID, p, g)
	if err != nil {
		return err
	}
	_, err = perform(l.t.Context(), l.s, actor, w)
	return err
}

func (l *classLab) remove(actor evidence.Actor, p evidence.PersonID) error {
	l.t.Helper()
	w, err := l.s.WishRemoved(l.t.Context(), actor, l.c.ID, p, "because")
	if err != nil {
		return err
	}
	_, err = perform(l.t.Context(), l.s, actor, w)
	return err
}

// is that every process sees the case as being of a class.
func (l *classLab) is(want evidence.Class) {
	l.t.Helper()
	for name, s := range map[string]*process{"here": l.s, "in another process": l.service()} {
		c, err := s.Case(l.t.Context(), sue, l.c.ID)
		l.check(err)
		if c.Class.Or() != want {
			l.t.Errorf("%s it is %s, want %s", name, c.Class.Or(), want)
		}
	}
}

// TestClassChanges goes from ordinary to restricted, to sealed and, by two people,
// back; each is an entry that its person signed, with the reason and the order.
func TestClassChanges(t *testing.T) {
	l := classed(t, evidence.ClassOrdinary)
	wantCode(t, l.to(investigator, evidence.ClassRestricted, ""), evidence.Forbidden)
	wantCode(t, l.to(stranger, evidence.ClassRestricted, ""), evidence.NotFound)
	wantCode(t, l.to(sue, evidence.ClassOrdinary, ""), evidence.Conflict)
	l.is(evidence.ClassOrdinary)
	l.check(l.to(sue, evidence.ClassRestricted, ""))
	l.is(evidence.ClassRestricted)
	wantCode(t, l.to(sue, evidence.ClassSealed, ""), evidence.Invalid)
	l.check(l.to(sue, evidence.ClassSealed, anOrder))
	l.is(evidence.ClassSealed)

	l.check(l.to(sue, evidence.ClassRestricted, ""))
	l.is(evidence.ClassSealed) // nobody else asked for it
	wantCode(t, l.to(sue, evidence.ClassRestricted, ""), evidence.Conflict)
	l.check(l.to(investigator, evidence.ClassRestricted, "")) // who may only ask
	l.is(evidence.ClassSealed)
	summary, err := l.s.Summary(t.Context(), sue, l.c.ID)
	l.check(err)
	if len(summary.Asked) != 2 || summary.Asked[0].By != sue.ID || summary.Asked[1].By != investigator.ID || summary.Asked[1].Reason != "because" {
		t.Errorf("asked %+v", summary.Asked)
	}
	l.check(l.to(sue, evidence.ClassRestricted, ""))
	l.is(evidence.ClassRestricted)

	var asked evidence.EntryID
	var changes []act.ClassChanged
	for _, e := range l.checkSigned(l.s, l.c.ID, l.firstKeys()...) {
		if e.Entry.Act == evidence.ActClassAsked && e.Entry.Actor.ID == investigator.ID {
			asked = e.Entry.ID
		}
		if e.Entry.Act != evidence.ActClassChanged {
			continue
		}
		p, err := act.Read[act.ClassChanged](e.Entry)
		l.check(err)
		if want := map[bool]string{true: anOrder}[p.To == evidence.ClassSealed]; e.Entry.Actor.ID != sue.ID || e.Entry.Purpose != "because" || e.Entry.Authority != want {
			t.Errorf("to %s: by %s, %q, order %q", p.To, e.Entry.Actor.ID, e.Entry.Purpose, e.Entry.Authority)
		}
		changes = append(changes, p)
	}
	if len(changes) != 3 || changes[2].Request != asked || changes[0].Request != "" {
		t.Errorf("%+v; asked by %s", changes, asked)
	}
}

// TestTheLastWhoAddsStays: to a restricted or sealed case only a supervisor who is
// a member and manages it adds people, and the last such is not removed.
func TestTheLastWhoAddsStays(t *testing.T) {
	for _, class := range []evidence.Class{evidence.ClassRestricted, evidence.ClassSealed} {
		t.Run(string(class), func(t *testing.T) {
			l := classed(t, class)
			wantCode(t, l.add(investigator, examiner.Person, ""), evidence.Forbidden)
			wantCode(t, l.add(sam, sam.Person, ""), evidence.NotFound)
			wantCode(t, l.remove(investigator, sue.ID), evidence.Conflict)
			l.check(l.add(sue, sam.Person, evidence.GrantContribute))
			wantCode(t, l.add(sam, examiner.Person, ""), evidence.Forbidden)
			wantCode(t, l.remove(investigator, sue.ID), evidence.Conflict) // sam does not manage it
			l.check(l.remove(sue, sam.ID))
			l.check(l.add(sue, sam.Person, ""))
			l.check(l.remove(sam, sue.ID))
			wantCode(t, l.remove(investigator, sam.ID), evidence.Conflict)
			l.check(l.add(sam, examiner.Person, ""))
			_, err := l.s.Case(t.Context(), sue, l.c.ID)
			wantCode(t, err, evidence.NotFound)
		})
	}
}

// TestWhoAskedAndLeft: a request does not outlive its person's place in the case.
func TestWhoAskedAndLeft(t *testing.T) {
	l := classed(t, evidence.ClassSealed)
	l.check(l.to(investigator, evidence.ClassOrdinary, ""))
	l.check(l.remove(sue, investigator.ID))
	summary, err := l.s.Summary(t.Context(), sue, l.c.ID)
	l.check(err)
	if len(summary.Asked) != 0 {
		t.Errorf("who left asks still: %+v", summary.Asked)
	}
	l.check(l.to(sue, evidence.ClassOrdinary, "")) // which asks, as nobody else does now
	l.is(evidence.ClassSealed)
	l.check(l.add(sue, sam.Person, ""))
	l.check(l.to(sam, evidence.ClassOrdinary, ""))
	l.is(evidence.ClassOrdinary)
}

// TestAnOldLogLearnsOfClasses: the log of a case of before there were classes is
// judged by its own rules until the first act about one, which raises them; a
// member is added by the old ones before, and by the new ones from then on.
func TestAnOldLogLearnsOfClasses(t *testing.T) {
	l := newLab(t)
	s := l.service()
	id := newID[evidence.CaseID](t)
	l.oldRoster(s, id, "1", sue, investigator)
	c, err := open(t.Context(), s, sue, custody.Opening{ID: id, Title: "Old", TimeZone: "UTC", Members: []evidence.Person{investigator.Person}})
	l.check(err)
	cl := &classLab{lab: l, s: s, c: c}
	l.check(cl.add(investigator, prosecutor.Person, ""))
	if rules := l.rules(s, id); len(rules) != 1 || rules[0] != "1" {
		t.Fatalf("rules %v before the first act about a class", rules)
	}
	l.check(cl.to(sue, evidence.ClassRestricted, ""))
	l.check(cl.to(sue, evidence.ClassOrdinary, ""))
	l.check(cl.to(sue, evidence.ClassRestricted, ""))
	cl.is(evidence.ClassRestricted)
	if rules := l.rules(s, id); len(rules) != 2 || rules[1] != "2" {
		t.Errorf("rules %v", rules)
	}
	wantCode(t, cl.add(investigator, examiner.Person, ""), evidence.Forbidden)
	l.check(cl.add(sue, examiner.Person, ""))
	l.checkSigned(s, id, l.firstKeys()...)
}

// oldRoster begins a log as a program did that was judged by older rules.
func (l *lab) oldRoster(s *process, c evidence.CaseID, rules string, people ...evidence.Actor) {
	l.t.Helper()
	var listed []attest.Listed
	for _, p := range people {
		keys, err := p.Signer.PublicKeys(l.t.Context())
		l.check(err)
		listed = append(listed, attest.Listed{ID: p.ID, Name: p.Name, Roles: p.Roles, Keys: []string{keys[0].VKey()}})
	}
	var keys []evidence.PublicKey
	for _, k := range []evidence.Signer{l.keys.log, l.keys.seal, l.keys.worker} {
		list, err := k.PublicKeys(l.t.Context())
		l.check(err)
		keys = append(keys, list...)
	}
	e, err := evidence.NewEntry(evidence.DeriveEntryID("roster", string(c)), c, evidence.ActRoster, evidence.At(time.Now()), worker, rand.Reader)
	l.check(err)
	e.Details, err = attest.WriteRoster(listed, keys)
	l.check(err)
	e.Details[attest.DetailRules] = rules
	_, err = s.Append(l.t.Context(), e)
	l.check(err)
}

// rules returns the versions of rules that a log names, in its order.
func (l *lab) rules(s *process, c evidence.CaseID) (list []string) {
	l.t.Helper()
	for _, e := range l.log(s, c) {
		if v, ok := e.Entry.Details[attest.DetailRules]; ok && e.Entry.Act == evidence.ActRoster {
			list = append(list, v)
		}
	}
	return list
}
