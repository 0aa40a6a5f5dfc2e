// Package form reads the forms in which characters are written in other text:
// escapes of JSON and of programs, references of HTML, base64, defanging, and the
// characters beyond ASCII that stand for one of ASCII.
package form

import (
	"bytes"
	"unicode/utf16"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
)

// Escaped returns what the escape stands for with which b begins, and its
// length; 0 when it begins with none.
func Escaped(b []byte, json bool) (rune, int) {
	if len(b) < 2 || b[0] != '\\' {
		return 0, 0
	}
	switch c := b[1]; c {
	case '/':
		return '/', 2
	case 'u':
		return escapedUnit(b)
	case 'x':
		return escapedByte(b, json)
	case '\\':
		if json {
			return '\\', 2
		}
		if len(b) > 3 && b[2] == '.' && char.Alnum(b[3]) { // a regular expression in a string
			return '.', 3
		}
	case '.', '-', '@', ':':
		if !json && len(b) > 2 && char.Alnum(b[2]) || c == ':' {
			return rune(c), 2
		}
	case 'n', 'r', 't', 'b', 'f':
		if json {
			return ' ', 2
		}
	}
	return 0, 0
}

// escapedByte reads \x and two digits, which JSON does not have.
func escapedByte(b []byte, json bool) (rune, int) {
	if c, ok := char.HexByte(b[2:]); ok && !json && c < 0x80 {
		return rune(c), 4
	}
	return 0, 0
}

// escapedUnit reads \u and four digits, and the second half of a pair.
func escapedUnit(b []byte) (rune, int) {
	u, ok := hexUnit(b)
	if !ok {
		return 0, 0
	}
	if utf16.IsSurrogate(u) {
		if low, ok := hexUnit(b[6:]); ok {
			return utf16.DecodeRune(u, low), 12
		}
	}
	return u, 6
}

func hexUnit(b []byte) (rune, bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	high, ok := char.HexByte(b[2:])
	low, also := char.HexByte(b[4:])
	return rune(high)<<8 | rune(low), ok && also
}

// MaxReference is the length of the longest character reference of HTML that
// is undone.
const MaxReference = 12

// EndsReference reports whether a semicolon behind b ends a character
// reference of HTML.
func EndsReference(b []byte) bool {
	i := bytes.LastIndexByte(b[max(0, len(b)-MaxReference):], '&')
	if i < 0 {
		return false
	}
	name := b[max(0, len(b)-MaxReference):][i+1:]
	for _, c := range name {
		if !char.Alnum(c) && c != '#' {
			return false
		}
	}
	return len(name) >= 2
}
