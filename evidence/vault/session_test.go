package vault_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/vault"
)

func TestLogin(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.api()
	for _, want := range []evidence.Person{
		{Login: "ivy", Name: "Ivy Vestigator", Roles: []evidence.Role{evidence.Investigator, evidence.Supervisor}},
		{Login: "ed", Name: "Ed Xaminer", Roles: []evidence.Role{evidence.Examiner}},
		{Login: "norah", Name: "Norah Role"},
	} {
		t.Run(want.Login, func(t *testing.T) {
			session, err := c.Login(t.Context(), strings.ToUpper(want.Login), h.password(want.Login))
			if err != nil {
				t.Fatal(err)
			}
			want.ID = session.Person.ID
			if want.ID == "" {
				t.Fatal("a person without an ID")
			}
			if diff := cmp.Diff(want, session.Person); diff != "" {
				t.Errorf("signed in (-want +got):\n%s", diff)
			}
			if left := time.Until(session.Expires); left < 7*time.Hour || left > 8*time.Hour {
				t.Errorf("the session ends in %v", left)
			}
			again, err := c.Identify(t.Context(), session.Token)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, again.Person); diff != "" {
				t.Errorf("identified (-want +got):\n%s", diff)
			}
			if d := again.Expires.Sub(session.Expires).Abs(); d > 3*time.Second {
				t.Errorf("two ends of one session, %v apart", d)
			}
			found, err := c.FindPerson(t.Context(), want.Login)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, found); diff != "" {
				t.Errorf("found (-want +got):\n%s", diff)
			}
		})
	}
}

// TestWrongLogin asks that nobody learns from the answer what was wrong.
func TestWrongLogin(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.api()
	messages := map[string]bool{}
	for _, try := range [][2]string{
		{"ivy", "wrong"}, {"ivy", ""}, {"ivy", h.password("ed")}, {"nobody", "wrong"}, {"", "wrong"},
		{"../../../sys/seal", "wrong"}, {"ivy/../ed", h.password("ed")}, {"ivy\n", "wrong"}, {"ivy?x=1", "wrong"},
		{"ivy", strings.Repeat("x", 100_000)}, {strings.Repeat("x", 100_000), "wrong"},
	} {
		_, err := c.Login(t.Context(), try[0], try[1])
		fails(t, err, evidence.Unauthenticated)
		messages[evidence.MessageOf(err)] = true
	}
	if len(messages) != 1 {
		t.Errorf("answers differ: %v", messages)
	}
}

func TestLockout(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(s *vault.Spec) { s.LockoutAfter, s.LockoutFor = 3, 4*time.Second })
	c := h.api()
	var message string
	for range 4 {
		_, err := c.Login(t.Context(), "ivy", "wrong")
		fails(t, err, evidence.Unauthenticated)
		message = evidence.MessageOf(err)
	}
	_, err := c.Login(t.Context(), "ivy", h.password("ivy")) // right, and yet
	fails(t, err, evidence.Unauthenticated)
	if got := evidence.MessageOf(err); got != message {
		t.Errorf("a locked account says %q, a wrong password %q", got, message)
	}
	if _, err := c.Login(t.Context(), "ed", h.password("ed")); err != nil {
		t.Errorf("somebody else is locked out as well: %v", err)
	}
	deadline := time.Now().Add(20 * time.Second)
	for {
		if _, err = c.Login(t.Context(), "ivy", h.password("ivy")); err == nil || time.Now().After(deadline) {
			break
		}
		time.Sleep(500 * time.Millisecond)
	}
	if err != nil {
		t.Errorf("the lock does not end: %v", err)
	}
}

func TestIdentifyRefuses(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.api()
	out := h.login("ed")
	if err := c.Logout(t.Context(), out.Token); err != nil {
		t.Fatal(err)
	}
	if err := c.Logout(t.Context(), out.Token); err != nil {
		t.Errorf("a second end is an error: %v", err)
	}
	for name, token := range map[string]string{
		"none": "", "nonsense": "hvs.nonsense", "header": "hvs.x\r\nX-Vault-Token: y", "ended": out.Token,
		"of a program": h.serviceToken(h.outcome.API), "of nobody": h.admin.Token(),
	} {
		t.Run(name, func(t *testing.T) {
			_, err := c.Identify(t.Context(), token)
			fails(t, err, evidence.Unauthenticated)
		})
	}
}

func TestSessionExpires(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(s *vault.Spec) { s.SessionLife = 2 * time.Second })
	c := h.api()
	session := h.login("ivy")
	if _, err := c.Identify(t.Context(), session.Token); err != nil {
		t.Fatal(err)
	}
	time.Sleep(time.Until(session.Expires) + time.Second)
	_, err := c.Identify(t.Context(), session.Token)
	fails(t, err, evidence.Unauthenticated)
}

// TestDisabledPerson shuts somebody out: their session ends at once.
func TestDisabledPerson(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.api()
	session := h.login("ed")
	if _, err := h.admin.Logical().WriteWithContext(t.Context(), "identity/entity/id/"+string(session.Person.ID),
		map[string]any{"disabled": true}); err != nil {
		t.Fatal(err)
	}
	_, err := c.Identify(t.Context(), session.Token)
	fails(t, err, evidence.Unauthenticated)
	_, err = c.Login(t.Context(), "ed", h.password("ed"))
	fails(t, err, evidence.Unauthenticated)
	_, err = c.FindPerson(t.Context(), "ed")
	fails(t, err, evidence.NotFound)
}

func TestFindNobody(t *testing.T) {
	t.Parallel()
	c := newHouse(t).api()
	for _, login := range []string{"nobody", "", "ivy/x", "../ivy", strings.Repeat("x", 1000)} {
		_, err := c.FindPerson(t.Context(), login)
		fails(t, err, evidence.NotFound)
	}
}

// TestSessionKeepsItsToken prints a session in every way that a careless line
// of code would.
func TestSessionKeepsItsToken(t *testing.T) {
	t.Parallel()
	session := vault.Session{Token: "hvs.secret", Person: evidence.Person{Login: "ivy"}}
	var log bytes.Buffer
	slog.New(slog.NewJSONHandler(&log, nil)).Info("in", "session", session)
	printed := log.String() + fmt.Sprint(session) + fmt.Sprintf("%v %+v %#v %s", session, session, session, session) + fmt.Sprintf("%v", []vault.Session{session})
	if strings.Contains(printed, "secret") {
		t.Errorf("a token was printed: %s", printed)
	}
}
