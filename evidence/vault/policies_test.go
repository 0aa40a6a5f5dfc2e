package vault_test

import (
	"net/http"
	"testing"

	"github.com/hashicorp/vault/api"

	"github.com/sealcase/sealcase/evidence/vault"
)

// try is one request to Vault.
type try struct {
	name string
	do   func(*api.Client) error
}

// tryRead, tryWrite, tryList and tryDelete make a request of a path.
func tryRead(path string) try {
	return try{"read " + path, func(c *api.Client) error { _, err := c.Logical().Read(path); return err }}
}

func tryWrite(path string, data map[string]any) try {
	return try{"write " + path, func(c *api.Client) error { _, err := c.Logical().Write(path, data); return err }}
}

func tryList(path string) try {
	return try{"list " + path, func(c *api.Client) error { _, err := c.Logical().List(path); return err }}
}

func tryDelete(path string) try {
	return try{"delete " + path, func(c *api.Client) error { _, err := c.Logical().Delete(path); return err }}
}

// forbiddenToAll is what neither a person nor a process of ours may do: keys
// are made, turned, copied and deleted by administrators only, and nobody gives
// rights or sees what others hold.
func forbiddenToAll(h *house) []try {
	l := h.spec.Layout
	input := map[string]any{"input": "eA=="}
	tries := []try{
		tryWrite(l.Transit+"/keys/another", map[string]any{"type": "ed25519", "exportable": true}),
		tryList(l.Transit + "/keys"),
		tryWrite(l.Transit+"/restore/copy", map[string]any{"backup": "x"}),
		tryWrite(l.Transit+"/encrypt/log", map[string]any{"plaintext": "eA=="}),
		tryWrite(l.Transit+"/sign/another", input),
		tryWrite(l.Transit+"/sign/root", input),
		tryWrite(l.Transit+"/keys/root", map[string]any{"type": "ed25519"}),
		tryWrite(l.Stated+"/stated", map[string]any{"statement": "mine"}),
		tryDelete(l.Stated + "/stated"),
		tryWrite(l.Transit+"/cache-config", map[string]any{"size": 0}),
		tryWrite("auth/"+l.People+"/users/ivy/password", map[string]any{"password": "stolen-password"}),
		tryWrite("auth/"+l.People+"/users/mallory", map[string]any{"password": "mallory-password"}),
		tryRead("auth/" + l.People + "/users/ivy"),
		tryList("auth/" + l.People + "/users"),
		tryWrite("auth/"+l.Services+"/role/"+l.Policies+"worker/secret-id", nil),
		tryRead("auth/" + l.Services + "/role/" + l.Policies + "worker/role-id"),
		tryWrite("auth/token/create", map[string]any{"policies": []string{"root"}}),
		tryWrite("auth/token/lookup", map[string]any{"token": h.admin.Token()}),
		tryWrite("auth/token/revoke", map[string]any{"token": h.admin.Token()}),
		tryList("auth/token/accessors"),
		tryWrite("sys/policies/acl/"+l.Policies+"api", map[string]any{"policy": `path "*" { capabilities = ["sudo"] }`}),
		tryRead("sys/policies/acl/" + l.Policies + "api"),
		tryWrite("identity/entity/name/"+l.Policies+"ivy", map[string]any{"policies": []string{l.Policies + "administrator"}}),
		tryWrite("identity/entity-alias", map[string]any{"name": "mallory"}),
		tryList("identity/entity/id"),
		tryRead("sys/mounts"),
		tryWrite("sys/seal", nil),
		tryDelete("sys/audit/file"),
	}
	for _, key := range []string{"log", "seal", "worker", "payload"} {
		path := l.Transit + "/keys/" + key
		tries = append(tries,
			tryWrite(path, map[string]any{"type": "ed25519"}),
			tryWrite(path+"/rotate", nil),
			tryWrite(path+"/config", map[string]any{"deletion_allowed": true}),
			tryWrite(path+"/config", map[string]any{"exportable": true}),
			tryWrite(path+"/config", map[string]any{"min_available_version": 1}),
			tryWrite(path+"/trim", map[string]any{"min_available_version": 1}),
			tryWrite(path+"/import_version", map[string]any{"ciphertext": "x"}),
			tryDelete(path),
			tryRead(l.Transit+"/backup/"+key),
			tryRead(l.Transit+"/export/signing-key/"+key),
			tryRead(l.Transit+"/export/signing-key/"+key+"/1"),
		)
	}
	return tries
}

// refused fails the test unless Vault answers 403, the same for all.
func refused(t *testing.T, c *api.Client, tries []try) {
	t.Helper()
	for _, try := range tries {
		t.Run(try.name, func(t *testing.T) {
			err := try.do(c)
			if answer, ok := err.(*api.ResponseError); !ok || answer.StatusCode != http.StatusForbidden {
				t.Errorf("not refused: %v", err)
			}
		})
	}
}

// allowed fails the test unless Vault does it.
func allowed(t *testing.T, c *api.Client, tries []try) {
	t.Helper()
	for _, try := range tries {
		t.Run(try.name, func(t *testing.T) {
			if err := try.do(c); err != nil {
				t.Errorf("refused: %v", err)
			}
		})
	}
}

func TestWhatTheAPIMay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := rawClient(t, h.address, h.serviceToken(h.outcome.API))
	transit, input := h.spec.Layout.Transit, map[string]any{"input": "eA=="}
	allowed(t, c, []try{
		tryRead(transit + "/keys/log"), tryRead(transit + "/keys/seal"), tryRead(transit + "/keys/worker"),
		tryWrite(transit+"/sign/log", input),
		tryRead("auth/token/lookup-self"), tryRead("sys/auth"),
	})
	refused(t, c, append(forbiddenToAll(h), tryWrite(transit+"/sign/seal", input), tryWrite(transit+"/sign/worker", input),
		tryWrite(transit+"/sign/worker/sha2-256", input)))
}

func TestWhatTheWorkerMay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := rawClient(t, h.address, h.serviceToken(h.outcome.Worker))
	transit, input := h.spec.Layout.Transit, map[string]any{"input": "eA=="}
	allowed(t, c, []try{
		tryRead(transit + "/keys/log"), tryRead(transit + "/keys/seal"), tryRead(transit + "/keys/worker"),
		tryWrite(transit+"/sign/log", input), tryWrite(transit+"/sign/seal", input), tryWrite(transit+"/sign/worker", input),
		tryRead("auth/token/lookup-self"),
	})
	person := h.login("ivy").Person
	allowed(t, c, []try{tryRead("identity/entity/id/" + string(person.ID))})
	refused(t, c, append(forbiddenToAll(h),
		tryWrite("identity/lookup/entity", map[string]any{"name": "ivy"}),
		tryRead("sys/auth")))
}

func TestWhatAPersonMay(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	const login = "ed"
	session := h.login(login)
	c := rawClient(t, h.address, session.Token)
	transit, input := h.spec.Layout.Transit, map[string]any{"input": "eA=="}
	refused(t, c, append(forbiddenToAll(h),
		tryWrite(transit+"/sign/log", input), tryWrite(transit+"/sign/seal", input), tryWrite(transit+"/sign/worker", input),
		tryWrite(transit+"/datakey/plaintext/payload", nil), tryWrite(transit+"/datakey/wrapped/payload", nil),
		tryWrite(transit+"/decrypt/payload", map[string]any{"ciphertext": "vault:v1:x"}), tryWrite(transit+"/encrypt/payload", map[string]any{"plaintext": "eA=="}),
		tryRead(transit+"/keys/log"),
		tryWrite("identity/lookup/entity", map[string]any{"name": "ivy"}), tryRead("identity/entity/id/"+string(session.Person.ID)),
		tryWrite("auth/"+h.spec.Layout.People+"/users/"+login, map[string]any{"token_policies": "root"}),
		tryWrite("auth/"+h.spec.Layout.People+"/users/"+login+"/policies", map[string]any{"token_policies": "root"})))
	allowed(t, c, []try{tryRead("auth/token/lookup-self"), tryWrite("auth/token/renew-self", nil), tryWrite("auth/token/revoke-self", nil)})
}

// TestKeysStayInVault asks even an administrator, who could do all the rest.
func TestKeysStayInVault(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, key := range []string{vault.KeyLog, vault.KeySeal, vault.KeyWorker} {
		for _, try := range []try{
			tryRead(h.spec.Layout.Transit + "/export/signing-key/" + key),
			tryRead(h.spec.Layout.Transit + "/backup/" + key),
			tryDelete(h.spec.Layout.Transit + "/keys/" + key),
		} {
			t.Run(try.name, func(t *testing.T) {
				if try.do(h.admin) == nil {
					t.Error("it could")
				}
			})
		}
	}
}
