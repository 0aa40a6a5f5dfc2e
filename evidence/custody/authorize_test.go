package custody_test

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/custody"
	"github.com/sealcase/sealcase/evidence/intake"
	"github.com/sealcase/sealcase/evidence/rooms"
	"github.com/sealcase/sealcase/evidence/state"
)

// TestRoles tries each act in each role, as a member of the case and as none.
func TestRoles(t *testing.T) {
	l := newLab(t)
	s := l.service()
	byRole := map[evidence.Role]evidence.Actor{}
	var members []evidence.Actor
	for _, r := range evidence.Roles() {
		byRole[r] = person("p-of-"+evidence.PersonID(r), r)
		members = append(members, byRole[r])
	}
	c := l.openCase(s, members...)
	in := l.openIntake(s, c)
	it := l.bring(s, in, "x", []byte("bytes"))
	l.sealAll(s, in)
	d, err := s.RequestDisclosure(t.Context(), prosecutor, disclosureOf(t, c))
	l.check(err)

	const (
		inv, exa, pro = evidence.Investigator, evidence.Examiner, evidence.Prosecutor
		sup, aud, adm = evidence.Supervisor, evidence.Auditor, evidence.Administrator
	)
	everyRole := evidence.Roles()
	ctx, added := t.Context(), 0
	acts := []struct {
		name  string
		roles []evidence.Role
		try   func(a evidence.Actor) error
	}{
		{"add a member", []evidence.Role{inv, sup}, func(a evidence.Actor) error {
			added++
			id := evidence.PersonID(fmt.Sprintf("p-added-%d", added))
			return addMember(ctx, s, a, c.ID, person(id, exa).Person)
		}},
		{"open an intake", []evidence.Role{inv, exa, sup}, func(a evidence.Actor) error {
			_, err := s.OpenIntake(ctx, a, intake.Request{ID: newID[evidence.IntakeID](t), Case: c.ID, Source: "x"})
			return err
		}},
		{"upload", []evidence.Role{inv, exa, sup}, func(a evidence.Actor) error {
			_, err := s.CreateUpload(ctx, a, intake.UploadRequest{Intake: in.ID, Name: "x"})
			return err
		}},
		{"read bytes", []evidence.Role{inv, exa, pro, sup}, func(a evidence.Actor) error {
			r, _, err := openEvidence(ctx, s, a, it.ID, "test", 0, -1)
			if err == nil {
				r.Close()
			}
			return err
		}},
		{"read findings", []evidence.Role{inv, exa, pro, sup}, func(a evidence.Actor) error {
			_, err := s.Findings(ctx, a, it.ID, "", "", 0)
			return err
		}},
		{"disclose", []evidence.Role{pro, sup}, func(a evidence.Actor) error {
			_, err := s.RequestDisclosure(ctx, a, disclosureOf(t, c))
			return err
		}},
		{"see the case", everyRole, func(a evidence.Actor) error { _, err := s.Case(ctx, a, c.ID); return err }},
		{"see its counts", everyRole, func(a evidence.Actor) error { _, err := s.Summary(ctx, a, c.ID); return err }},
		{"see its members", everyRole, func(a evidence.Actor) error { _, err := s.Members(ctx, a, c.ID); return err }},
		{"see its log", everyRole, func(a evidence.Actor) error { _, _, err := s.LogPage(ctx, a, c.ID, 0, 1); return err }},
		{"watch its log", everyRole, func(a evidence.Actor) error { _, err := s.Watch(ctx, a, c.ID, 0); return err }},
		{"see its checkpoint", everyRole, func(a evidence.Actor) error { _, err := s.Checkpoint(ctx, a, c.ID); return err }},
		{"see an intake", everyRole, func(a evidence.Actor) error { _, err := s.Intake(ctx, a, in.ID); return err }},
		{"list items", everyRole, func(a evidence.Actor) error { _, err := s.Items(ctx, a, c.ID, "", 1); return err }},
		{"see an item", everyRole, func(a evidence.Actor) error { _, err := s.Item(ctx, a, it.ID); return err }},
		{"see an item's log", everyRole, func(a evidence.Actor) error { _, err := s.ItemLog(ctx, a, it.ID); return err }},
		{"see an item's seal", everyRole, func(a evidence.Actor) error { _, err := s.ItemSeal(ctx, a, it.ID); return err }},
		{"verify an item", everyRole, func(a evidence.Actor) error { _, err := s.VerifyItem(ctx, a, it.ID, nil); return err }},
		{"see a disclosure", everyRole, func(a evidence.Actor) error { _, err := s.Disclosure(ctx, a, d.ID); return err }},
		{"list disclosures", everyRole, func(a evidence.Actor) error { _, err := s.Disclosures(ctx, a, c.ID); return err }},
		{"seal", nil, func(a evidence.Actor) error { _, err := s.SealItems(ctx, a, []evidence.Item{it}); return err }},
		{"quarantine", nil, func(a evidence.Actor) error {
			_, err := s.Quarantine(ctx, a, it, evidence.Digest{}, 0)
			return err
		}},
		{"close an intake", nil, func(a evidence.Actor) error { return s.CloseIntake(ctx, a, in.ID, state.Counts{}) }},
		{"move the case", []evidence.Role{inv, pro, sup}, func(a evidence.Actor) error {
			_, err := transition(ctx, s, a, c.ID, evidence.StateIntake, evidence.StateOpen, "there is a case")
			if evidence.CodeOf(err) == evidence.Conflict { // another role was first
				return nil
			}
			return err
		}},
	}
	for _, act := range acts {
		t.Run(act.name, func(t *testing.T) {
			for _, r := range []evidence.Role{inv, exa, pro, sup, aud, adm} {
				want := evidence.Forbidden
				if slices.Contains(act.roles, r) {
					want = ""
				}
				if got := evidence.CodeOf(act.try(byRole[r])); got != want {
					t.Errorf("%s: got %q, want %q", r, got, want)
				}
			}
			for _, a := range []evidence.Actor{stranger, {}} {
				want := evidence.NotFound
				if act.roles == nil {
					want = evidence.Forbidden
				}
				if got := evidence.CodeOf(act.try(a)); got != want {
					t.Errorf("%q, who is no member: got %q, want %q", a.ID, got, want)
				}
			}
		})
	}
}

func TestOpeningACase(t *testing.T) {
	l := newLab(t)
	s := l.service()
	good := custody.Opening{ID: newID[evidence.CaseID](t), Title: "A case", TimeZone: "UTC", Members: []evidence.Person{examiner.Person}}
	with := func(change func(*custody.Opening)) custody.Opening {
		o := good
		change(&o)
		return o
	}
	for _, tc := range []struct {
		name  string
		actor evidence.Actor
		o     custody.Opening
		want  evidence.Code
	}{
		{"examiner", examiner, good, evidence.Forbidden},
		{"nobody", evidence.Actor{}, good, evidence.Forbidden},
		{"our own service", worker, good, evidence.Forbidden},
		{"no title", investigator, with(func(o *custody.Opening) { o.Title = " " }), evidence.Invalid},
		{"not UTF-8", investigator, with(func(o *custody.Opening) { o.Title = "\xff" }), evidence.Invalid},
		{"no identifier", investigator, with(func(o *custody.Opening) { o.ID = "case-1" }), evidence.Invalid},
		{"no such time zone", investigator, with(func(o *custody.Opening) { o.TimeZone = "Mars/Base" }), evidence.Invalid},
		{"a member without identity", investigator, with(func(o *custody.Opening) { o.Members = []evidence.Person{{}} }), evidence.Invalid},
		{"good", investigator, good, ""},
		{"good, again", investigator, good, ""},
		{"the same by another", stranger, good, evidence.NotFound},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := open(t.Context(), s, tc.actor, tc.o)
			wantCode(t, err, tc.want)
		})
	}
	if acts := l.acts(s, good.ID); acts[evidence.ActOpened] != 1 || acts[evidence.ActMemberAdded] != 1 || acts[evidence.ActRoster] != 1 || len(acts) != 3 {
		t.Errorf("acts %v", acts)
	}
	members, err := s.Members(t.Context(), examiner, good.ID)
	if err != nil || len(members) != 2 {
		t.Errorf("members %v, %v", members, err)
	}
}

func TestCaseNumbersHaveNoGaps(t *testing.T) {
	l := newLab(t)
	services := []*process{l.service(), l.service()}
	numbers := make(chan string, 12)
	for i := range 12 {
		go func() {
			c, err := open(t.Context(), services[i%2], investigator, custody.Opening{
				ID: newID[evidence.CaseID](t), Title: "A case", TimeZone: "UTC",
			})
			if err != nil {
				t.Error(err)
			}
			numbers <- c.Number
		}()
	}
	var got []string
	for range 12 {
		got = append(got, <-numbers)
	}
	slices.Sort(got)
	for i, n := range got {
		if n[4:] != "-00"+string([]byte{'0' + byte((i+1)/10), '0' + byte((i+1)%10)}) {
			t.Errorf("numbers %v", got)
			break
		}
	}
	page, err := services[0].Cases(t.Context(), investigator, "", 0)
	if err != nil || len(page.Items) != 12 || page.Total != 12 || page.Next != "" {
		t.Errorf("%d cases of %d, then %q, %v", len(page.Items), page.Total, page.Next, err)
	}
	if page, err := services[0].Cases(t.Context(), stranger, "", 0); err != nil || len(page.Items) != 0 {
		t.Errorf("a stranger sees %d cases, %v", len(page.Items), err)
	}
}

// TestCasesInPages walks over the list of cases while others come: each that was
// there is on exactly one page, newest first, and only those of a page are opened.
func TestCasesInPages(t *testing.T) {
	l := newLab(t)
	counting := &counting{Registry: l.registry}
	l.config.Registry = counting
	var later atomic.Int64 // they are ordered by milliseconds
	l.config.Clock = func() time.Time { return time.Now().Add(time.Duration(later.Load()) * time.Millisecond) }
	s := l.service()
	var want []evidence.CaseID
	for range 7 {
		want = append(want, l.openCase(s).ID)
		later.Add(1)
	}
	slices.Reverse(want)
	var got []evidence.CaseID
	for cursor := ""; ; {
		counting.cases.Store(0)
		page, err := l.service().Cases(t.Context(), investigator, cursor, 3)
		l.check(err)
		if n := counting.cases.Load(); n != int64(len(page.Items)) {
			t.Errorf("%d cases were opened for a page of %d", n, len(page.Items))
		}
		for _, c := range page.Items {
			got = append(got, c.ID)
		}
		if cursor = page.Next; cursor == "" {
			break
		}
		l.openCase(s)
	}
	if !slices.Equal(got, want) {
		t.Errorf("the pages have %v, want %v", got, want)
	}
	for _, cursor := range []string{"x", "/", "2026-01-01T00:00:00.000Z/" + string(want[0][:9]), "2026-01-01/" + string(want[0])} {
		_, err := s.Cases(t.Context(), investigator, cursor, 3)
		wantCode(t, err, evidence.Invalid)
	}
}

// counting counts how many logs are read for the first time.
type counting struct {
	rooms.Registry
	cases atomic.Int64
}

func (c *counting) Tiles(ctx context.Context, id evidence.CaseID, span int64) ([][]byte, error) {
	c.cases.Add(1)
	return c.Registry.Tiles(ctx, id, span)
}

// TestUnknownAndForeignLookTheSame wants the same words for what does not exist
// and for what the actor may not know to exist.
func TestUnknownAndForeignLookTheSame(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	it := l.bring(s, in, "x", []byte("x"))
	l.sealAll(s, in)
	d, err := s.RequestDisclosure(t.Context(), prosecutor, disclosureOf(t, c))
	l.check(err)
	u, err := s.CreateUpload(t.Context(), examiner, intake.UploadRequest{Intake: in.ID, Name: "x"})
	l.check(err)
	ctx := t.Context()
	for _, tc := range []struct {
		name string
		try  func(known bool) error
	}{
		{"case", func(known bool) error {
			_, err := s.Case(ctx, stranger, pick(known, c.ID, newID[evidence.CaseID](t)))
			return err
		}},
		{"intake", func(known bool) error {
			_, err := s.Intake(ctx, stranger, pick(known, in.ID, newID[evidence.IntakeID](t)))
			return err
		}},
		{"upload into an intake", func(known bool) error {
			_, err := s.CreateUpload(ctx, stranger, intake.UploadRequest{Intake: pick(known, in.ID, newID[evidence.IntakeID](t)), Name: "x"})
			return err
		}},
		{"upload", func(known bool) error {
			_, err := s.Upload(ctx, stranger, pick(known, u.ID, newID[evidence.UploadID](t)))
			return err
		}},
		{"item", func(known bool) error {
			_, err := s.Item(ctx, stranger, pick(known, it.ID, newID[evidence.ItemID](t)))
			return err
		}},
		{"disclosure", func(known bool) error {
			_, err := s.Disclosure(ctx, stranger, pick(known, d.ID, newID[evidence.DisclosureID](t)))
			return err
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			known, unknown := tc.try(true), tc.try(false)
			wantCode(t, known, evidence.NotFound)
			if known == nil || unknown == nil || known.Error() != unknown.Error() {
				t.Errorf("%q and %q", known, unknown)
			}
		})
	}
}

func pick[T any](first bool, a, b T) T {
	if first {
		return a
	}
	return b
}

// TestUploadIntoAClosedCase: an upload that was begun before its case was closed is
// not completed into it; nothing of it is evidence, and it goes on where it was
// when the case is open again.
func TestUploadIntoAClosedCase(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	data := []byte("late")
	u, err := s.CreateUpload(t.Context(), examiner, intake.UploadRequest{Intake: in.ID, Name: "late", Length: 4, Declared: evidence.Sum(data)})
	l.check(err)
	_, err = s.WriteUpload(t.Context(), examiner, u.ID, 0, bytes.NewReader(data))
	l.check(err)
	_, err = transition(t.Context(), s, investigator, c.ID, evidence.StateIntake, evidence.StateClosed, "nothing in it")
	l.check(err)
	_, err = s.CompleteUpload(t.Context(), examiner, u.ID, evidence.Digest{})
	wantCode(t, err, evidence.Conflict)
	if !strings.Contains(evidence.MessageOf(err), "opened again") {
		t.Errorf("%v does not say what to do", err)
	}
	if acts := l.acts(s, c.ID); acts[evidence.ActReceived] != 0 {
		t.Errorf("acts %v", acts)
	}
	_, err = transition(t.Context(), s, investigator, c.ID, evidence.StateClosed, evidence.StateOpen, "there is more")
	l.check(err)
	it, err := s.CompleteUpload(t.Context(), examiner, u.ID, evidence.Digest{})
	if err != nil || it.Digest != evidence.Sum(data) {
		t.Errorf("%+v, %v", it, err)
	}
}

func TestTransitions(t *testing.T) {
	l := newLab(t)
	s := l.service()
	c := l.openCase(s)
	in := l.openIntake(s, c)
	signed, err := s.Sign(t.Context(), investigator, move(c, evidence.StateClosed, "nothing in it"))
	l.check(err)
	for range 2 { // a retried activity
		done, err := s.Record(t.Context(), worker, c.ID, [][]byte{signed})
		if got := done.Case; err != nil || got.State != evidence.StateClosed || got.Version != 2 {
			t.Errorf("%+v, %v", got, err)
		}
	}
	_, err = transition(t.Context(), s, investigator, c.ID, evidence.StateIntake, evidence.StateOpen, "too late")
	wantCode(t, err, evidence.Conflict)
	_, err = transition(t.Context(), s, investigator, c.ID, evidence.StateClosed, evidence.StateTrial, "not allowed")
	wantCode(t, err, evidence.Conflict)
	_, err = s.CreateUpload(t.Context(), examiner, intake.UploadRequest{Intake: in.ID, Name: "late"})
	wantCode(t, err, evidence.Conflict)
	_, err = s.OpenIntake(t.Context(), examiner, intake.Request{ID: newID[evidence.IntakeID](t), Case: c.ID, Source: "late"})
	wantCode(t, err, evidence.Conflict)
	if n := l.acts(s, c.ID)[evidence.ActTransitioned]; n != 1 {
		t.Errorf("%d entries, want 1", n)
	}
}
