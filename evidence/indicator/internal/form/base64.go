package form

import (
	"bytes"
	"unicode/utf8"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
)

// Base64Value returns the value of a character of base64 (RFC 4648), in either
// alphabet; 0xFF of anything else.
func Base64Value(c byte) byte {
	switch {
	case c >= 'A' && c <= 'Z':
		return c - 'A'
	case c >= 'a' && c <= 'z':
		return c - 'a' + 26
	case char.Digit(c):
		return c - '0' + 52
	case c == '+', c == '-':
		return 62
	case c == '/', c == '_':
		return 63
	default:
		return 0xFF
	}
}

// EncodesText reports whether the first characters stand for text: chance does
// that once in a million.
func EncodesText(b []byte) bool {
	var out [24]byte
	n := 0
	for i := 0; i+4 <= len(b) && n+3 <= len(out); i += 4 {
		bits := uint32(Base64Value(b[i]))<<18 | uint32(Base64Value(b[i+1]))<<12 | uint32(Base64Value(b[i+2]))<<6 | uint32(Base64Value(b[i+3]))
		out[n], out[n+1], out[n+2] = byte(bits>>16), byte(bits>>8), byte(bits)
		for _, c := range out[n : n+3] {
			if !char.Plain(c) && c != 0 && c < utf8.RuneSelf {
				return false
			}
		}
		n += 3
	}
	wide, high := true, 0
	for i, c := range out[:n] {
		if i%2 == 1 && c != 0 || i%2 == 0 && !char.Plain(c) && c < 0xA0 {
			wide = false
		}
		if c >= utf8.RuneSelf {
			high++
		} else if !char.Plain(c) && c != 0 {
			return false
		}
	}
	if wide {
		return true
	}
	if bytes.IndexByte(out[:n], 0) >= 0 {
		return false
	}
	return high == 0 || readsAsUTF8(out[:n], high)
}

// readsAsUTF8 reports whether text, with so many bytes beyond ASCII, has whole
// characters, the last of them perhaps cut.
func readsAsUTF8(text []byte, high int) bool {
	if high > len(text)/2 || len(text) <= 12 {
		return false
	}
	for i := 0; i < utf8.UTFMax-1 && len(text) > 0 && !utf8.Valid(text); i++ {
		text = text[:len(text)-1]
	}
	return utf8.Valid(text)
}
