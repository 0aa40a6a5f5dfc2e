package act

import (
	"encoding"
	"maps"
	"reflect"
	"strconv"
	"strings"

	"github.com/sealcase/sealcase/evidence"
)

// tag names the detail of an entry that holds a field: `detail:"name"`. With
// ",omitempty" the zero value is left out, and absence is the zero value.
const tag = "detail"

// details writes the fields of a payload. Strings, integers, booleans ("true"
// or nothing) and what marshals to text have one form each.
func details(p any) map[string]string {
	to := map[string]string{}
	v := reflect.ValueOf(p)
	for i := range v.NumField() {
		name, optional, ok := fieldOf(v.Type().Field(i))
		if !ok || optional && v.Field(i).IsZero() {
			continue
		}
		to[name] = textOf(v.Field(i))
	}
	if len(to) == 0 {
		return nil
	}
	return to
}

func fieldOf(f reflect.StructField) (name string, optional, ok bool) {
	text, ok := f.Tag.Lookup(tag)
	name, rest, _ := strings.Cut(text, ",")
	return name, rest == "omitempty", ok && name != "-"
}

func textOf(v reflect.Value) string {
	if v.Kind() == reflect.Pointer {
		v = v.Elem()
	}
	if m, ok := v.Interface().(encoding.TextMarshaler); ok {
		text, err := m.MarshalText()
		if err != nil {
			return "" // an instant that cannot be written, which nobody can have read
		}
		return string(text)
	}
	switch v.Kind() {
	case reflect.String:
		return strings.ToValidUTF8(v.String(), "?")
	case reflect.Int, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10)
	case reflect.Bool:
		return strconv.FormatBool(v.Bool())
	default:
		panic("act: a payload has a field of a kind that details cannot hold: " + v.Type().String())
	}
}

// read fills the fields of the payload that p points at. It fails with Malformed
// for a value that a field cannot have; details that no field names are for
// readers of other versions.
func read(from map[string]string, p any) error {
	v := reflect.ValueOf(p).Elem()
	for i := range v.NumField() {
		name, optional, ok := fieldOf(v.Type().Field(i))
		if !ok {
			continue
		}
		text, there := from[name]
		if !there && optional {
			continue
		}
		if !there || !readText(text, v.Field(i)) {
			return evidence.Errorf(evidence.Malformed, "the detail %q is missing or is not what it should be", name)
		}
	}
	return nil
}

func readText(text string, v reflect.Value) bool {
	if v.Kind() == reflect.Pointer {
		v.Set(reflect.New(v.Type().Elem()))
		v = v.Elem()
	}
	if u, ok := v.Addr().Interface().(encoding.TextUnmarshaler); ok {
		return u.UnmarshalText([]byte(text)) == nil
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(text)
		return true
	case reflect.Int, reflect.Int64:
		n, err := strconv.ParseInt(text, 10, 64)
		v.SetInt(n)
		return err == nil && strconv.FormatInt(n, 10) == text
	case reflect.Bool:
		v.SetBool(text == "true")
		return text == "true" || text == "false"
	default:
		return false
	}
}

// DetailClock is a detail that the entry of any act may have: how far its time
// lies before that of an entry that stands before it in the log, as "<seconds>
// behind entry <index>". The order is the index; the mark is there so that a
// clock that is wrong, or an act that came late, shows.
const DetailClock = "clock"

// SameDetails reports whether two entries say the same, the mark of the clock
// apart.
func SameDetails(a, b map[string]string) bool {
	without := func(d map[string]string) map[string]string {
		d = maps.Clone(d)
		delete(d, DetailClock)
		return d
	}
	return maps.Equal(without(a), without(b))
}
