package vault

import (
	"context"
	"crypto/ed25519"
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/hashicorp/vault/api"

	"github.com/sealcase/sealcase/evidence"
)

// What one signing request carries at most, in messages and bytes. Vault takes
// 10,000 messages, 32 MiB, and (since 1.21) texts of 1 MiB, which are 768 KiB
// in base64; smaller requests are answered sooner and are cheaper to try again.
const (
	batchMessages = 100
	batchBytes    = 4 << 20
	messageLimit  = 512 << 10
)

// signer signs with one transit key. It implements evidence.Signer.
type signer struct {
	client *Client
	name   string
	keys   *keyring
}

// Signer returns the signer of a transit key, KeyLog or KeySeal. Its key
// versions are named "<origin>/<name>/v<version>". It trusts nothing: every
// signature is checked against the public key before it is handed out.
func (c *Client) Signer(name string) evidence.Signer {
	s := &signer{client: c, name: name}
	s.keys = &keyring{read: s.readKeys}
	return s
}

// Sign signs whole messages with the newest version of the key and keeps their
// order. It fails as a whole; a retry is safe, and with Ed25519 gives the same
// signatures. TooLarge: one message has more than 512 KiB.
func (s *signer) Sign(ctx context.Context, messages ...[]byte) ([]evidence.Signature, error) {
	signed := make([]evidence.Signature, 0, len(messages))
	for len(messages) > 0 {
		n, err := batchOf(messages)
		if err != nil {
			return nil, err
		}
		some, err := s.signBatch(ctx, messages[:n])
		if err != nil {
			return nil, err
		}
		signed, messages = append(signed, some...), messages[n:]
	}
	return signed, nil
}

// batchOf returns how many of the messages go into one request.
func batchOf(messages [][]byte) (int, error) {
	n, size := 0, 0
	for n < len(messages) && n < batchMessages {
		if len(messages[n]) > messageLimit {
			return 0, evidence.Errorf(evidence.TooLarge, "a message to sign has %d bytes, more than %d", len(messages[n]), messageLimit)
		}
		if size += len(messages[n]); n > 0 && size > batchBytes {
			break
		}
		n++
	}
	return n, nil
}

// batchResult is what Vault answers for one message.
type batchResult struct {
	Signature string `json:"signature"`
	Error     string `json:"error"`
}

func (s *signer) signBatch(ctx context.Context, messages [][]byte) ([]evidence.Signature, error) {
	input := make([]map[string]string, len(messages))
	for i, m := range messages {
		input[i] = map[string]string{"input": base64.StdEncoding.EncodeToString(m)}
	}
	var answer struct {
		Results []batchResult `json:"batch_results"`
	}
	err := s.client.asService(ctx, func(client *api.Client) error {
		secret, err := client.Logical().WriteWithContext(ctx, s.client.layout.Transit+"/sign/"+s.name, map[string]any{"batch_input": input})
		if err != nil {
			return translate(err, "signing %d messages with key %s", len(messages), s.name)
		}
		return decode(secret, &answer)
	})
	if err != nil {
		return nil, s.missing(err)
	}
	if len(answer.Results) != len(messages) {
		return nil, evidence.Errorf(evidence.Internal, "Vault was given %d messages to sign and answered %d", len(messages), len(answer.Results))
	}
	signed := make([]evidence.Signature, len(messages))
	for i, result := range answer.Results {
		if signed[i], err = s.accept(ctx, messages[i], result); err != nil {
			return nil, fmt.Errorf("signing message %d of %d: %w", i+1, len(messages), err)
		}
	}
	return signed, nil
}

// accept returns the signature after checking it.
func (s *signer) accept(ctx context.Context, message []byte, result batchResult) (evidence.Signature, error) {
	if result.Error != "" {
		return evidence.Signature{}, evidence.WrapError(evidence.Internal, errors.New(result.Error), "Vault refused to sign; details are in the log.")
	}
	version, raw, err := parseSignature(result.Signature)
	if err != nil {
		return evidence.Signature{}, err
	}
	key, err := s.keys.version(ctx, version)
	if err != nil {
		return evidence.Signature{}, err
	}
	if !ed25519.Verify(key, message, raw) {
		return evidence.Signature{}, evidence.Errorf(evidence.Internal, "a signature of Vault does not belong to version %d of key %s", version, s.name)
	}
	return evidence.Signature{Key: s.named(version, key), Bytes: raw}, nil
}

// parseSignature reads "vault:v1:" and standard base64.
func parseSignature(text string) (version int, raw []byte, err error) {
	number, encoded, ok := strings.Cut(strings.TrimPrefix(text, "vault:v"), ":")
	version, numberErr := strconv.Atoi(number)
	raw, err = base64.StdEncoding.DecodeString(encoded)
	if !strings.HasPrefix(text, "vault:v") || !ok || numberErr != nil || version < 1 || err != nil || len(raw) != ed25519.SignatureSize {
		return 0, nil, evidence.Errorf(evidence.Internal, "Vault gave something that is not an Ed25519 signature")
	}
	return version, raw, nil
}

// PublicKeys returns every version of the key, oldest first, as Vault has them
// now.
func (s *signer) PublicKeys(ctx context.Context) ([]evidence.PublicKey, error) {
	versions, err := s.keys.all(ctx)
	if err != nil {
		return nil, err
	}
	keys := make([]evidence.PublicKey, 0, len(versions))
	for _, v := range versions {
		keys = append(keys, s.named(v.number, v.key))
	}
	return keys, nil
}

func (s *signer) named(version int, key ed25519.PublicKey) evidence.PublicKey {
	return evidence.PublicKey{Name: keyName(s.client.origin, s.name, version), Key: key}
}

func keyName(origin, key string, version int) string {
	return fmt.Sprintf("%s/%s/v%d", origin, key, version)
}

func (s *signer) readKeys(ctx context.Context) (versions []keyVersion, err error) {
	err = s.client.asService(ctx, func(client *api.Client) error {
		versions, err = readKey(ctx, client, s.client.layout.Transit, s.name)
		return err
	})
	return versions, s.missing(err)
}

// missing says what a key that is not there means for people.
func (s *signer) missing(err error) error {
	if evidence.CodeOf(err) != evidence.NotFound {
		return err
	}
	return evidence.WrapError(evidence.Unavailable, err, "Vault has no signing key %q. The administrator runs bootstrap.", s.name)
}
