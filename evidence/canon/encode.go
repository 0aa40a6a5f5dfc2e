package canon

import (
	"encoding"
	"encoding/base64"
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/sealcase/sealcase/evidence"
)

// encoder appends the canonical text of a value of one type.
type encoder func(b []byte, v reflect.Value) ([]byte, error)

// appendText appends what a TextMarshaler writes, which a TextAppender does
// without memory of its own.
func appendText(b []byte, v reflect.Value) ([]byte, error) {
	start := len(b)
	b, err := appendMarshaled(append(b, '"'), methodsOf(v))
	if err != nil {
		return nil, evidence.WrapError(evidence.Invalid, err, "a value cannot be written as canonical JSON")
	}
	if text := b[start+1:]; !isPlain(text) {
		return appendString(b[:start], string(text))
	}
	return append(b, '"'), nil
}

func appendMarshaled(b []byte, v any) ([]byte, error) {
	if a, ok := v.(encoding.TextAppender); ok {
		return a.AppendText(b)
	}
	text, err := v.(encoding.TextMarshaler).MarshalText()
	return append(b, text...), err
}

// methodsOf returns v to call a method of its type: a pointer where there is one,
// since an interface holds that as it is.
func methodsOf(v reflect.Value) any {
	if v.CanAddr() {
		return v.Addr().Interface()
	}
	return v.Interface()
}

// isPlain reports whether text is ASCII and its own canonical form.
func isPlain(text []byte) bool {
	for _, c := range text {
		if int8(c) < ' ' || c == '"' || c == '\\' { // negative: no ASCII
			return false
		}
	}
	return true
}

func appendReflectString(b []byte, v reflect.Value) ([]byte, error) {
	return appendString(b, v.String())
}

// appendString appends a string as RFC 8785 section 3.2.2.2 writes it.
func appendString(b []byte, s string) ([]byte, error) {
	if !utf8.ValidString(s) {
		return nil, exactString(s)
	}
	b = append(b, '"')
	from := 0
	for i := range len(s) {
		c := s[i]
		if c >= ' ' && c != '"' && c != '\\' {
			continue
		}
		b = append(b, s[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			b = append(b, '\\', c)
		case '\b':
			b = append(b, `\b`...)
		case '\t':
			b = append(b, `\t`...)
		case '\n':
			b = append(b, `\n`...)
		case '\f':
			b = append(b, `\f`...)
		case '\r':
			b = append(b, `\r`...)
		default:
			b = fmt.Appendf(b, `\u%04x`, c)
		}
	}
	b = append(b, s[from:]...)
	return append(b, '"'), nil
}

func appendBool(b []byte, v reflect.Value) ([]byte, error) {
	return strconv.AppendBool(b, v.Bool()), nil
}

func appendInt(b []byte, v reflect.Value) ([]byte, error) {
	n := v.Int()
	if n > MaxInteger || n < -MaxInteger {
		return nil, tooLarge()
	}
	return strconv.AppendInt(b, n, 10), nil
}

func appendUint(b []byte, v reflect.Value) ([]byte, error) {
	n := v.Uint()
	if n > MaxInteger {
		return nil, tooLarge()
	}
	return strconv.AppendUint(b, n, 10), nil
}

func tooLarge() error {
	return evidence.Errorf(evidence.Invalid, "a number is not an integer of at most 2^53-1")
}

func appendBytes(b []byte, v reflect.Value) ([]byte, error) {
	if v.IsNil() {
		return append(b, "null"...), nil
	}
	b = append(b, '"')
	b = base64.StdEncoding.AppendEncode(b, v.Bytes())
	return append(b, '"'), nil
}

// pointerTo returns the encoder of a pointer whose target elem writes.
func pointerTo(elem encoder) encoder {
	return func(b []byte, v reflect.Value) ([]byte, error) {
		if v.IsNil() {
			return append(b, "null"...), nil
		}
		return elem(b, v.Elem())
	}
}

// listOf returns the encoder of a slice or an array of what elem writes.
func listOf(elem encoder) encoder {
	return func(b []byte, v reflect.Value) (_ []byte, err error) {
		if v.Kind() == reflect.Slice && v.IsNil() {
			return append(b, "null"...), nil
		}
		b = append(b, '[')
		for i := range v.Len() {
			if i > 0 {
				b = append(b, ',')
			}
			if b, err = elem(b, v.Index(i)); err != nil {
				return nil, err
			}
		}
		return append(b, ']'), nil
	}
}

// mapOf returns the encoder of a map from strings to what elem writes.
func mapOf(elem encoder) encoder {
	return func(b []byte, v reflect.Value) (_ []byte, err error) {
		if v.IsNil() {
			return append(b, "null"...), nil
		}
		keys := make([]string, 0, v.Len())
		for _, k := range v.MapKeys() {
			keys = append(keys, k.String())
		}
		slices.SortFunc(keys, compareKeys)
		b = append(b, '{')
		for i, k := range keys {
			if i > 0 {
				b = append(b, ',')
			}
			if b, err = appendString(b, k); err != nil {
				return nil, err
			}
			b = append(b, ':')
			if b, err = elem(b, v.MapIndex(reflect.ValueOf(k).Convert(v.Type().Key()))); err != nil {
				return nil, err
			}
		}
		return append(b, '}'), nil
	}
}

// compareKeys is the order of keys, which is that of their UTF-16 code units
// (RFC 8785 section 3.2.3). It is that of bytes but where a character beyond the
// basic plane meets one from U+E000 on.
func compareKeys(a, b string) int {
	for i := 0; i < len(a) && i < len(b); i++ {
		x, y := a[i], b[i]
		if x == y {
			continue
		}
		// Lead bytes: 0xf0 and more begin a surrogate pair, which sorts before the
		// characters that 0xee and 0xef begin.
		if x >= 0xee && y >= 0xee && (x >= 0xf0) != (y >= 0xf0) {
			return int(y) - int(x)
		}
		return int(x) - int(y)
	}
	return len(a) - len(b)
}
