package vault_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/deploy/local/servers"
	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/vault"
)

func TestBootstrapAgain(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	before, ivy := h.outcome, h.login("ivy")
	if len(before.Keys) != 3 || before.Keys[0].Name != origin+"/log/v1" || before.Keys[1].Name != origin+"/seal/v1" ||
		before.Keys[2].Name != origin+"/worker/v1" {
		t.Fatalf("keys: %v", before.Keys)
	}
	h.bootstrap()
	if diff := cmp.Diff(before, h.outcome); diff != "" {
		t.Errorf("the second run changed (-first +second):\n%s", diff)
	}
	if _, err := h.api().Identify(t.Context(), ivy.Token); err != nil {
		t.Errorf("a session ended: %v", err)
	}
	if again := h.login("ivy").Person; again.ID != ivy.Person.ID {
		t.Errorf("ivy is %s now, was %s", again.ID, ivy.Person.ID)
	}
}

// TestBootstrapChangesRoles takes one role and gives another; a policy that is
// no role of ours stays.
func TestBootstrapChangesRoles(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	session := h.login("ed")
	entity := "identity/entity/id/" + string(session.Person.ID)
	if _, err := h.admin.Logical().WriteWithContext(t.Context(), entity,
		map[string]any{"policies": []string{"a-theirs", h.spec.Layout.Policies + "examiner"}}); err != nil {
		t.Fatal(err)
	}
	h.spec.People[1].Roles = []evidence.Role{evidence.Prosecutor}
	h.spec.People[1].Name = "Ed Secutor"
	h.bootstrap()
	now, err := h.api().Identify(t.Context(), session.Token) // roles hold from now on, not from the next sign-in
	if err != nil {
		t.Fatal(err)
	}
	want := evidence.Person{ID: session.Person.ID, Login: "ed", Name: "Ed Secutor", Roles: []evidence.Role{evidence.Prosecutor}}
	if diff := cmp.Diff(want, now.Person); diff != "" {
		t.Errorf("ed (-want +got):\n%s", diff)
	}
	secret, err := h.admin.Logical().ReadWithContext(t.Context(), entity)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]any{"a-theirs", h.spec.Layout.Policies + "prosecutor"}, secret.Data["policies"]); diff != "" {
		t.Errorf("policies (-want +got):\n%s", diff)
	}
}

// TestBootstrapIssuesANewSecret where the stored one was lost or destroyed.
func TestBootstrapIssuesANewSecret(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	before := h.outcome
	path := "auth/" + h.spec.Layout.Services + "/role/" + h.spec.Layout.Policies + "api/secret-id/destroy"
	if _, err := h.admin.Logical().WriteWithContext(t.Context(), path, map[string]any{"secret_id": before.API.SecretID}); err != nil {
		t.Fatal(err)
	}
	h.bootstrap()
	if h.outcome.API.SecretID == before.API.SecretID || h.outcome.API.RoleID != before.API.RoleID || h.outcome.Worker != before.Worker {
		t.Error("the destroyed secret ID stayed, or others changed")
	}
	if err := h.api().Health(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestBootstrapFindsAPersonWhoWasThere: somebody signed in before the person
// was named; the entity that Vault made then becomes that person.
func TestBootstrapFindsAPersonWhoWasThere(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	if _, err := h.admin.Logical().WriteWithContext(t.Context(), "auth/"+h.spec.Layout.People+"/users/early",
		map[string]any{"password": "early-bird", "token_policies": h.spec.Layout.Policies + "person"}); err != nil {
		t.Fatal(err)
	}
	first, err := h.api().Login(t.Context(), "early", "early-bird")
	if err != nil {
		t.Fatal(err)
	}
	h.spec.People = append(h.spec.People, vault.PersonSpec{Login: "early", Name: "Early Bird", Roles: []evidence.Role{evidence.Auditor}})
	h.bootstrap()
	now, err := h.api().Login(t.Context(), "early", "early-bird")
	if err != nil {
		t.Fatal(err)
	}
	want := evidence.Person{ID: first.Person.ID, Login: "early", Name: "Early Bird", Roles: []evidence.Role{evidence.Auditor}}
	if diff := cmp.Diff(want, now.Person); diff != "" {
		t.Errorf("early (-want +got):\n%s", diff)
	}
}

// TestBootstrapRefusesAKeyThatCouldLeave: such a key may have been copied, and
// what it signed proves nothing.
func TestBootstrapRefusesAKeyThatCouldLeave(t *testing.T) {
	t.Parallel()
	for name, key := range map[string]map[string]any{
		"exportable": {"type": "ed25519", "exportable": true},
		"backup":     {"type": "ed25519", "allow_plaintext_backup": true},
		"other type": {"type": "ecdsa-p256"},
	} {
		t.Run(name, func(t *testing.T) {
			h := newHouse(t)
			h.spec.Layout = vault.DefaultLayout().WithPrefix(h.spec.Layout.Policies)
			if err := h.admin.Sys().MountWithContext(t.Context(), h.spec.Layout.Transit, transitMount()); err != nil {
				t.Fatal(err)
			}
			if _, err := h.admin.Logical().WriteWithContext(t.Context(), h.spec.Layout.Transit+"/keys/log", key); err != nil {
				t.Fatal(err)
			}
			_, err := vault.Bootstrap(t.Context(), h.admin, h.spec)
			fails(t, err, evidence.Conflict)
		})
	}
}

// TestBootstrapForbidsDeletion of a key that somebody allowed to delete.
func TestBootstrapForbidsDeletion(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	key := h.spec.Layout.Transit + "/keys/seal"
	if _, err := h.admin.Logical().WriteWithContext(t.Context(), key+"/config", map[string]any{"deletion_allowed": true}); err != nil {
		t.Fatal(err)
	}
	h.bootstrap()
	if _, err := h.admin.Logical().DeleteWithContext(t.Context(), key); err == nil {
		t.Error("the key was deleted")
	}
}

func TestBootstrapRefusesASpec(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for name, change := range map[string]func(*vault.Spec){
		"no origin": func(s *vault.Spec) { s.Origin = "" },
		"origin":    func(s *vault.Spec) { s.Origin = "agency example+x" },
		"login":     func(s *vault.Spec) { s.People = []vault.PersonSpec{{Login: "../ivy", Password: "x"}} },
		"capital":   func(s *vault.Spec) { s.People = []vault.PersonSpec{{Login: "Ivy", Password: "x"}} },
		"role": func(s *vault.Spec) {
			s.People = []vault.PersonSpec{{Login: "max", Password: "x", Roles: []evidence.Role{"king"}}}
		},
		"no password":  func(s *vault.Spec) { s.People = []vault.PersonSpec{{Login: "max"}} },
		"another kind": func(s *vault.Spec) { s.Layout.People = s.Layout.Services },
	} {
		t.Run(name, func(t *testing.T) {
			spec := h.spec
			change(&spec)
			_, err := vault.Bootstrap(t.Context(), h.admin, spec)
			want := evidence.Invalid
			if name == "another kind" {
				want = evidence.Conflict
			}
			fails(t, err, want)
		})
	}
	if _, err := vault.New(vault.Config{Address: h.address}); evidence.CodeOf(err) != evidence.Invalid {
		t.Errorf("New without an origin: %v", err)
	}
}

// TestBootstrapLooksForAnAuditDevice on a Vault of its own, whose device it takes
// away.
func TestBootstrapLooksForAnAuditDevice(t *testing.T) {
	t.Parallel()
	stack := servertest.Own(t, servers.Vault)
	h := newHouseAt(t, stack.VaultAddr, stack.VaultRootToken)
	if !h.outcome.Audited {
		t.Error("an audit device is not seen")
	}
	if err := h.admin.Sys().DisableAuditWithContext(t.Context(), "file"); err != nil {
		t.Fatal(err)
	}
	if h.bootstrap(); h.outcome.Audited {
		t.Error("an audit device is seen that is gone")
	}
}
