package attest

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strconv"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
)

// member begins the signature in canonical bytes of an entry. It cannot stand
// inside a string, where quotation marks are escaped, nor in another object of
// an entry: the values of details are strings.
const member = `,"signature":{`

// Unsigned returns the canonical bytes of an entry without its signature: what
// was signed. raw is canonical already (package canon); the keys of canonical
// JSON are sorted, so "signature" is never first, and the rest is canonical as
// it stands. It fails with Malformed when there is no signature.
func Unsigned(raw []byte) ([]byte, error) {
	before, after, err := aroundSignature(raw)
	if err != nil {
		return nil, err
	}
	return slices.Concat(before, after), nil
}

// aroundSignature returns what stands before and after the signature, which
// together were signed.
func aroundSignature(raw []byte) (before, after []byte, err error) {
	start := bytes.Index(raw, []byte(member))
	if start < 0 {
		return nil, nil, evidence.Errorf(evidence.Malformed, "the entry is not signed")
	}
	for at := start + len(member); at < len(raw); at++ {
		switch raw[at] {
		case '"':
			at = endOfString(raw, at)
		case '}':
			return raw[:start], raw[at+1:], nil
		}
	}
	return nil, nil, evidence.Errorf(evidence.Malformed, "the entry's signature does not end")
}

// endOfString returns where the string that begins at start has its closing
// quotation mark, or the end of raw.
func endOfString(raw []byte, start int) int {
	for at := start + 1; at < len(raw); at++ {
		length := bytes.IndexByte(raw[at:], '"')
		if length < 0 {
			break
		}
		at += length
		if escapes := at - len(bytes.TrimRight(raw[:at], `\`)); escapes%2 == 0 {
			return at
		}
	}
	return len(raw)
}

// withSignature returns the canonical bytes of an entry with s, where unsigned
// are those without one: what canon.Marshal gives, without writing the rest of
// the entry again. In their order only "tool", an object, and "type", which is
// always there and last, come after "signature"; neither text can stand inside a
// string, and no member of details is an object.
func withSignature(unsigned []byte, s *evidence.EntrySignature) ([]byte, error) {
	at := bytes.Index(unsigned, []byte(`,"tool":{`))
	if at < 0 {
		at = bytes.LastIndex(unsigned, []byte(`,"type":"`))
	}
	if at < 0 {
		return nil, evidence.Errorf(evidence.Invalid, "these are not the canonical bytes of an entry")
	}
	key, err := canon.Marshal(s.Key)
	if err != nil {
		return nil, err
	}
	raw := make([]byte, 0, len(unsigned)+len(member)+len(key)+200+len(s.Path)*67)
	raw = append(append(raw, unsigned[:at]...), member...)
	if s.Index > 0 {
		raw = append(strconv.AppendInt(append(raw, `"index":`...), s.Index, 10), ',')
	}
	raw = append(append(raw, `"key":`...), key...)
	for i, d := range s.Path {
		if i == 0 {
			raw = append(raw, `,"path":["`...)
		} else {
			raw = append(raw, `","`...)
		}
		raw = hex.AppendEncode(raw, d[:])
	}
	if len(s.Path) > 0 {
		raw = append(raw, `"]`...)
	}
	raw = append(base64.StdEncoding.AppendEncode(append(raw, `,"sig":"`...), s.Bytes), '"')
	if s.Size > 0 {
		raw = strconv.AppendInt(append(raw, `,"size":`...), s.Size, 10)
	}
	raw = append(append(raw, '}'), unsigned[at:]...)
	if len(raw) > canon.MaxSize {
		return nil, evidence.Errorf(evidence.TooLarge, "a signed entry may have %d bytes, this has %d", canon.MaxSize, len(raw))
	}
	return raw, nil
}
