package canon

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// plans remembers, by type, how its values are written, and nil for types that
// are left to Transform (RFC 8785 by package jcs). It is a memo of a pure
// function, as encoding/json keeps one, not state: what is in it never changes.
var plans sync.Map //nolint:gochecknoglobals // reflect.Type to encoder

// planOf returns how values of a type are written, or nil when that cannot be
// said from the type alone.
func planOf(t reflect.Type) encoder {
	if known, ok := plans.Load(t); ok {
		return known.(encoder)
	}
	plan := newPlan(t, nil)
	plans.Store(t, plan)
	return plan
}

// newPlan makes a plan; within are the structs that it is made for, of which
// none may hold itself.
func newPlan(t reflect.Type, within []reflect.Type) encoder {
	switch {
	case t.Implements(reflect.TypeFor[json.Marshaler]()), reflect.PointerTo(t).Implements(reflect.TypeFor[json.Marshaler]()):
		return nil
	case t.Implements(reflect.TypeFor[encoding.TextMarshaler]()):
		return appendText
	case reflect.PointerTo(t).Implements(reflect.TypeFor[encoding.TextMarshaler]()):
		return nil // whether it is used depends on where the value stands
	}
	switch t.Kind() {
	case reflect.Bool:
		return appendBool
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return appendInt
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return appendUint
	case reflect.String:
		if t == reflect.TypeFor[json.Number]() {
			return nil
		}
		return appendReflectString
	case reflect.Pointer:
		return wrap(newPlan(t.Elem(), within), pointerTo)
	case reflect.Slice, reflect.Array:
		return planList(t, within)
	case reflect.Map:
		if t.Key().Kind() != reflect.String || t.Key().Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
			return nil
		}
		return wrap(newPlan(t.Elem(), within), mapOf)
	case reflect.Struct:
		return planStruct(t, within)
	}
	return nil
}

func wrap(elem encoder, in func(encoder) encoder) encoder {
	if elem == nil {
		return nil
	}
	return in(elem)
}

func planList(t reflect.Type, within []reflect.Type) encoder {
	if t.Elem().Kind() == reflect.Uint8 {
		if t == reflect.TypeFor[[]byte]() {
			return appendBytes
		}
		return nil
	}
	return wrap(newPlan(t.Elem(), within), listOf)
}

// member is a field of a struct, as an object has it.
type member struct {
	start     string // `"name":`
	name      string
	index     int
	omitEmpty bool
	omitZero  func(reflect.Value) bool // nil without omitzero
	write     encoder
}

func planStruct(t reflect.Type, within []reflect.Type) encoder {
	if slices.Contains(within, t) {
		return nil
	}
	within = append(slices.Clip(within), t)
	var members []member
	for i := range t.NumField() {
		f := t.Field(i)
		tag, _ := f.Tag.Lookup("json")
		if f.Anonymous {
			return nil
		}
		if !f.IsExported() || tag == "-" {
			continue
		}
		m, ok := planMember(f, tag, within)
		if !ok {
			return nil
		}
		m.index = i
		members = append(members, m)
	}
	slices.SortFunc(members, func(a, b member) int { return compareKeys(a.name, b.name) })
	for i := 1; i < len(members); i++ {
		if members[i].name == members[i-1].name {
			return nil
		}
	}
	return writeMembers(members)
}

// planMember makes the plan of a field; ok is false for what only encoding/json
// knows how to write.
func planMember(f reflect.StructField, tag string, within []reflect.Type) (m member, ok bool) {
	name, options, _ := strings.Cut(tag, ",")
	m = member{name: name}
	if !plainName(name) {
		return m, false
	}
	m.start = `"` + name + `":`
	for option := range strings.SplitSeq(options, ",") {
		switch option {
		case "":
		case "omitempty":
			m.omitEmpty = true
		case "omitzero":
			m.omitZero = isZero(f.Type)
		default:
			return m, false
		}
	}
	m.write = newPlan(f.Type, within)
	return m, m.write != nil
}

// plainName reports whether a name is its own canonical text.
func plainName(name string) bool {
	return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == ""
}

// isZero returns what omitzero asks of a value of a type: its method IsZero,
// where it has one.
func isZero(t reflect.Type) func(reflect.Value) bool {
	type zeroer interface{ IsZero() bool }
	if t.Implements(reflect.TypeFor[zeroer]()) && t.Kind() != reflect.Pointer && t.Kind() != reflect.Interface {
		return func(v reflect.Value) bool { return v.Interface().(zeroer).IsZero() }
	}
	return reflect.Value.IsZero
}

// writeMembers returns the encoder of a struct.
func writeMembers(members []member) encoder {
	return func(b []byte, v reflect.Value) (_ []byte, err error) {
		b = append(b, '{')
		first := true
		for i := range members {
			m := &members[i]
			f := v.Field(m.index)
			if m.omitEmpty && isEmpty(f) || m.omitZero != nil && m.omitZero(f) {
				continue
			}
			if !first {
				b = append(b, ',')
			}
			first = false
			b = append(b, m.start...)
			if b, err = m.write(b, f); err != nil {
				return nil, err
			}
		}
		return append(b, '}'), nil
	}
}

// isEmpty is what omitempty asks of a value (encoding/json).
func isEmpty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	default:
		return v.IsZero()
	}
}
