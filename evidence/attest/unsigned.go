package attest

import (
	"bytes"

	"github.com/sealcase/sealcase/evidence"
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
