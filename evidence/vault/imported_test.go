package vault_test

import (
	"crypto/aes"
	"crypto/ed25519"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/binary"
	"encoding/pem"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/vault"
)

// wrapPadded wraps key material as RFC 5649 says, which Vault wants of imports.
func wrapPadded(t *testing.T, kek, material []byte) []byte {
	t.Helper()
	block, err := aes.NewCipher(kek)
	if err != nil {
		t.Fatal(err)
	}
	a := binary.BigEndian.AppendUint32([]byte{0xA6, 0x59, 0x59, 0xA6}, uint32(len(material)))
	r := append([]byte(nil), material...)
	for len(r)%8 != 0 {
		r = append(r, 0)
	}
	n := len(r) / 8
	for round := range 6 {
		for i := range n {
			b := append(append([]byte(nil), a...), r[i*8:i*8+8]...)
			block.Encrypt(b, b)
			a = binary.BigEndian.AppendUint64(nil, binary.BigEndian.Uint64(b[:8])^uint64(round*n+i+1))
			copy(r[i*8:], b[8:])
		}
	}
	return append(a, r...)
}

// importKey brings a key into Vault that stays known outside, as an administrator
// with a copy of their own does.
func (h *house) importKey(name string, more map[string]any) {
	h.t.Helper()
	t, ctx := h.t.(*testing.T), h.t.Context()
	secret, err := h.admin.Logical().ReadWithContext(ctx, h.spec.Layout.Transit+"/wrapping_key")
	if err != nil {
		t.Fatal(err)
	}
	text, _ := secret.Data["public_key"].(string)
	block, _ := pem.Decode([]byte(text))
	parsed, err := x509.ParsePKIXPublicKey(block.Bytes)
	if err != nil {
		t.Fatal(err)
	}
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	material, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	kek := make([]byte, 32)
	_, _ = rand.Read(kek)
	sealed, err := rsa.EncryptOAEP(sha256.New(), rand.Reader, parsed.(*rsa.PublicKey), kek, nil)
	if err != nil {
		t.Fatal(err)
	}
	data := map[string]any{
		"ciphertext": base64.StdEncoding.EncodeToString(append(sealed, wrapPadded(t, kek, material)...)), "type": "ed25519", "hash_function": "SHA256",
	}
	for k, v := range more {
		data[k] = v
	}
	h.set(h.spec.Layout.Transit+"/keys/"+name+"/import", data)

}

// TestImportedKeysAreRefused: somebody outside Vault can sign with them.
func TestImportedKeysAreRefused(t *testing.T) {
	t.Parallel()
	for name, more := range map[string]map[string]any{"as it came": nil, "that may be rotated": {"allow_rotation": true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := newHouse(t)
			ivy := h.login("ivy")
			person := "person-" + string(ivy.Person.ID)
			transit := h.spec.Layout.Transit
			h.set(transit+"/keys/seal/config", map[string]any{"deletion_allowed": true})
			if err := tryDelete(transit + "/keys/seal").do(h.admin); err != nil {
				t.Fatal(err)
			}
			for _, key := range []string{"seal", person} {
				h.importKey(key, more)
			}
			_, err := vault.Bootstrap(t.Context(), h.admin, h.spec)
			fails(t, err, evidence.Conflict)
			_, err = h.worker().Signer(vault.KeySeal).Sign(t.Context(), []byte("a seal"))
			fails(t, err, evidence.Conflict)
			_, err = h.worker().Signer(vault.KeySeal).PublicKeys(t.Context())
			fails(t, err, evidence.Conflict)
			_, err = h.worker().PersonKeys(t.Context(), ivy.Person.ID)
			fails(t, err, evidence.Conflict)
			fails(t, h.api().EnsurePersonKey(t.Context(), ivy.Token, ivy.Person.ID), evidence.Conflict)
			_, err = h.api().PersonSigner(ivy.Token, ivy.Person.ID).Sign(t.Context(), []byte("an act"))
			fails(t, err, evidence.Conflict)
		})
	}
}

// TestAgencyKeyThatWasOpened: what an administrator makes exportable after the
// bootstrap signs nothing for a process that starts then.
func TestAgencyKeyThatWasOpened(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.set(h.spec.Layout.Transit+"/keys/log/config", map[string]any{"exportable": true})
	_, err := h.worker().Signer(vault.KeyLog).Sign(t.Context(), []byte("a head"))
	fails(t, err, evidence.Conflict)
}
