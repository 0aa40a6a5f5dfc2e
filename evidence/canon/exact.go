package canon

import (
	"bytes"
	"encoding"
	"encoding/json"
	"reflect"
	"strconv"
	"unicode/utf8"

	"github.com/sealcase/sealcase/evidence"
)

// exact returns an Invalid error when v, as encoding/json sees it, holds a
// float or a string that is not valid UTF-8.
func exact(v reflect.Value) error {
	if v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if !v.IsValid() || !v.CanInterface() && v.Kind() != reflect.Struct {
		return nil // null, or what encoding/json does not see
	}
	if v.Type().Implements(reflect.TypeFor[json.Marshaler]()) {
		return nil // writes JSON itself: integers and jcs judge what it wrote
	}
	if v.CanInterface() && v.Type().Implements(reflect.TypeFor[encoding.TextMarshaler]()) {
		return exactText(v)
	}
	switch v.Kind() {
	case reflect.Float32, reflect.Float64:
		return evidence.Errorf(evidence.Invalid, "canonical JSON has no floats here; use an integer or a string")
	case reflect.String:
		return exactString(v.String())
	case reflect.Pointer:
		return exact(v.Elem())
	case reflect.Slice, reflect.Array:
		return exactElements(v)
	case reflect.Map:
		return exactMembers(v)
	case reflect.Struct:
		return exactFields(v)
	}
	return nil
}

func exactString(s string) error {
	if !utf8.ValidString(s) {
		return evidence.Errorf(evidence.Invalid, "a text is not valid UTF-8 and would be changed by writing it as JSON")
	}
	return nil
}

func exactText(v reflect.Value) error {
	if v.Kind() == reflect.Pointer && v.IsNil() {
		return nil // null
	}
	text, err := v.Interface().(encoding.TextMarshaler).MarshalText()
	if err != nil {
		return evidence.WrapError(evidence.Invalid, err, "a value cannot be written as canonical JSON")
	}
	return exactString(string(text))
}

func exactElements(v reflect.Value) error {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		return nil // base64, or integers
	}
	for i := range v.Len() {
		if err := exact(v.Index(i)); err != nil {
			return err
		}
	}
	return nil
}

func exactMembers(v reflect.Value) error {
	for m := v.MapRange(); m.Next(); {
		if err := exact(m.Key()); err != nil {
			return err
		}
		if err := exact(m.Value()); err != nil {
			return err
		}
	}
	return nil
}

func exactFields(v reflect.Value) error {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		if !f.IsExported() && !f.Anonymous || f.Tag.Get("json") == "-" {
			continue
		}
		if err := exact(v.Field(i)); err != nil {
			return err
		}
	}
	return nil
}

// integers returns an Invalid error when a number of the JSON text raw is not
// an integer of at most MaxInteger, in the way in which RFC 8785 writes it.
func integers(raw []byte) error {
	for i := 0; i < len(raw); {
		switch c := raw[i]; {
		case c == '"':
			i = afterString(raw, i)
		case c == '-' || c >= '0' && c <= '9':
			end := i + 1
			for end < len(raw) && bytes.IndexByte([]byte("+-.0123456789Ee"), raw[end]) >= 0 {
				end++
			}
			n, err := strconv.ParseInt(string(raw[i:end]), 10, 64)
			if err != nil || n > MaxInteger || n < -MaxInteger || string(raw[i:end]) == "-0" {
				return evidence.Errorf(evidence.Invalid, "a number is not an integer of at most 2^53-1")
			}
			i = end
		default:
			i++
		}
	}
	return nil
}

// afterString returns the index after the JSON string that begins at i.
func afterString(raw []byte, i int) int {
	for i++; i < len(raw) && raw[i] != '"'; i++ {
		if raw[i] == '\\' {
			i++
		}
	}
	return i + 1
}
