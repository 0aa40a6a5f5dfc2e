package vault_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence"
)

// person asks who that is as the API, and as the worker, and wants one answer.
func (h *house) person(id evidence.PersonID) evidence.Person {
	h.t.Helper()
	p, err := h.worker().Person(h.t.Context(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	other, err := h.api().Person(h.t.Context(), id)
	if err != nil {
		h.t.Fatal(err)
	}
	if diff := cmp.Diff(p, other); diff != "" {
		h.t.Errorf("the worker and the API are told different things:\n%s", diff)
	}
	return p
}

// set writes to Vault as its administrator.
func (h *house) set(path string, data map[string]any) map[string]any {
	h.t.Helper()
	secret, err := h.admin.Logical().WriteWithContext(h.t.Context(), path, data)
	if err != nil {
		h.t.Fatal(err)
	}
	if secret == nil {
		return nil
	}
	return secret.Data
}

// TestPersonIsWhatVaultSaysNow follows one person through changes that an
// administrator of Vault makes.
func TestPersonIsWhatVaultSaysNow(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	id := h.login("ivy").Person.ID
	want := evidence.Person{ID: id, Login: "ivy", Name: "Ivy Vestigator", Roles: []evidence.Role{evidence.Investigator, evidence.Supervisor}}
	entity, policies := "identity/entity/id/"+string(id), h.spec.Layout.Policies
	var group string
	for _, step := range []struct {
		name   string
		change func()
		want   func(*evidence.Person)
	}{
		{"as bootstrap made them", func() {}, func(*evidence.Person) {}},
		{"another name", func() {
			h.set(entity, map[string]any{"metadata": map[string]string{"login": "somebody-else", "name": "Ivy Married"}})
		}, func(p *evidence.Person) { p.Name = "Ivy Married" }},
		{"another role", func() { h.set(entity, map[string]any{"policies": []string{policies + "auditor", "default"}}) },
			func(p *evidence.Person) { p.Roles = []evidence.Role{evidence.Auditor} }},
		{"a role through a group", func() {
			group, _ = h.set("identity/group", map[string]any{
				"name": policies + "supervisors", "policies": []string{policies + "supervisor"}, "member_entity_ids": []string{string(id)},
			})["id"].(string)
		}, func(p *evidence.Person) { p.Roles = []evidence.Role{evidence.Supervisor, evidence.Auditor} }},
		{"a policy of the login is no role", func() {
			h.set("auth/"+h.spec.Layout.People+"/users/ivy", map[string]any{"token_policies": []string{policies + "person", policies + "administrator"}})
		}, func(*evidence.Person) {}},
		{"out of the group", func() { h.set("identity/group/id/"+group, map[string]any{"member_entity_ids": []string{}}) },
			func(p *evidence.Person) { p.Roles = []evidence.Role{evidence.Auditor} }},
	} {
		step.change()
		step.want(&want)
		if diff := cmp.Diff(want, h.person(id)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", step.name, diff)
		}
		if diff := cmp.Diff(want, h.login("ivy").Person); diff != "" {
			t.Errorf("%s: a session says otherwise (-want +got):\n%s", step.name, diff)
		}
		found, err := h.api().FindPerson(t.Context(), "ivy")
		if diff := cmp.Diff(want, found); err != nil || diff != "" {
			t.Errorf("%s: found otherwise: %v\n%s", step.name, err, diff)
		}
	}
	h.set(entity, map[string]any{"disabled": true})
	want.Disabled, want.Roles = true, nil
	if diff := cmp.Diff(want, h.person(id)); diff != "" {
		t.Errorf("disabled (-want +got):\n%s", diff)
	}
}

// TestNoPerson: who signs in otherwise, as a process of ours does, is nobody.
func TestNoPerson(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	other := newHouse(t) // shares the Vault
	self, err := rawClient(t, h.address, h.serviceToken(h.outcome.API)).Auth().Token().LookupSelfWithContext(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	service, _ := self.Data["entity_id"].(string)
	loose, _ := h.set("identity/entity", map[string]any{
		"name": h.spec.Layout.Policies + "loose", "policies": []string{h.spec.Layout.Policies + "supervisor"},
		"metadata": map[string]string{"login": "ivy", "name": "Ivy Vestigator"},
	})["id"].(string)
	for name, try := range map[string]struct {
		id   string
		code evidence.Code
	}{
		"nobody":                  {"11111111-1111-1111-1111-111111111111", evidence.NotFound},
		"a process":               {service, evidence.NotFound},
		"without a login":         {loose, evidence.NotFound},
		"of another installation": {string(other.login("ivy").Person.ID), evidence.NotFound},
		"none":                    {"", evidence.Invalid},
		"a path":                  {"../../../sys/mounts", evidence.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			if try.id == "" && name != "none" {
				t.Fatal("nobody to ask for")
			}
			p, err := h.worker().Person(t.Context(), evidence.PersonID(try.id))
			fails(t, err, try.code)
			if diff := cmp.Diff(evidence.Person{}, p); diff != "" {
				t.Errorf("told of somebody:\n%s", diff)
			}
		})
	}
}

// rewriting is every way to change who somebody is, or what they may do.
func rewriting(h *house, p evidence.Person, aliasID string) []try {
	l := h.spec.Layout
	id, roles, meta := string(p.ID), []string{l.Policies + "supervisor"}, map[string]string{"name": "Somebody Else", "login": "ivy"}
	user := "auth/" + l.People + "/users/" + p.Login
	return []try{
		tryWrite("identity/entity/id/"+id, map[string]any{"metadata": meta}),
		tryWrite("identity/entity/id/"+id, map[string]any{"policies": roles}),
		tryWrite("identity/entity/id/"+id, map[string]any{"disabled": false}),
		tryWrite("identity/entity/name/"+l.Policies+p.Login, map[string]any{"metadata": meta}),
		tryWrite("identity/entity", map[string]any{"id": id, "metadata": meta}),
		tryWrite("identity/entity", map[string]any{"name": "mallory", "policies": roles}),
		tryWrite("identity/entity/merge", map[string]any{"from_entity_ids": id, "to_entity_id": id}),
		tryWrite("identity/entity/batch-delete", map[string]any{"entity_ids": []string{id}}),
		tryDelete("identity/entity/id/" + id),
		tryDelete("identity/entity/name/" + l.Policies + p.Login),
		tryWrite("identity/entity-alias/id/"+aliasID, map[string]any{"name": "ivy", "canonical_id": id}),
		tryWrite("identity/entity-alias/id/"+aliasID, map[string]any{"custom_metadata": meta}),
		tryWrite("identity/entity-alias", map[string]any{"id": aliasID, "name": "ivy", "canonical_id": id}),
		tryDelete("identity/entity-alias/id/" + aliasID),
		tryWrite("identity/alias/id/"+aliasID, map[string]any{"name": "ivy"}),
		tryWrite("identity/group", map[string]any{"name": "mallory", "policies": roles, "member_entity_ids": []string{id}}),
		tryWrite("identity/group/name/mallory", map[string]any{"policies": roles}),
		tryWrite("identity/group-alias", map[string]any{"name": "mallory"}),
		tryWrite(user, map[string]any{"token_policies": roles}),
		tryWrite(user+"/policies", map[string]any{"token_policies": roles}),
		tryDelete(user),
		tryWrite("sys/policies/acl/"+l.Policies+"person", map[string]any{"policy": `path "*" { capabilities = ["sudo"] }`}),
		tryWrite("sys/policy/"+l.Policies+"person", map[string]any{"policy": `path "*" { capabilities = ["sudo"] }`}),
		tryWrite("sys/auth/"+l.People+"/tune", map[string]any{"token_type": "service"}),
	}
}

// TestNobodySaysOfThemselfWhoTheyAre tries every way with a person's own token
// and with those of our processes.
func TestNobodySaysOfThemselfWhoTheyAre(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	session := h.login("ed")
	before := h.person(session.Person.ID)
	entity, err := h.admin.Logical().ReadWithContext(t.Context(), "identity/entity/id/"+string(before.ID))
	if err != nil {
		t.Fatal(err)
	}
	aliases, _ := entity.Data["aliases"].([]any)
	first, _ := aliases[0].(map[string]any)
	aliasID, _ := first["id"].(string)
	if aliasID == "" {
		t.Fatalf("ed has no alias: %v", entity.Data)
	}
	for who, token := range map[string]string{
		"the person": session.Token, "another person": h.login("ivy").Token,
		"the API": h.serviceToken(h.outcome.API), "the worker": h.serviceToken(h.outcome.Worker),
	} {
		t.Run(who, func(t *testing.T) {
			c := rawClient(t, h.address, token)
			refused(t, c, rewriting(h, before, aliasID))
			if who == "the API" || who == "the worker" {
				allowed(t, c, []try{tryRead("identity/entity/id/" + string(before.ID))})
				refused(t, c, []try{tryList("identity/entity/id"), tryList("identity/group/id"), tryRead("identity/entity-alias/id/" + aliasID)})
			}
		})
	}
	if diff := cmp.Diff(before, h.person(before.ID)); diff != "" {
		t.Errorf("ed is somebody else now:\n%s", diff)
	}
}

// TestIdentifyAsksForAPersonsLogin: a token that an administrator made for an
// entity without a login among the people is nobody's session.
func TestIdentifyAsksForAPersonsLogin(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	other := newHouse(t)
	_, err := h.api().Identify(t.Context(), other.login("ivy").Token)
	fails(t, err, evidence.Unauthenticated)
	_, err = other.api().FindPerson(t.Context(), "ivy")
	if err != nil {
		t.Errorf("and there they are somebody: %v", err)
	}
}
