package vault_test

import (
	"bytes"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/vault"
)

func TestDataKeys(t *testing.T) {
	t.Parallel()
	h, other := newHouse(t), newHouse(t)
	key, wrapped, err := h.api().NewDataKey(t.Context())
	if err != nil || len(key) != 32 {
		t.Fatalf("%d bytes, %v", len(key), err)
	}
	h.set(h.spec.Layout.Transit+"/keys/payload/rotate", nil)
	again, err := h.worker().OpenDataKey(t.Context(), wrapped)
	if err != nil || !bytes.Equal(key, again) {
		t.Errorf("the worker does not open the API's, after a rotation: %v", err)
	}
	second, wrappedNow, err := h.worker().NewDataKey(t.Context())
	if err != nil || bytes.Equal(key, second) || wrappedNow[:9] != "vault:v2:" {
		t.Errorf("the next one: %.9s, %v", wrappedNow, err)
	}
	for name, wrong := range map[string]string{"none": "", "nonsense": "vault:v1:nonsense", "cut": wrapped[:len(wrapped)-4], "no version": wrapped[9:]} {
		if _, err := h.api().OpenDataKey(t.Context(), wrong); evidence.CodeOf(err) != evidence.Tampered {
			t.Errorf("%s: %v", name, err)
		}
	}
	_, err = other.worker().OpenDataKey(t.Context(), wrapped)
	fails(t, err, evidence.Tampered)
}

// TestBootstrapRefusesAPayloadKeyThatCouldLeave: whoever has a copy reads what
// the workflow engine keeps.
func TestBootstrapRefusesAPayloadKeyThatCouldLeave(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	for _, change := range []string{"exportable", "allow_plaintext_backup"} {
		h.set(h.spec.Layout.Transit+"/keys/payload/config", map[string]any{change: true})
		_, err := vault.Bootstrap(t.Context(), h.admin, h.spec)
		fails(t, err, evidence.Conflict)
	}
}
