package custody_test

import (
	"strings"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/custody"
	"github.com/sealcase/sealcase/evidence/intake"
)

// TestMembersLeave: whoever is removed loses the case within a second in every
// process, and can be made a member again; each is an entry.
func TestMembersLeave(t *testing.T) {
	l := newLab(t)
	here, there := l.service(), l.service()
	c := l.openCase(here)
	in := l.openIntake(here, c)
	it := l.bring(here, in, "x", []byte("x"))
	sees := func(s *process) error {
		_, err := s.Item(t.Context(), examiner, it.ID)
		return err
	}
	l.check(sees(there))
	remove := func(p evidence.PersonID) error {
		w, err := here.WishRemoved(t.Context(), investigator, c.ID, p, "moved to another unit")
		if err != nil {
			return err
		}
		_, err = perform(t.Context(), here, investigator, w)
		return err
	}
	add := func(p evidence.Person, g evidence.Grant) error {
		w, err := here.WishMember(t.Context(), investigator, c.ID, p, g)
		if err != nil {
			return err
		}
		_, err = perform(t.Context(), here, investigator, w)
		return err
	}
	for range 2 {
		since := time.Now()
		l.check(remove(examiner.ID))
		wantCode(t, sees(here), evidence.NotFound)
		for sees(there) == nil {
			if time.Since(since) > time.Second {
				t.Fatal("another process still shows the case after a second")
			}
		}
		wantCode(t, remove(examiner.ID), evidence.Conflict)
		if page, err := there.Cases(t.Context(), examiner, "", 0); err != nil || len(page.Items) != 0 {
			t.Errorf("%+v, %v", page, err)
		}
		l.check(add(examiner.Person, evidence.GrantRead))
		wantCode(t, add(examiner.Person, ""), evidence.Conflict)
		l.check(sees(here))
	}
	if acts := l.acts(here, c.ID); acts[evidence.ActMemberGone] != 2 || acts[evidence.ActMemberAdded] != 4 {
		t.Errorf("acts %v", acts)
	}
	wantCode(t, remove(investigator.ID), evidence.Conflict) // nobody else could say who the members are
	l.checkSigned(there, c.ID, l.firstKeys()...)
	if found, _ := l.audit(here); len(found) != 0 {
		t.Errorf("an audit finds %s", alarms(found))
	}
}

// TestGrants: what a member may do is what the role allows and the grant includes.
func TestGrants(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	second := person("p-second", evidence.Investigator, evidence.Prosecutor)
	l.check(grantMember(t, s, c.ID, second.Person, evidence.GrantRead))
	in := l.openIntake(s, c)
	it := l.bring(s, in, "x", []byte("x"))
	opens := func() error {
		_, err := s.OpenIntake(t.Context(), second, intake.Request{ID: newID[evidence.IntakeID](t), Case: c.ID, Source: "x"})
		return err
	}
	adds := func() error {
		_, err := perform(t.Context(), s, second, custody.Wish{Case: c.ID, Say: act.MemberAdded{Person: stranger.ID, Name: stranger.Name}})
		return err
	}
	reads := func() error { return look(t.Context(), s, second, it.ID) }
	for _, tc := range []struct {
		grant               evidence.Grant
		opens, adds, reads_ evidence.Code
	}{
		{evidence.GrantRead, evidence.Forbidden, evidence.Forbidden, ""},
		{evidence.GrantContribute, "", evidence.Forbidden, ""},
		{evidence.GrantManage, "", "", ""},
	} {
		w, err := s.WishRemoved(t.Context(), investigator, c.ID, second.ID, "another grant")
		l.check(err)
		_, err = perform(t.Context(), s, investigator, w)
		l.check(err)
		l.check(grantMember(t, s, c.ID, second.Person, tc.grant))
		wantCode(t, reads(), tc.reads_)
		wantCode(t, opens(), tc.opens)
		wantCode(t, adds(), tc.adds)
	}
	wantCode(t, grantMember(t, s, c.ID, person("p-third", evidence.Auditor).Person, "own"), evidence.Invalid)
}

func grantMember(t *testing.T, s *process, c evidence.CaseID, p evidence.Person, g evidence.Grant) error {
	t.Helper()
	w, err := s.WishMember(t.Context(), investigator, c, p, g)
	if err != nil {
		return err
	}
	_, err = perform(t.Context(), s, investigator, w)
	return err
}

// TestARoleEnds: what somebody may do goes with the roles that Vault says, whatever
// they say of themself, and a change of role is an entry of the machine.
func TestARoleEnds(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	intake := func(a evidence.Actor) error {
		_, err := s.OpenIntake(t.Context(), a, intake.Request{ID: newID[evidence.IntakeID](t), Case: c.ID, Source: "x"})
		return err
	}
	l.check(intake(examiner))
	l.people.hold(examiner.ID, evidence.Auditor)
	now := examiner // by a session of now
	now.Roles = []evidence.Role{evidence.Auditor}
	wantCode(t, intake(now), evidence.Forbidden)
	more := examiner // by a session of when they were an examiner, too
	more.Roles = []evidence.Role{evidence.Auditor, evidence.Examiner}
	if err := intake(more); evidence.CodeOf(err) != evidence.Forbidden || !strings.Contains(evidence.MessageOf(err), "sign in again") {
		t.Errorf("who signed in with roles that ended gets %v", err)
	}
	_, err := s.Sign(t.Context(), investigator, move(c, evidence.StateOpen, "to have the machine look"))
	l.check(err)
	l.check(s.RecordRoster(t.Context(), worker, c.ID, examiner.ID))
	wantCode(t, intake(examiner), evidence.Forbidden) // who says of themself that they are an examiner still
	l.people.hold(examiner.ID, examiner.Roles...)
	l.check(intake(examiner))
	if n := l.acts(s, c.ID)[evidence.ActRoleChanged]; n != 2 {
		t.Errorf("%d changes of roles are on record, want 2", n)
	}
	l.checkSigned(s, c.ID, l.firstKeys()...)
}

// TestCorrections: a mistake gets an entry that says what is right; the earlier one
// stays as it is, and nobody corrects what they may not see.
func TestCorrections(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c, other := l.openCase(s), l.openCase(s, stranger)
	wrong := l.log(s, c.ID)[1].Entry
	w, err := s.WishCorrected(t.Context(), investigator, c.ID, wrong.ID, "The title should name the payroll system")
	l.check(err)
	_, err = perform(t.Context(), s, investigator, w)
	l.check(err)
	log := l.checkSigned(s, c.ID, l.firstKeys()...)
	last := log[len(log)-1].Entry
	if p, err := act.Read[act.Corrected](last); err != nil || p.Entry != wrong.ID || p.Index != 1 || last.Purpose != w.Purpose {
		t.Errorf("%+v, %v", last, err)
	}
	w.Purpose = " "
	_, err = perform(t.Context(), s, investigator, w)
	wantCode(t, err, evidence.Invalid)
	_, err = s.WishCorrected(t.Context(), stranger, c.ID, wrong.ID, "x")
	wantCode(t, err, evidence.NotFound)
	_, err = s.WishCorrected(t.Context(), stranger, other.ID, wrong.ID, "x") // of another case's log
	wantCode(t, err, evidence.NotFound)
}

// TestLogsAreForgotten: a process that looks at many cases keeps few of their logs
// in memory, and goes on with any of them.
func TestLogsAreForgotten(t *testing.T) {
	l := newLab(t)
	l.config.Logs, l.config.CheckpointDelay = 4, 10*time.Millisecond
	s := l.service()
	var cases []evidence.Case
	for few := false; !few; few = len(cases) > 8 && s.Remembered() <= 6 {
		if len(cases) == 60 {
			t.Fatalf("%d logs are remembered of %d cases", s.Remembered(), len(cases))
		}
		cases = append(cases, l.openCase(s))
		l.mirrored(s)
	}
	for _, c := range cases {
		_, err := perform(t.Context(), s, investigator, move(c, evidence.StateOpen, "on"))
		l.check(err)
		l.checkLog(s, c.ID)
	}
}
