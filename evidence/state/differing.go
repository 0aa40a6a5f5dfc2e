package state

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
)

// Differing returns the names of the fields in which a stored record differs from
// what it should be, in order; ok is false where it cannot be read. No value is
// returned: names and titles are for members of the case only.
func Differing(want, got Record) (fields []string, ok bool) {
	x, errX := normal(want)
	y, errY := normal(got)
	var w, g map[string]json.RawMessage
	if errX != nil || errY != nil || json.Unmarshal(x, &w) != nil || json.Unmarshal(y, &g) != nil {
		return nil, false
	}
	maps.DeleteFunc(g, func(name string, v json.RawMessage) bool { return bytes.Equal(v, w[name]) && w[name] != nil })
	for _, name := range slices.Sorted(maps.Keys(w)) {
		if _, there := g[name]; !there && !sameIn(y, name, w[name]) {
			g[name] = nil
		}
	}
	for _, key := range []struct {
		name    string
		differs bool
	}{{"key", want.Key != got.Key}, {"case", want.Case != got.Case}, {"person", want.Person != got.Person}, {"version", want.Version != got.Version}} {
		if key.differs {
			g["its "+key.name] = nil
		}
	}
	return slices.Sorted(maps.Keys(g)), true
}

// sameIn reports whether an object has that value under a name.
func sameIn(object []byte, name string, value json.RawMessage) bool {
	var v map[string]json.RawMessage
	return json.Unmarshal(object, &v) == nil && bytes.Equal(v[name], value)
}
