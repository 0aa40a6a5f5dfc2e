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

// newest asks Vault for the newest version of a key.
const newest = 0

// Signer signs with one transit key. It implements evidence.Signer.
type Signer struct {
	client *Client
	key    string // in the transit mount
	name   string // of the key, without its version, as signatures name it
	keys   *keyring
	as     func(context.Context, func(*api.Client) error) error // signs in as whoever may sign
	// absent says in words for people what it means that there is no such key.
	absent string
}

// Signer returns the signer of a transit key of the agency: KeyLog, KeySeal or
// KeyWorker. Its versions are named "<origin>/<name>/v<version>". It trusts
// nothing: every signature is checked against the public key before it is
// handed out.
func (c *Client) Signer(name string) *Signer {
	s := &Signer{
		client: c, key: name, name: c.origin + "/" + name, as: c.asService,
		absent: fmt.Sprintf("Vault has no signing key %q. The administrator runs bootstrap.", name),
	}
	s.keys = &keyring{read: c.reading(name, s.absent)}
	return s
}

// Sign signs whole messages with the newest version of the key and keeps their
// order. It fails as a whole; a retry is safe, and with Ed25519 gives the same
// signatures. TooLarge: one message has more than 512 KiB.
func (s *Signer) Sign(ctx context.Context, messages ...[]byte) ([]evidence.Signature, error) {
	return s.sign(ctx, newest, messages)
}

// SignVersion signs a whole message with one version of the key, 1 being the
// first: so an old version introduces the one that follows it. It fails as Sign
// does, and with NotFound when there is no such version.
func (s *Signer) SignVersion(ctx context.Context, version int, message []byte) (evidence.Signature, error) {
	if s.keys.get(version) == nil {
		if _, err := s.keys.all(ctx); err != nil {
			return evidence.Signature{}, err
		}
	}
	if s.keys.get(version) == nil {
		return evidence.Signature{}, evidence.Errorf(evidence.NotFound, "The key %s has no version %d.", s.name, version)
	}
	signed, err := s.sign(ctx, version, [][]byte{message})
	if err != nil {
		return evidence.Signature{}, err
	}
	return signed[0], nil
}

func (s *Signer) sign(ctx context.Context, version int, messages [][]byte) ([]evidence.Signature, error) {
	signed := make([]evidence.Signature, 0, len(messages))
	for len(messages) > 0 {
		n, err := batchOf(messages)
		if err != nil {
			return nil, err
		}
		some, err := s.signBatch(ctx, version, messages[:n])
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

func (s *Signer) signBatch(ctx context.Context, version int, messages [][]byte) ([]evidence.Signature, error) {
	input := make([]map[string]string, len(messages))
	for i, m := range messages {
		input[i] = map[string]string{"input": base64.StdEncoding.EncodeToString(m)}
	}
	request := map[string]any{"batch_input": input}
	if version != newest {
		request["key_version"] = version
	}
	var answer struct {
		Results []batchResult `json:"batch_results"`
	}
	err := s.as(ctx, func(client *api.Client) error {
		secret, err := client.Logical().WriteWithContext(ctx, s.client.layout.Transit+"/sign/"+s.key, request)
		if err != nil {
			return translate(err, "signing %d messages with key %s", len(messages), s.key)
		}
		return decode(secret, &answer)
	})
	if err != nil {
		return nil, missing(err, s.absent)
	}
	if len(answer.Results) != len(messages) {
		return nil, evidence.Errorf(evidence.Internal, "Vault was given %d messages to sign and answered %d", len(messages), len(answer.Results))
	}
	signed := make([]evidence.Signature, len(messages))
	for i, result := range answer.Results {
		if signed[i], err = s.accept(ctx, version, messages[i], result); err != nil {
			return nil, fmt.Errorf("signing message %d of %d: %w", i+1, len(messages), err)
		}
	}
	return signed, nil
}

// accept returns the signature after checking it.
func (s *Signer) accept(ctx context.Context, wanted int, message []byte, result batchResult) (evidence.Signature, error) {
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
	if wanted != newest && version != wanted || !ed25519.Verify(key, message, raw) {
		return evidence.Signature{}, evidence.Errorf(evidence.Internal, "a signature of Vault does not belong to version %d of key %s", max(version, wanted), s.key)
	}
	return evidence.Signature{Key: s.named(keyVersion{number: version, key: key}), Bytes: raw}, nil
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
func (s *Signer) PublicKeys(ctx context.Context) ([]evidence.PublicKey, error) {
	versions, err := s.keys.all(ctx)
	if err != nil {
		return nil, err
	}
	keys := make([]evidence.PublicKey, 0, len(versions))
	for _, v := range versions {
		keys = append(keys, s.named(v))
	}
	return keys, nil
}

func (s *Signer) named(v keyVersion) evidence.PublicKey { return v.named(s.name) }

// named returns the version as a key of its own; name is the key's.
func (v keyVersion) named(name string) evidence.PublicKey {
	return evidence.PublicKey{Name: fmt.Sprintf("%s/v%d", name, v.number), Key: v.key}
}

// reading returns what reads the versions of a key, as this process. A key that
// somebody may have a copy of has none.
func (c *Client) reading(key, absent string) func(context.Context) ([]keyVersion, error) {
	return func(ctx context.Context) ([]keyVersion, error) {
		data, err := c.keyData(ctx, key)
		if err != nil {
			return nil, missing(err, absent)
		}
		if data.couldLeave() {
			return nil, evidence.Errorf(evidence.Conflict, messageLeft, key)
		}
		return data.versions(key)
	}
}

// keyData reads a transit key as this process, or fails with NotFound.
func (c *Client) keyData(ctx context.Context, name string) (data keyData, err error) {
	err = c.asService(ctx, func(client *api.Client) error {
		data, err = readKeyData(ctx, client, c.layout.Transit, name)
		return err
	})
	return data, err
}

// missing says what a key that is not there means for people.
func missing(err error, absent string) error {
	if evidence.CodeOf(err) != evidence.NotFound && !noSigningKey(err) {
		return err
	}
	return evidence.WrapError(evidence.Unavailable, err, "%s", absent)
}
