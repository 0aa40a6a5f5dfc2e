package vault_test

import (
	"bytes"
	"crypto/ed25519"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/sync/errgroup"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/vault"
)

func TestSign(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	signer := h.worker().Signer(vault.KeySeal)
	for _, count := range []int{0, 1, 100, 101, 350} {
		t.Run(fmt.Sprint(count), func(t *testing.T) {
			messages := make([][]byte, count)
			for i := range messages {
				messages[i] = fmt.Appendf(nil, "message %d\x00\xff", i)
			}
			signed, err := signer.Sign(t.Context(), messages...)
			if err != nil {
				t.Fatal(err)
			}
			if len(signed) != count {
				t.Fatalf("%d messages, %d signatures", count, len(signed))
			}
			for i, s := range signed {
				if s.Key.Name != origin+"/seal/v1" || !ed25519.Verify(s.Key.Key, messages[i], s.Bytes) {
					t.Fatalf("signature %d by %s is not good", i, s.Key.Name)
				}
			}
		})
	}
	t.Run("empty message", func(t *testing.T) {
		signed, err := signer.Sign(t.Context(), []byte{})
		if err != nil {
			t.Fatal(err)
		}
		if !ed25519.Verify(signed[0].Key.Key, nil, signed[0].Bytes) {
			t.Error("not good")
		}
	})
	t.Run("large messages", func(t *testing.T) {
		messages := make([][]byte, 11) // more than one request takes
		for i := range messages {
			messages[i] = bytes.Repeat([]byte{byte(i)}, 512<<10)
		}
		signed, err := signer.Sign(t.Context(), messages...)
		if err != nil {
			t.Fatal(err)
		}
		for i, s := range signed {
			if !ed25519.Verify(s.Key.Key, messages[i], s.Bytes) {
				t.Errorf("signature %d is not good", i)
			}
		}
	})
	t.Run("too large", func(t *testing.T) {
		_, err := signer.Sign(t.Context(), []byte("small"), make([]byte, 513<<10))
		fails(t, err, evidence.TooLarge)
	})
}

func TestSignWithoutKey(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, name := range []string{"absent", "../sys"} {
		_, err := h.worker().Signer(name).Sign(t.Context(), []byte("x"))
		if err == nil {
			t.Errorf("signed with key %q", name)
		}
	}
}

// TestRotation makes a new version: signatures carry its name from then on, and
// the old version stays.
func TestRotation(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	signer := h.worker().Signer(vault.KeyLog)
	before, err := signer.Sign(t.Context(), []byte("before"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := h.admin.Logical().WriteWithContext(t.Context(), h.spec.Layout.Transit+"/keys/log/rotate", nil); err != nil {
		t.Fatal(err)
	}
	after, err := signer.Sign(t.Context(), []byte("after"))
	if err != nil {
		t.Fatal(err)
	}
	keys, err := signer.PublicKeys(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]evidence.PublicKey{before[0].Key, after[0].Key}, keys); diff != "" {
		t.Errorf("public keys are not those that signed:\n%s", diff)
	}
	if keys[0].Name != origin+"/log/v1" || keys[1].Name != origin+"/log/v2" || keys[0].Key.Equal(keys[1].Key) {
		t.Errorf("keys are %v", keys)
	}
	if !ed25519.Verify(keys[1].Key, []byte("after"), after[0].Bytes) || ed25519.Verify(keys[0].Key, []byte("after"), after[0].Bytes) {
		t.Error("the new signature is not by the new version")
	}
	h.bootstrap()
	if diff := cmp.Diff(keys, h.outcome.Keys[:2]); diff != "" {
		t.Errorf("Bootstrap names other keys:\n%s", diff)
	}
}

func TestSignSideBySide(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	client := h.worker()
	signer := client.Signer(vault.KeyLog)
	var signing errgroup.Group
	for i := range 16 {
		signing.Go(func() error {
			message := fmt.Appendf(nil, "head %d", i)
			signed, err := signer.Sign(t.Context(), message)
			if err == nil && !ed25519.Verify(signed[0].Key.Key, message, signed[0].Bytes) {
				err = fmt.Errorf("signature %d is not good", i)
			}
			return err
		})
	}
	if err := signing.Wait(); err != nil {
		t.Fatal(err)
	}
}
