package custody_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"

	"github.com/sealcase/sealcase/evidence"
)

// rowChange is one thing that somebody does to one row.
type rowChange struct {
	collection string
	value      string // of what kind the new value is
	place      string // the field, and the place in it; "" for the whole row
	like       string // what it has in common with others that are of the same kind, of rows of the same kind
	what       string
	was, is    bson.D   // nil for none
	names      []string // by one of which an audit tells of it
	planted    bool     // no row of before is changed
	older      bool     // there is a later version of the row, or a larger head
	of         *bothCases
	shared     bool   // of no case: nothing else is tried at the same time
	rank       uint64 // by which the seed chooses
}

func (c rowChange) String() string {
	of := c.was
	if of == nil {
		of = c.is
	}
	return fmt.Sprintf("%s %v: %s", c.collection, of[0].Value, c.what)
}

// apply makes a change. It reports false when the database does not take it.
func (a *bothCases) apply(c rowChange) bool {
	a.t.Helper()
	at := a.db.Collection(c.collection)
	if c.was != nil {
		_, err := at.DeleteOne(a.t.Context(), c.was[:1])
		a.check(err)
	}
	if c.is == nil {
		return true
	}
	_, err := at.InsertOne(a.t.Context(), c.is)
	if mongo.IsDuplicateKeyError(err) && c.was != nil {
		_, err := at.InsertOne(a.t.Context(), c.was)
		a.check(err)
	}
	if mongo.IsDuplicateKeyError(err) {
		return false
	}
	a.check(err)
	return true
}

// undo puts back what a change changed, whatever a process wrote meanwhile.
func (a *bothCases) undo(c rowChange) {
	a.t.Helper()
	at := a.db.Collection(c.collection)
	for _, d := range []bson.D{c.is, c.was} {
		if d != nil {
			_, err := at.DeleteOne(a.t.Context(), d[:1])
			a.check(err)
		}
	}
	if c.was != nil {
		_, err := at.InsertOne(a.t.Context(), c.was)
		a.check(err)
	}
}

// swap returns how identifiers of one case are made those of the other.
func (a *bothCases) swap() *strings.Replacer {
	var pairs []string
	both := func(x, y string) { pairs = append(pairs, x, y, y, x) }
	both(string(a.here.c.ID), string(a.there.c.ID))
	both(string(a.here.intake.ID), string(a.there.intake.ID))
	both(string(a.here.upload), string(a.there.upload))
	for i := range a.here.items {
		both(string(a.here.items[i].ID), string(a.there.items[i].ID))
	}
	for i := range a.here.disclosures {
		both(string(a.here.disclosures[i]), string(a.there.disclosures[i]))
	}
	for i := range a.here.members {
		both(string(a.here.members[i].ID), string(a.there.members[i].ID))
	}
	return strings.NewReplacer(pairs...)
}

// generator makes the changes of one row.
type generator struct {
	collection string
	kind       string // of the row, among those of its collection
	was, other bson.D
	swap       *strings.Replacer
	names      []string
}

// change is one of a field, or of a place in its body, to a value of some kind.
func (g *generator) change(place, value, what string, is bson.D) rowChange {
	return rowChange{
		collection: g.collection, place: place, value: value, like: strings.Join([]string{g.collection, g.kind, place, value}, "|"), what: what, was: g.was, is: is,
		names: append(slices.Clone(g.names), namesOf(is)...),
	}
}

// all returns every change of the row.
func (g *generator) all() []rowChange {
	return slices.Concat([]rowChange{g.change("", "removed", "removed", nil)}, g.fields(), g.bodies(), g.copies())
}

// namesOf returns what an audit may call a row: by the identifiers in its keys, or
// of its case.
func namesOf(d bson.D) (names []string) {
	for _, f := range d {
		text, ok := f.Value.(string)
		if !ok || f.Key == "body" || f.Key == "minute" {
			continue
		}
		for part := range strings.SplitSeq(text, "/") {
			if len(part) > 12 || f.Key == "person" {
				names = append(names, part)
			}
		}
	}
	if len(names) == 0 || slices.Contains(names, string(evidence.RegisterID())) { // it has no case to be named by
		names = append(names, "register", "record", "entry", "entries")
	}
	return names
}

// with returns the row with another value of one key; without the key for nil.
func (g *generator) with(key string, value any) bson.D {
	is := slices.Clone(g.was)
	i := slices.IndexFunc(is, func(e bson.E) bool { return e.Key == key })
	if value == nil {
		return slices.Delete(is, i, i+1)
	}
	is[i].Value = value
	return is
}

// fields changes and removes each key.
func (g *generator) fields() (list []rowChange) {
	for _, f := range g.was {
		if f.Key == "body" || f.Key == "raw" {
			list = append(list, g.change(f.Key, "another's", f.Key+" of another", g.with(f.Key, valueOf(g.other, f.Key))))
		}
		if f.Key != "_id" {
			list = append(list, g.change(f.Key, "removed", f.Key+" removed", g.with(f.Key, nil)))
		}
		for _, v := range g.values(f.Value, valueOf(g.other, f.Key)) {
			list = append(list, g.change(f.Key, v.kind, fmt.Sprintf("%s is %v", f.Key, v.is), g.with(f.Key, v.is)))
		}
	}
	return list
}

func valueOf(d bson.D, key string) any {
	for _, f := range d {
		if f.Key == key {
			return f.Value
		}
	}
	return nil
}

// bodies changes and removes each field in the body, or in the bytes of an entry.
func (g *generator) bodies() (list []rowChange) {
	key := "body"
	text, ok := valueOf(g.was, key).(string)
	if !ok {
		raw, binary := valueOf(g.was, "raw").(bson.Binary)
		if !binary {
			return nil
		}
		key, text = "raw", string(raw.Data)
	}
	otherText, _ := valueOf(g.other, "body").(string)
	if raw, ok := valueOf(g.other, "raw").(bson.Binary); ok {
		otherText = string(raw.Data)
	}
	root, ok := parsed(text)
	if !ok { // no JSON: a signed head
		return list
	}
	another, _ := parsed(otherText)
	for _, path := range paths(root, nil) {
		was, alike := at(root, path), at(another, path)
		values := g.values(was, alike)
		if !slices.Contains([]string{"0", `""`, "null", "false"}, textOf(was)) { // without it, it reads as that
			values = append(values, value{"removed", nil})
		}
		for _, v := range values {
			changed, _ := parsed(text)
			changed = set(changed, path, v.is)
			var body any = textOf(changed)
			if key == "raw" {
				body = bson.Binary{Data: []byte(body.(string))}
			}
			list = append(list, g.change(key+"."+placeIn(path), v.kind, fmt.Sprintf("%s in %s is %v", strings.Join(path, "."), key, v.is), g.with(key, body)))
		}
	}
	return list
}

// copies plants the row again: as the next version, under another key, and as one
// of the other case.
func (g *generator) copies() (list []rowChange) {
	plant := func(what string, is bson.D) {
		c := g.change("", what, what, is)
		c.was, c.planted = nil, true
		list = append(list, c)
	}
	swapped := g.mapped(g.swap.Replace)
	id := g.was[0].Value.(string)
	for _, from := range []struct {
		name string
		row  bson.D
	}{{"copy", g.was}, {"copy with the other case's identifiers", swapped}} {
		name, d := from.name, from.row
		next := slices.Clone(d)
		next[0].Value = nextKey(d[0].Value.(string))
		for i, f := range next {
			if n, ok := f.Value.(int64); ok && f.Key == "version" {
				next[i].Value = n + 1
			}
			if text, ok := f.Value.(string); ok && f.Key == "body" {
				if root, ok := parsed(text); ok && at(root, []string{"version"}) != nil {
					next[i].Value = textOf(set(root, []string{"version"}, json.Number(fmt.Sprint(valueOf(next, "version")))))
				}
			}
		}
		plant(name+" as the next version", next)
		under := slices.Clone(d)
		under[0].Value = id + "0"
		plant(name+" under another key", under)
	}
	plant("copy in the place of the other case", swapped)
	return list
}

// mapped returns the row with every text changed.
func (g *generator) mapped(change func(string) string) bson.D {
	is := slices.Clone(g.was)
	for i, f := range is {
		switch v := f.Value.(type) {
		case string:
			is[i].Value = change(v)
		case bson.Binary:
			is[i].Value = bson.Binary{Data: []byte(change(string(v.Data)))}
		}
	}
	return is
}

// nextKey returns a key with its last number raised.
func nextKey(id string) string {
	at := strings.LastIndex(id, "/") + 1
	var n int64
	if _, err := fmt.Sscanf(id[at:], "%d", &n); err != nil {
		return id + "/2"
	}
	return id[:at] + fmt.Sprintf("%0*d", len(id)-at, n+1)
}

const largest = 1<<53 - 1

// value is what somebody may put in the place of another value, and how it came.
type value struct {
	kind string
	is   any
}

// values returns others for a value: that of another row, and plausible ones.
func (g *generator) values(was, alike any) (list []value) {
	add := func(kind string, is any) {
		if textOf(is) != textOf(was) {
			list = append(list, value{kind, is})
		}
	}
	if alike != nil {
		add("another's", alike)
	}
	switch v := was.(type) {
	case string:
		add("swapped", g.swap.Replace(v))
		if evidence.ItemState(v) == evidence.ItemSealed {
			add("received", string(evidence.ItemReceived))
			add("quarantined", string(evidence.ItemQuarantined))
		}
		add("empty", "")
		add("stranger", string(stranger.ID))
	case int64:
		add("one more", v+1)
		add("largest", int64(largest))
	case json.Number:
		n, _ := v.Int64()
		add("one more", json.Number(fmt.Sprint(n+1)))
		add("largest", json.Number(fmt.Sprint(largest)))
	case bool:
		add("not", !v)
	}
	return list
}

// placeIn names a place in a body, whichever part of a list it is in.
func placeIn(path []string) string {
	parts := slices.Clone(path)
	for i, p := range parts {
		if _, err := strconv.Atoi(p); err == nil {
			parts[i] = "#"
		}
	}
	return strings.Join(parts, ".")
}

func parsed(text string) (root any, ok bool) {
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	d.UseNumber()
	return root, d.Decode(&root) == nil
}

// paths returns the places of everything in a value.
func paths(v any, under []string) (list [][]string) {
	each := func(key string, v any) {
		path := append(slices.Clone(under), key)
		list = append(append(list, path), paths(v, path)...)
	}
	switch v := v.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(v)) {
			each(key, v[key])
		}
	case []any:
		for i := range v {
			each(fmt.Sprint(i), v[i])
		}
	}
	return list
}

func at(v any, path []string) any {
	for _, key := range path {
		switch o := v.(type) {
		case map[string]any:
			v = o[key]
		case []any:
			var i int
			if _, err := fmt.Sscan(key, &i); err != nil || i >= len(o) {
				return nil
			}
			v = o[i]
		default:
			return nil
		}
	}
	return v
}

// set returns a value with another one at a place; without the place for nil.
func set(root any, path []string, value any) any {
	parent := at(root, path[:len(path)-1])
	key := path[len(path)-1]
	switch o := parent.(type) {
	case map[string]any:
		if o[key] = value; value == nil {
			delete(o, key)
		}
	case []any:
		var i int
		if _, err := fmt.Sscan(key, &i); err == nil && i < len(o) {
			o[i] = value
		}
	}
	return root
}
