package evidence

import (
	"crypto/ed25519"
	"errors"
)

// WitnessKey is the key of a witness: it cosigns checkpoints of logs that it
// has seen grow (C2SP tlog-cosignature, Ed25519). It is a note key of a type of
// its own, so that no witness's key is ever taken for an agency's.
type WitnessKey struct {
	Name string
	Key  ed25519.PublicKey
}

// Hash returns the key ID: the first four bytes of
// SHA-256(name || 0x0A || 0x04 || public key).
func (k WitnessKey) Hash() uint32 { return keyHash(k.Name, algCosignature, k.Key) }

// ID returns "name+hash".
func (k WitnessKey) ID() string { return keyID(k.Name, k.Hash()) }

// VKey returns the key as "name+hash+base64(0x04 || public key)".
func (k WitnessKey) VKey() string { return vkey(k.Name, algCosignature, k.Key) }

// Verify reports whether signature is a good Ed25519 signature of message by
// k. It is false, never a panic, for a key or signature of a wrong length.
func (k WitnessKey) Verify(message, signature []byte) bool {
	return PublicKey(k).Verify(message, signature)
}

// ParseWitnessKey reads what VKey writes, or fails with Malformed; white space
// around it does no harm.
func ParseWitnessKey(s string) (WitnessKey, error) {
	name, key, err := parseVKey(s, algCosignature)
	return WitnessKey{Name: name, Key: key}, err
}

// Cosigning is what a witness answered.
type Cosigning struct {
	Line []byte  // the cosignature line with its LF; nil unless it cosigned
	At   Instant // when it cosigned, as it says, to the second
	// Size is that of the largest checkpoint of this log that the witness has
	// cosigned, as it says: with a Conflict or ErrRolledBack; -1 when it said
	// none.
	Size int64
}

// Causes of a witness's refusal that mean that a log is not, or not any more,
// the one that was shown to the witness. They are wrapped in an Error whose
// code is Tampered; ask with errors.Is.
var (
	// ErrRolledBack says that the witness cosigned a larger checkpoint than the
	// newest that we have.
	ErrRolledBack = errors.New("the witness has seen a longer log")
	// ErrForked says that the log does not continue what the witness cosigned.
	ErrForked = errors.New("the witness has seen another log")
)
