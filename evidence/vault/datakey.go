package vault

import (
	"context"
	"encoding/base64"
	"net/http"
	"strings"

	"github.com/hashicorp/vault/api"

	"github.com/sealcase/sealcase/evidence"
)

// KeyPayload is the transit key that wraps the data keys by which what the
// workflow engine keeps is encrypted. The API and the worker may use it, nobody
// else; it signs nothing.
const KeyPayload = "payload"

// dataKeyBytes is the length of a data key: AES-256.
const dataKeyBytes = 32

// NewDataKey returns a fresh data key, and the same wrapped by KeyPayload, which
// can be kept beside what is encrypted. The caller keeps the key in memory only.
func (c *Client) NewDataKey(ctx context.Context) (key []byte, wrapped string, err error) {
	var answer struct {
		Plaintext  string `json:"plaintext"`
		Ciphertext string `json:"ciphertext"`
	}
	err = c.asService(ctx, func(client *api.Client) error {
		secret, err := client.Logical().WriteWithContext(ctx, c.layout.Transit+"/datakey/plaintext/"+KeyPayload, map[string]any{"bits": 8 * dataKeyBytes})
		if err != nil {
			return translate(err, "making a data key")
		}
		return decode(secret, &answer)
	})
	if err != nil {
		return nil, "", err
	}
	key, err = base64.StdEncoding.DecodeString(answer.Plaintext)
	if err != nil || len(key) != dataKeyBytes || !strings.HasPrefix(answer.Ciphertext, "vault:v") {
		return nil, "", evidence.Errorf(evidence.Internal, "Vault gave something that is not a data key")
	}
	return key, answer.Ciphertext, nil
}

// OpenDataKey returns the data key that NewDataKey gave out wrapped. Tampered
// means that it was not wrapped by this installation's KeyPayload.
func (c *Client) OpenDataKey(ctx context.Context, wrapped string) ([]byte, error) {
	var answer struct {
		Plaintext string `json:"plaintext"`
	}
	err := c.asService(ctx, func(client *api.Client) error {
		secret, err := client.Logical().WriteWithContext(ctx, c.layout.Transit+"/decrypt/"+KeyPayload, map[string]any{"ciphertext": wrapped})
		if statusOf(err) == http.StatusBadRequest {
			return evidence.WrapError(evidence.Tampered, err, "What the workflow engine keeps was not encrypted by this installation.")
		}
		if err != nil {
			return translate(err, "opening a data key")
		}
		return decode(secret, &answer)
	})
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(answer.Plaintext)
	if err != nil || len(key) != dataKeyBytes {
		return nil, evidence.Errorf(evidence.Tampered, "What the workflow engine keeps was not encrypted by this installation.")
	}
	return key, nil
}

// payloadKey makes KeyPayload, and checks that it never could leave.
func (b *bootstrap) payloadKey(ctx context.Context) error {
	const kind = "aes256-gcm96"
	mount := b.spec.Layout.Transit
	if err := b.write(ctx, mount+"/keys/"+KeyPayload, map[string]any{
		"type": kind, "exportable": false, "allow_plaintext_backup": false, "derived": false,
	}); err != nil {
		return err
	}
	var data keyPolicy
	secret, err := b.admin.Logical().ReadWithContext(ctx, mount+"/keys/"+KeyPayload)
	if err != nil {
		return translate(err, "reading key %s", KeyPayload)
	}
	if err := decode(secret, &data); err != nil {
		return err
	}
	if data.couldLeave(kind) {
		return evidence.Errorf(evidence.Conflict,
			"The key %q in Vault is of type %s and may have been copied. Name another transit mount, so that a key is made that cannot be.", KeyPayload, data.Type)
	}
	return nil
}
