package evidence

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// Digest is a SHA-256 (FIPS 180-4). Its text is 64 lower-case hexadecimal
// digits. The zero Digest means "not known" and has the empty text.
type Digest [sha256.Size]byte

// Sum returns the digest of data.
func Sum(data []byte) Digest { return sha256.Sum256(data) }

// ParseDigest reads the hexadecimal text of a digest, in either case. All
// zeros are refused: they would pass for "not known".
func ParseDigest(s string) (Digest, error) {
	return parseDigest([]byte(s))
}

func parseDigest(text []byte) (Digest, error) {
	var d Digest
	if len(text) != 2*len(d) {
		return Digest{}, Errorf(Invalid, "a SHA-256 has 64 hexadecimal digits, this has %d characters", len(text))
	}
	if _, err := hex.Decode(d[:], text); err != nil {
		return Digest{}, Errorf(Invalid, "a SHA-256 has hexadecimal digits only")
	}
	if d.IsZero() {
		return Digest{}, Errorf(Invalid, "a SHA-256 of zeros only is not one of any bytes")
	}
	return d, nil
}

// ParseReprDigest reads the sha-256 member of a Repr-Digest header field
// (RFC 9530 section 3): "sha-256=:base64:".
func ParseReprDigest(field string) (Digest, error) {
	for member := range strings.SplitSeq(field, ",") {
		value, ok := strings.CutPrefix(strings.TrimSpace(member), "sha-256=:")
		if !ok {
			continue
		}
		text, ok := strings.CutSuffix(value, ":")
		raw, err := base64.StdEncoding.Strict().DecodeString(text)
		if !ok || err != nil || len(raw) != sha256.Size || Digest(raw).IsZero() {
			break
		}
		return Digest(raw), nil
	}
	return Digest{}, Errorf(Invalid, "the Repr-Digest field has no valid sha-256 member; send sha-256=:BASE64:")
}

// IsZero reports whether d is not known.
func (d Digest) IsZero() bool { return d == Digest{} }

// String returns the hexadecimal text of d.
func (d Digest) String() string {
	if d.IsZero() {
		return ""
	}
	return hex.EncodeToString(d[:])
}

// AppendText implements encoding.TextAppender.
func (d Digest) AppendText(b []byte) ([]byte, error) {
	if d.IsZero() {
		return b, nil
	}
	return hex.AppendEncode(b, d[:]), nil
}

// MarshalText implements encoding.TextMarshaler.
func (d Digest) MarshalText() ([]byte, error) { return d.AppendText([]byte{}) }

// UnmarshalText implements encoding.TextUnmarshaler.
func (d *Digest) UnmarshalText(text []byte) error {
	if len(text) == 0 {
		*d = Digest{}
		return nil
	}
	parsed, err := parseDigest(text)
	if err != nil {
		return err
	}
	*d = parsed
	return nil
}
