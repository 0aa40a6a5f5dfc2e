package ledger

import (
	"crypto/sha256"
	"encoding/hex"

	"github.com/sealcase/sealcase/evidence"
)

// The prefixes that keep leaves and nodes apart (RFC 6962 section 2.1).
const (
	leafPrefix = 0x00
	nodePrefix = 0x01
)

// Hash is the hash of a leaf or of an inner node. Its text is 64 lower-case
// hexadecimal digits.
type Hash [sha256.Size]byte

// LeafHash returns the hash of a leaf that holds entry, which may be given in
// parts: SHA-256(0x00 || entry).
func LeafHash(entry ...[]byte) Hash {
	h := sha256.New()
	h.Write([]byte{leafPrefix})
	for _, part := range entry {
		h.Write(part)
	}
	var sum Hash
	h.Sum(sum[:0])
	return sum
}

// EmptyRoot returns the root of the tree without leaves: SHA-256 of nothing.
func EmptyRoot() Hash { return sha256.Sum256(nil) }

// ParseHash reads the text of a hash. Other than lower-case digits are
// Malformed.
func ParseHash(s string) (Hash, error) {
	var h Hash
	if len(s) != hex.EncodedLen(len(h)) {
		return Hash{}, evidence.Errorf(evidence.Malformed, "a hash has 64 hexadecimal digits, this has %d characters", len(s))
	}
	if _, err := hex.Decode(h[:], []byte(s)); err != nil || h.String() != s {
		return Hash{}, evidence.Errorf(evidence.Malformed, "a hash has lower-case hexadecimal digits only")
	}
	return h, nil
}

// String returns the hexadecimal text of h.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// AppendText implements encoding.TextAppender.
func (h Hash) AppendText(b []byte) ([]byte, error) { return hex.AppendEncode(b, h[:]), nil }

// MarshalText implements encoding.TextMarshaler.
func (h Hash) MarshalText() ([]byte, error) { return h.AppendText(nil) }

// UnmarshalText implements encoding.TextUnmarshaler.
func (h *Hash) UnmarshalText(text []byte) error {
	parsed, err := ParseHash(string(text))
	if err != nil {
		return err
	}
	*h = parsed
	return nil
}

// node returns the hash of an inner node: SHA-256(0x01 || left || right).
func node(left, right Hash) Hash {
	var b [1 + 2*sha256.Size]byte
	b[0] = nodePrefix
	copy(b[1:], left[:])
	copy(b[1+sha256.Size:], right[:])
	return sha256.Sum256(b[:])
}
