package custody_test

import (
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/act"
	"github.com/sealcase/sealcase/evidence/custody"
)

// TestMembersLeave: whoever is removed loses the case within a second in every
// process, and can be made a member again; each is an entry.
func TestMembersLeave(t *testing.T) {
	l := newLab(t)
	here, there := l.service(), l.service()
	c := l.openCase(here)
	in := l.openIntake(here, c)
	it := l.bring(here, in, "x", []byte("x"))
	sees := func(s *custody.Service) error {
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
		_, err := s.OpenIntake(t.Context(), second, custody.IntakeRequest{ID: newID[evidence.IntakeID](t), Case: c.ID, Source: "x"})
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

func grantMember(t *testing.T, s *custody.Service, c evidence.CaseID, p evidence.Person, g evidence.Grant) error {
	t.Helper()
	w, err := s.WishMember(t.Context(), investigator, c, p, g)
	if err != nil {
		return err
	}
	_, err = perform(t.Context(), s, investigator, w)
	return err
}
