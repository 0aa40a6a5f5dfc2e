package canon

import (
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strings"
	"sync"
)

// plan is how values of one type are written and read.
type plan struct {
	write encoder
	read  decoder
}

// plans remembers the plans of types, and nil for types that are left to
// encoding/json and package jcs. It is a memo of a pure function, as
// encoding/json keeps one, not state: what is in it never changes.
var plans sync.Map //nolint:gochecknoglobals // reflect.Type to *plan

// planOf returns the plan of a type, or nil when it cannot be told from the type
// alone how its values are written.
func planOf(t reflect.Type) *plan {
	if known, ok := plans.Load(t); ok {
		return known.(*plan)
	}
	p := newPlan(t, nil)
	plans.Store(t, p)
	return p
}

// newPlan makes a plan; within are the structs that it is made for, of which
// none may hold itself.
func newPlan(t reflect.Type, within []reflect.Type) *plan {
	pointer := reflect.PointerTo(t) // it has the methods of t as well
	switch {
	case t.Kind() == reflect.Pointer:
		return wrap(t.Elem(), within, pointerTo, readPointer)
	case pointer.Implements(reflect.TypeFor[json.Marshaler]()), pointer.Implements(reflect.TypeFor[json.Unmarshaler]()):
		return nil
	case t.Implements(reflect.TypeFor[encoding.TextMarshaler]()) && pointer.Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		return &plan{appendText, readText}
	case pointer.Implements(reflect.TypeFor[encoding.TextMarshaler]()), pointer.Implements(reflect.TypeFor[encoding.TextUnmarshaler]()):
		return nil // whether it is used depends on where the value stands
	}
	switch t.Kind() {
	case reflect.Bool:
		return &plan{appendBool, readBool}
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return &plan{appendInt, readInt}
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return &plan{appendUint, readUint}
	case reflect.String:
		if t == reflect.TypeFor[json.Number]() {
			return nil
		}
		return &plan{appendReflectString, readString}
	case reflect.Slice, reflect.Array:
		return planList(t, within)
	case reflect.Map:
		key := reflect.PointerTo(t.Key())
		if t.Key().Kind() != reflect.String || key.Implements(reflect.TypeFor[encoding.TextMarshaler]()) || key.Implements(reflect.TypeFor[encoding.TextUnmarshaler]()) {
			return nil
		}
		return wrap(t.Elem(), within, mapOf, readMap)
	case reflect.Struct:
		return planStruct(t, within)
	}
	return nil
}

// wrap makes the plan of what holds values of type elem.
func wrap(elem reflect.Type, within []reflect.Type, write func(encoder) encoder, read func(decoder) decoder) *plan {
	p := newPlan(elem, within)
	if p == nil {
		return nil
	}
	return &plan{write(p.write), read(p.read)}
}

func planList(t reflect.Type, within []reflect.Type) *plan {
	if t.Elem().Kind() == reflect.Uint8 {
		if t == reflect.TypeFor[[]byte]() {
			return &plan{appendBytes, readBytes}
		}
		return nil
	}
	return wrap(t.Elem(), within, listOf, readList)
}

// member is a field of a struct, as an object has it.
type member struct {
	start     string // `"name":`
	name      string
	index     int
	omitEmpty bool
	omitZero  func(reflect.Value) bool // nil without omitzero
	plan
}

func planStruct(t reflect.Type, within []reflect.Type) *plan {
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
	return &plan{writeMembers(members), readMembers(members)}
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
	p := newPlan(f.Type, within)
	if p == nil {
		return m, false
	}
	m.plan = *p
	return m, true
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
		return func(v reflect.Value) bool { return methodsOf(v).(zeroer).IsZero() }
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
