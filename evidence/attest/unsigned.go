package attest

import (
	"bytes"
	"encoding/base64"
	"encoding/hex"
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
	start := bytes.Index(raw, []byte(member))
	if start < 0 {
		return nil, evidence.Errorf(evidence.Malformed, "the entry is not signed")
	}
	end, inString := start+len(member), false
	for ; end < len(raw); end++ {
		switch c := raw[end]; {
		case inString && c == '\\':
			end++
		case c == '"':
			inString = !inString
		case c == '}' && !inString:
			return append(bytes.Clone(raw[:start]), raw[end+1:]...), nil
		}
	}
	return nil, evidence.Errorf(evidence.Malformed, "the entry's signature does not end")
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
