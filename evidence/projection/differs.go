package projection

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

// unknownField stands for fields that no record of ours has: what somebody
// wrote there is not repeated.
const unknownField = "a field that is not ours"

// differing compares two objects field by field.
func differing(want, got map[string]json.RawMessage, ignored []string) (fields []string) {
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if !slices.Contains(ignored, name) && !bytes.Equal(compact(want[name]), compact(got[name])) {
			fields = append(fields, name)
		}
	}
	for name := range got {
		if _, ours := want[name]; ours {
			continue
		}
		if isName(name) {
			fields = append(fields, name)
		} else if !slices.Contains(fields, unknownField) {
			fields = append(fields, unknownField)
		}
	}
	slices.Sort(fields)
	return fields
}

// isName reports whether a text is like the name of a field.
func isName(text string) bool {
	for _, c := range []byte(text) {
		if (c < 'a' || c > 'z') && c != '_' && (c < '0' || c > '9') {
			return false
		}
	}
	return len(text) > 0 && len(text) <= 24
}

// compact returns JSON without white space, as it is where it is none.
func compact(raw json.RawMessage) []byte {
	var b bytes.Buffer
	if json.Compact(&b, raw) != nil {
		return raw
	}
	return b.Bytes()
}
