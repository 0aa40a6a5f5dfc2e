package evidence

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Algorithm bytes of note keys.
const (
	algEd25519     = 1 // signs notes (golang.org/x/mod/sumdb/note, C2SP signed-note)
	algCosignature = 4 // cosigns checkpoints, with the time (C2SP tlog-cosignature)
)

// PublicKey is one version of a signing key. Each version is a key of its own,
// with a name that says so: "agency.example/log/v1".
type PublicKey struct {
	Name string
	Key  ed25519.PublicKey
}

// Hash returns the C2SP key ID: the first four bytes of
// SHA-256(name || 0x0A || 0x01 || public key).
func (k PublicKey) Hash() uint32 { return keyHash(k.Name, algEd25519, k.Key) }

// keyHash returns the key ID of a note key of that algorithm.
func keyHash(name string, algorithm byte, key ed25519.PublicKey) uint32 {
	h := sha256.New()
	h.Write([]byte(name))
	h.Write([]byte{'\n', algorithm})
	h.Write(key)
	return binary.BigEndian.Uint32(h.Sum(nil))
}

// ID returns "name+hash", which names the key in seals and reports.
func (k PublicKey) ID() string { return keyID(k.Name, k.Hash()) }

func keyID(name string, hash uint32) string { return fmt.Sprintf("%s+%08x", name, hash) }

// VKey returns the key in the text form of a note verifier key (C2SP
// signed-note): name+hash+base64(0x01 || public key).
func (k PublicKey) VKey() string { return vkey(k.Name, algEd25519, k.Key) }

func vkey(name string, algorithm byte, key ed25519.PublicKey) string {
	return keyID(name, keyHash(name, algorithm, key)) + "+" + base64.StdEncoding.EncodeToString(append([]byte{algorithm}, key...))
}

// Equal reports whether both are the same key under the same name.
func (k PublicKey) Equal(o PublicKey) bool { return k.Name == o.Name && bytes.Equal(k.Key, o.Key) }

// Verify reports whether signature is a good Ed25519 signature of message by
// k. It is false, never a panic, for a key or signature of a wrong length.
func (k PublicKey) Verify(message, signature []byte) bool {
	return len(k.Key) == ed25519.PublicKeySize && ed25519.Verify(k.Key, message, signature)
}

// ParseVKey reads what VKey writes; white space around it does no harm.
func ParseVKey(s string) (PublicKey, error) {
	name, key, err := parseVKey(s, algEd25519)
	return PublicKey{Name: name, Key: key}, err
}

func parseVKey(s string, algorithm byte) (string, ed25519.PublicKey, error) {
	s = strings.TrimSpace(s)
	name, rest, ok := strings.Cut(s, "+")
	hash, body, ok2 := strings.Cut(rest, "+")
	raw, err := base64.StdEncoding.DecodeString(body)
	if !ok || !ok2 || !validKeyName(name) || err != nil || len(raw) != 1+ed25519.PublicKeySize || raw[0] != algorithm {
		return "", nil, Errorf(Malformed, "not a verifier key of the form name+hash+base64 (Ed25519, type %d)", algorithm)
	}
	key := ed25519.PublicKey(raw[1:])
	if keyID(name, keyHash(name, algorithm, key)) != name+"+"+hash {
		return "", nil, Errorf(Malformed, "the hash %q does not belong to verifier key %q", hash, name)
	}
	if vkey(name, algorithm, key) != s { // base64 passes over line breaks
		return "", nil, Errorf(Malformed, "verifier key %q is not written in one piece", name)
	}
	return name, key, nil
}

// validKeyName reports whether name can name a note key: C2SP signed-note has
// names without Unicode spaces, plus signs and control characters.
func validKeyName(name string) bool {
	return name != "" && utf8.ValidString(name) && !strings.ContainsFunc(name, func(r rune) bool {
		return r == '+' || unicode.IsSpace(r) || unicode.IsControl(r)
	})
}

// ParseVKeys reads a file of verifier keys, one a line, as KeyLines reads it.
func ParseVKeys(text []byte) ([]PublicKey, error) {
	var keys []PublicKey
	for n, line := range KeyLines(text) {
		k, err := ParseVKey(line)
		if err != nil {
			return nil, WrapError(Malformed, err, "key file, line %d", n)
		}
		if !slices.ContainsFunc(keys, k.Equal) {
			keys = append(keys, k)
		}
	}
	if len(keys) == 0 {
		return nil, Errorf(Malformed, "the key file has no key")
	}
	return keys, nil
}

// FormatVKeys writes what ParseVKeys reads.
func FormatVKeys(keys []PublicKey) []byte {
	var b bytes.Buffer
	for _, k := range keys {
		b.WriteString(k.VKey())
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// Signature is an Ed25519 signature (RFC 8032) and the key that made it.
type Signature struct {
	Key   PublicKey
	Bytes []byte
}

// Signer signs whole messages with the current version of one key. It is safe
// for concurrent use. Sign keeps the order of messages; it fails as a whole
// with Sealed or Unavailable, and a retry is safe.
type Signer interface {
	Sign(ctx context.Context, messages ...[]byte) ([]Signature, error)
	// PublicKeys returns every version of the key, oldest first.
	PublicKeys(ctx context.Context) ([]PublicKey, error)
}
