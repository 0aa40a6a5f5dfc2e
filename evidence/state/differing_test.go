package state_test

import (
	"slices"
	"testing"

	"github.com/sealcase/sealcase/evidence/state"
)

// TestDiffering: a difference is told by the names of fields, which are ours, and
// never by what stands in them.
func TestDiffering(t *testing.T) {
	t.Parallel()
	want := state.Record{Kind: state.KindMember, Key: "c/p/000001", Case: "c", Person: "p", Version: 1, Body: []byte(`{"case":"c","person":"p","version":1,"name":"Emil","login":"emil"}`)}
	for _, tc := range []struct {
		name   string
		change func(*state.Record)
		fields []string
		ok     bool
	}{
		{"nothing", func(*state.Record) {}, nil, true},
		{"another order", func(r *state.Record) {
			r.Body = []byte(`{ "login":"emil", "name":"Emil","version":1,"person":"p","case":"c"}`)
		}, nil, true},
		{"another name", func(r *state.Record) {
			r.Body = []byte(`{"case":"c","person":"p","version":1,"name":"Mallory","login":"m"}`)
		}, []string{"login", "name"}, true},
		{"one that is not ours", func(r *state.Record) {
			r.Body = []byte(`{"case":"c","person":"p","version":1,"name":"Emil","login":"emil","Witness Meier":1}`)
		}, nil, true},
		{"found by another person", func(r *state.Record) { r.Person = "q" }, []string{"its person"}, true},
		{"unreadable", func(r *state.Record) { r.Body = []byte(`{`) }, nil, false},
	} {
		got := want
		tc.change(&got)
		fields, ok := state.Differing(want, got)
		if !slices.Equal(fields, tc.fields) || ok != tc.ok {
			t.Errorf("%s: %v, %t", tc.name, fields, ok)
		}
		if state.Same(want, got) != (ok && len(fields) == 0) {
			t.Errorf("%s: Same says otherwise", tc.name)
		}
	}
}
