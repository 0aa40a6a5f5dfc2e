package vault_test

import (
	"crypto/ed25519"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/deploy/local/servers"
	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/vault"
)

// withKey signs somebody in and makes their key.
func (h *house) withKey(login string) (vault.Session, string) {
	h.t.Helper()
	s := h.login(login)
	if err := h.api().EnsurePersonKey(h.t.Context(), s.Token, s.Person.ID); err != nil {
		h.t.Fatal(err)
	}
	return s, "person-" + string(s.Person.ID)
}

func TestPersonSigns(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ivy := h.login("ivy")
	keys, err := h.worker().PersonKeys(t.Context(), ivy.Person.ID)
	if err != nil || len(keys) != 0 {
		t.Fatalf("before the key is made: %v, %v", keys, err)
	}
	c := h.api()
	signer := c.PersonSigner(ivy.Token, ivy.Person.ID)
	_, err = signer.Sign(t.Context(), []byte("early"))
	fails(t, err, evidence.Unavailable)
	for range 2 { // it may be asked for again
		if err := c.EnsurePersonKey(t.Context(), ivy.Token, ivy.Person.ID); err != nil {
			t.Fatal(err)
		}
	}
	signed, err := signer.Sign(t.Context(), []byte("an act"), []byte("another"))
	if err != nil {
		t.Fatal(err)
	}
	name := fmt.Sprintf("%s/person/%s/v1", origin, ivy.Person.ID)
	for i, message := range []string{"an act", "another"} {
		if signed[i].Key.Name != name || !signed[i].Key.Verify([]byte(message), signed[i].Bytes) {
			t.Errorf("signature %d by %s is not good", i, signed[i].Key.Name)
		}
	}
	keys, err = h.worker().PersonKeys(t.Context(), ivy.Person.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]evidence.PublicKey{signed[0].Key}, keys); diff != "" {
		t.Errorf("the worker reads other keys:\n%s", diff)
	}
}

// TestNobodyElseSignsForAPerson asks Vault itself, and then our client.
func TestNobodyElseSignsForAPerson(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ivy, key := h.withKey("ivy")
	ed, _ := h.withKey("ed")
	transit := h.spec.Layout.Transit
	forging := []try{
		tryWrite(transit+"/sign/"+key, map[string]any{"input": "eA=="}),
		tryWrite(transit+"/sign/"+key, map[string]any{"batch_input": []map[string]string{{"input": "eA=="}}}),
		tryWrite(transit+"/sign/"+key+"/sha2-256", map[string]any{"input": "eA=="}),
		tryWrite(transit+"/keys/"+key, map[string]any{"type": "ed25519"}),
		tryWrite(transit+"/keys/person-11111111-1111-1111-1111-111111111111", map[string]any{"type": "ed25519"}),
	}
	for who, token := range map[string]string{
		"api": h.serviceToken(h.outcome.API), "worker": h.serviceToken(h.outcome.Worker), "another person": ed.Token,
	} {
		t.Run(who, func(t *testing.T) {
			c := rawClient(t, h.address, token)
			refused(t, c, append(forging, meddling(transit, key)...))
			if who != "another person" {
				allowed(t, c, []try{tryRead(transit + "/keys/" + key)})
			}
			_, err := h.api().PersonSigner(token, ivy.Person.ID).Sign(t.Context(), []byte("forged"))
			fails(t, err, evidence.Forbidden)
		})
	}
	fails(t, h.api().EnsurePersonKey(t.Context(), ed.Token, "11111111-1111-1111-1111-111111111111"), evidence.Forbidden)
}

// meddling is what nobody but an administrator may try with a person's key.
func meddling(transit, key string) []try {
	path := transit + "/keys/" + key
	return []try{
		tryDelete(path), tryWrite(path+"/rotate", nil), tryWrite(path+"/trim", map[string]any{"min_available_version": 1}),
		tryWrite(path+"/config", map[string]any{"deletion_allowed": true}), tryWrite(path+"/config", map[string]any{"exportable": true}),
		tryWrite(path+"/config", map[string]any{"allow_plaintext_backup": true}),
		tryRead(transit + "/export/signing-key/" + key), tryRead(transit + "/export/public-key/" + key), tryRead(transit + "/backup/" + key),
		tryWrite(transit+"/restore/"+key, map[string]any{"backup": "x", "force": true}),
		tryWrite(path+"/import", map[string]any{"ciphertext": "x", "type": "ed25519"}),
		tryWrite(path+"/import_version", map[string]any{"ciphertext": "x"}),
	}
}

// TestAPersonMakesOnlyAKeyThatStays: with the own token, past our program.
func TestAPersonMakesOnlyAKeyThatStays(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ivy := h.login("ivy")
	c, transit, key := rawClient(t, h.address, ivy.Token), h.spec.Layout.Transit, "person-"+string(ivy.Person.ID)
	path := transit + "/keys/" + key
	refused(t, c, append(meddling(transit, key),
		tryWrite(path, map[string]any{"type": "ed25519", "exportable": true}),
		tryWrite(path, map[string]any{"type": "ed25519", "exportable": false}), // not even to say so: fewer ways to say it
		tryWrite(path, map[string]any{"type": "ed25519", "allow_plaintext_backup": true}),
		tryWrite(path, map[string]any{"type": "ed25519", "derived": true}),
		tryWrite(path, map[string]any{"type": "ed25519", "auto_rotate_period": "1h"}),
		tryWrite(path, map[string]any{"type": "ecdsa-p256"}), tryWrite(path, nil)))
	allowed(t, c, []try{tryWrite(path, map[string]any{"type": "ed25519"}), tryWrite(path, map[string]any{"type": "ed25519"}),
		tryWrite(transit+"/sign/"+key, map[string]any{"batch_input": []map[string]string{{"input": "eA=="}}})})
	refused(t, c, append(meddling(transit, key),
		tryWrite(transit+"/sign/"+key, map[string]any{"input": "eA==", "prehashed": true})))
	for _, try := range []try{tryRead(transit + "/export/signing-key/" + key), tryRead(transit + "/backup/" + key), tryDelete(path)} {
		if try.do(h.admin) == nil {
			t.Errorf("%s: an administrator could at once", try.name)
		}
	}
}

// TestKeyThatWasOpened: an administrator of Vault can make a key exportable. From
// then on it is nobody's key any more for us.
func TestKeyThatWasOpened(t *testing.T) {
	t.Parallel()
	for _, change := range []string{"exportable", "allow_plaintext_backup", "deletion_allowed"} {
		t.Run(change, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			ivy, key := h.withKey("ivy")
			if _, err := h.admin.Logical().Write(h.spec.Layout.Transit+"/keys/"+key+"/config", map[string]any{change: true}); err != nil {
				t.Fatal(err)
			}
			fails(t, h.api().EnsurePersonKey(t.Context(), ivy.Token, ivy.Person.ID), evidence.Conflict)
			_, err := h.worker().PersonKeys(t.Context(), ivy.Person.ID)
			fails(t, err, evidence.Conflict)
		})
	}
}

// TestPersonKeyRotates: an administrator makes a new version; acts are signed
// with it from then on, and the old one introduces it.
func TestPersonKeyRotates(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ivy, key := h.withKey("ivy")
	c := h.api()
	signer := c.PersonSigner(ivy.Token, ivy.Person.ID)
	before, err := signer.Sign(t.Context(), []byte("before"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.admin.Logical().Write(h.spec.Layout.Transit+"/keys/"+key+"/rotate", nil); err != nil {
		t.Fatal(err)
	}
	if err := c.EnsurePersonKey(t.Context(), ivy.Token, ivy.Person.ID); err != nil {
		t.Fatal(err)
	}
	after, err := c.PersonSigner(ivy.Token, ivy.Person.ID).Sign(t.Context(), []byte("after"))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := c.PersonKeys(t.Context(), ivy.Person.ID)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]evidence.PublicKey{before[0].Key, after[0].Key}, keys); diff != "" || !strings.HasSuffix(keys[1].Name, "/v2") {
		t.Errorf("public keys are not those that signed:\n%s", diff)
	}
	for version, want := range keys {
		got, err := signer.SignVersion(t.Context(), version+1, []byte("introduced"))
		if err != nil || got.Key.ID() != want.ID() || !ed25519.Verify(want.Key, []byte("introduced"), got.Bytes) {
			t.Errorf("version %d: signed by %s, %v", version+1, got.Key.ID(), err)
		}
	}
	for _, none := range []int{-1, 0, 3} {
		_, err = signer.SignVersion(t.Context(), none, []byte("x"))
		fails(t, err, evidence.NotFound)
	}
}

// TestWhoWasDisabledSignsNothing, with a session from before.
func TestWhoWasDisabledSignsNothing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ivy, _ := h.withKey("ivy")
	signer := h.api().PersonSigner(ivy.Token, ivy.Person.ID)
	if _, err := signer.Sign(t.Context(), []byte("an act")); err != nil {
		t.Fatal(err)
	}
	if _, err := h.admin.Logical().Write("identity/entity/id/"+string(ivy.Person.ID), map[string]any{"disabled": true}); err != nil {
		t.Fatal(err)
	}
	_, err := signer.Sign(t.Context(), []byte("an act"))
	fails(t, err, evidence.Unauthenticated)
	if keys, err := h.api().PersonKeys(t.Context(), ivy.Person.ID); err != nil || len(keys) != 1 {
		t.Errorf("what was signed before cannot be checked: %v, %v", keys, err)
	}
}

func TestPersonKeysOfNobody(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ivy := h.login("ivy")
	for _, id := range []evidence.PersonID{"", "service:worker", "../log", "a/b", "x+y"} {
		_, err := h.api().PersonKeys(t.Context(), id)
		fails(t, err, evidence.Invalid)
		fails(t, h.api().EnsurePersonKey(t.Context(), ivy.Token, id), evidence.Invalid)
	}
	_, err := h.api().PersonSigner("", ivy.Person.ID).Sign(t.Context(), []byte("x"))
	fails(t, err, evidence.Unauthenticated)
	if err := h.api().Logout(t.Context(), ivy.Token); err != nil {
		t.Fatal(err)
	}
	_, err = h.api().PersonSigner(ivy.Token, ivy.Person.ID).Sign(t.Context(), []byte("x"))
	fails(t, err, evidence.Unauthenticated)
}

// TestPersonKeyWhileSealed: nobody signs, and afterwards the key is the same.
func TestPersonKeyWhileSealed(t *testing.T) {
	t.Parallel()
	stack := servertest.Own(t, servers.Vault)
	h := newHouseAt(t, stack.VaultAddr, stack.VaultRootToken)
	ivy, _ := h.withKey("ivy")
	c := h.api()
	signer := c.PersonSigner(ivy.Token, ivy.Person.ID)
	before, err := signer.Sign(t.Context(), []byte("an act"))
	if err != nil {
		t.Fatal(err)
	}
	if err := stack.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, err = signer.Sign(t.Context(), []byte("an act"))
	fails(t, err, evidence.Sealed)
	_, err = c.PersonKeys(t.Context(), ivy.Person.ID)
	fails(t, err, evidence.Sealed)
	fails(t, c.EnsurePersonKey(t.Context(), ivy.Token, ivy.Person.ID), evidence.Sealed)
	if err := stack.Unseal(t.Context()); err != nil {
		t.Fatal(err)
	}
	after, err := signer.Sign(t.Context(), []byte("an act"))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(before, after); diff != "" {
		t.Errorf("the signature of the same act changed:\n%s", diff)
	}
}
