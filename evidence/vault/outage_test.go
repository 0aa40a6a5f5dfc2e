package vault_test

import (
	"context"
	"crypto/ed25519"
	"errors"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/sealcase/sealcase/deploy/local/servers"
	"github.com/sealcase/sealcase/deploy/local/servers/servertest"
	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/vault"
)

// TestOutage seals, opens, kills and restarts a Vault of its own under clients
// that stay: each failure has its code, and afterwards everything works again.
func TestOutage(t *testing.T) {
	t.Parallel()
	stack := servertest.Own(t, servers.Vault)
	h := newHouseAt(t, stack.VaultAddr, stack.VaultRootToken)
	api, worker := h.api(), h.worker()
	signer := worker.Signer(vault.KeyLog)
	session := h.login("ivy")
	works := func(t *testing.T) {
		t.Helper()
		signed, err := signer.Sign(t.Context(), []byte("head"))
		if err != nil {
			t.Fatal(err)
		}
		if !ed25519.Verify(signed[0].Key.Key, []byte("head"), signed[0].Bytes) {
			t.Fatal("the signature is not good")
		}
		if _, err := api.Identify(t.Context(), session.Token); err != nil {
			t.Fatal("a session did not outlast it:", err)
		}
		if _, err := api.Login(t.Context(), "ed", h.password("ed")); err != nil {
			t.Fatal(err)
		}
		if err := errors.Join(api.Health(t.Context()), worker.Health(t.Context())); err != nil {
			t.Fatal(err)
		}
	}
	failsWith := func(t *testing.T, code evidence.Code) {
		t.Helper()
		_, err := signer.Sign(t.Context(), []byte("head"))
		fails(t, err, code)
		_, err = signer.PublicKeys(t.Context())
		fails(t, err, code)
		_, err = api.Identify(t.Context(), session.Token)
		fails(t, err, code)
		_, err = api.Login(t.Context(), "ed", h.password("ed"))
		fails(t, err, code)
		_, err = api.FindPerson(t.Context(), "ed")
		fails(t, err, code)
		fails(t, api.Health(t.Context()), code)
		fresh := h.client(h.outcome.Worker) // a process that starts now
		fails(t, fresh.Health(t.Context()), code)
		_, err = fresh.Signer(vault.KeySeal).Sign(t.Context(), []byte("seal"))
		fails(t, err, code)
	}
	works(t)
	if err := stack.Seal(t.Context()); err != nil {
		t.Fatal(err)
	}
	failsWith(t, evidence.Sealed)
	if err := stack.Unseal(t.Context()); err != nil {
		t.Fatal(err)
	}
	works(t)
	if err := stack.Kill(servers.Vault); err != nil {
		t.Fatal(err)
	}
	failsWith(t, evidence.Unavailable)
	if err := stack.Restart(t.Context(), servers.Vault); err != nil {
		t.Fatal(err)
	}
	works(t)
}

// TestOwnTokenEnds takes the token of a process away, in the two ways that
// happen: it signs in again, once for all who ask.
func TestOwnTokenEnds(t *testing.T) {
	t.Parallel()
	h := newHouse(t, func(s *vault.Spec) { s.ServiceLife = 2 * time.Second })
	signer := h.worker().Signer(vault.KeyLog)
	signAll := func() error {
		var signing errgroup.Group
		for range 8 {
			signing.Go(func() error {
				_, err := signer.Sign(t.Context(), []byte("head"))
				return err
			})
		}
		return signing.Wait()
	}
	if err := signAll(); err != nil {
		t.Fatal(err)
	}
	time.Sleep(3 * time.Second) // its life is over
	if err := signAll(); err != nil {
		t.Fatal("after its end:", err)
	}
	if _, err := h.admin.Logical().WriteWithContext(t.Context(), "sys/leases/revoke-prefix/auth/"+h.spec.Layout.Services, nil); err != nil {
		t.Fatal(err)
	}
	if err := signAll(); err != nil {
		t.Fatal("after it was revoked:", err)
	}
}

// TestPolicyIsMissing takes a right away: that is a defect of the installation,
// and says so instead of signing in again and again.
func TestPolicyIsMissing(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	signer := h.api().Signer(vault.KeySeal) // which the API may not use
	_, err := signer.Sign(t.Context(), []byte("seal"))
	fails(t, err, evidence.Internal)
}

func TestWrongAppRole(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for name, role := range map[string]vault.AppRole{
		"none": {}, "wrong role": {RoleID: "x", SecretID: h.outcome.API.SecretID}, "wrong secret": {RoleID: h.outcome.API.RoleID, SecretID: "x"},
	} {
		t.Run(name, func(t *testing.T) {
			c := h.client(role)
			fails(t, c.Health(t.Context()), evidence.Unavailable)
			_, err := c.FindPerson(t.Context(), "ivy")
			fails(t, err, evidence.Unavailable)
		})
	}
}

func TestCancelled(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err := h.worker().Signer(vault.KeyLog).Sign(ctx, []byte("head"))
	if evidence.CodeOf(err) != evidence.Unavailable || !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestClose(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	c := h.worker()
	signer := c.Signer(vault.KeyLog)
	for range 2 { // closing ends the token, not the client
		if _, err := signer.Sign(t.Context(), []byte("head")); err != nil {
			t.Fatal(err)
		}
		if err := c.Close(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.Close(t.Context()); err != nil {
		t.Fatal(err)
	}
}
