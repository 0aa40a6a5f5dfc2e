package canon

import (
	"bytes"
	"encoding"
	"encoding/base64"
	"reflect"
	"strconv"
	"sync"
)

// A decoder reads the value at the start of a text into v, which is zero, and
// returns what follows. It is not ok where the value is not what the plan would
// write, as far as that is cheap to see: whoever uses it writes the value again
// and compares, and leaves the rest to encoding/json.
type decoder func(text []byte, v reflect.Value) (rest []byte, ok bool)

// readByPlan reads canonical text into v, a pointer to a zero value, by the plan
// of its type. Where it returns false v is as it was, and readJSON is to judge:
// v is no such pointer, its type has no plan, or the text is not what Marshal
// writes of any value.
func readByPlan(data []byte, v any) bool {
	value := reflect.ValueOf(v)
	if value.Kind() != reflect.Pointer || value.IsNil() || !value.Elem().IsZero() {
		return false
	}
	value = value.Elem()
	p := planOf(value.Type())
	if p == nil {
		return false
	}
	if rest, ok := p.read(data, value); ok && len(rest) == 0 && writes(p, value, data) {
		return true
	}
	value.SetZero()
	return false
}

// rooms are for what is written to be compared and forgotten.
var rooms = sync.Pool{New: func() any { return new([]byte) }} //nolint:gochecknoglobals // memory, not state

// writes reports whether data is what the plan writes of v.
func writes(p *plan, v reflect.Value, data []byte) bool {
	room := rooms.Get().(*[]byte)
	defer rooms.Put(room)
	again, err := p.write((*room)[:0], v)
	if err != nil {
		return false
	}
	*room = again
	return bytes.Equal(again, data)
}

// cut takes a prefix off a text.
func cut(text []byte, prefix string) (rest []byte, ok bool) {
	if len(text) < len(prefix) || string(text[:len(prefix)]) != prefix {
		return text, false
	}
	return text[len(prefix):], true
}

// stringAt returns the string at the start of text. What is not UTF-8, control
// characters and needless escapes are left to whoever compares.
func stringAt(text []byte) (s, rest []byte, ok bool) {
	if len(text) == 0 || text[0] != '"' {
		return nil, nil, false
	}
	end := 1 + bytes.IndexByte(text[1:], '"')
	if end > 0 && bytes.IndexByte(text[1:end], '\\') < 0 {
		return text[1:end], text[end+1:], true
	}
	if end = afterString(text, 0); end > len(text) {
		return nil, nil, false
	}
	plain, err := strconv.Unquote(string(text[:end])) // Go has all the escapes that canonical JSON has
	return []byte(plain), text[end:], err == nil
}

func readText(text []byte, v reflect.Value) ([]byte, bool) {
	s, rest, ok := stringAt(text)
	return rest, ok && v.Addr().Interface().(encoding.TextUnmarshaler).UnmarshalText(s) == nil
}

func readString(text []byte, v reflect.Value) ([]byte, bool) {
	s, rest, ok := stringAt(text)
	v.SetString(string(s))
	return rest, ok
}

func readBytes(text []byte, v reflect.Value) ([]byte, bool) {
	if rest, ok := cut(text, "null"); ok {
		return rest, true
	}
	s, rest, ok := stringAt(text)
	raw := make([]byte, base64.StdEncoding.DecodedLen(len(s)))
	n, err := base64.StdEncoding.Decode(raw, s)
	v.SetBytes(raw[:n])
	return rest, ok && err == nil
}

func readBool(text []byte, v reflect.Value) ([]byte, bool) {
	if rest, ok := cut(text, "true"); ok {
		v.SetBool(true)
		return rest, true
	}
	return cut(text, "false")
}

// readInt reads an integer. One that is too large for v becomes another, which
// whoever compares sees.
func readInt(text []byte, v reflect.Value) ([]byte, bool) {
	digits := digitsAt(text)
	n, err := strconv.ParseInt(string(digits), 10, 64)
	v.SetInt(n)
	return text[len(digits):], err == nil
}

func readUint(text []byte, v reflect.Value) ([]byte, bool) {
	digits := digitsAt(text)
	n, err := strconv.ParseUint(string(digits), 10, 64)
	v.SetUint(n)
	return text[len(digits):], err == nil
}

func digitsAt(text []byte) []byte {
	end := 0
	for end < len(text) && (text[end] >= '0' && text[end] <= '9' || text[end] == '-') {
		end++
	}
	return text[:end]
}
