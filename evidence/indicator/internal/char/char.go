// Package char holds what is known of single bytes and characters of text: the
// classes of ASCII, hexadecimal digits, what is likely to be text.
package char

import "unicode"

// Control characters that stand for what a name must not touch where text was
// normalised, and a byte that no text in UTF-8 has.
const (
	Hyphen  = 0x16 // a hyphen or dash beyond ASCII
	Joiner  = 0x17 // invisible, or a symbol
	Unknown = 0xFF // of what could not be read as text
)

// Letter reports whether b is a letter of ASCII.
func Letter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }

// Digit reports whether b is a decimal digit.
func Digit(b byte) bool { return b >= '0' && b <= '9' }

// Alnum reports whether b is a letter or a digit of ASCII.
func Alnum(b byte) bool { return Digit(b) || Letter(b) }

// Lower appends b in small letters of ASCII to buffer, as far as there is room.
func Lower(buffer, b []byte) []byte {
	for _, c := range b[:min(len(b), cap(buffer)-len(buffer))] {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		buffer = append(buffer, c)
	}
	return buffer
}

// HexValue returns the value of a hexadecimal digit, 0xFF of anything else.
func HexValue(b byte) byte {
	switch {
	case Digit(b):
		return b - '0'
	case b|0x20 >= 'a' && b|0x20 <= 'f':
		return b | 0x20 - 'a' + 10
	default:
		return 0xFF
	}
}

// HexByte returns the byte that two hexadecimal digits stand for.
func HexByte(b []byte) (byte, bool) {
	if len(b) < 2 {
		return 0, false
	}
	high, low := HexValue(b[0]), HexValue(b[1])
	return high<<4 | low, high != 0xFF && low != 0xFF
}

// Bit returns 1 for true, 0 for false, to count with.
func Bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// Plain reports whether c is a character of ASCII text.
func Plain(c byte) bool { return c >= ' ' && c < 0x7F || c == '\t' || c == '\r' || c == '\n' }

// Likely reports whether a character may belong to text between other bytes:
// two bytes by chance are mostly Chinese or Korean.
func Likely(r rune) bool {
	switch {
	case r < 0x80:
		return Plain(byte(r))
	case r < 0x590, r >= 0x1E00 && r < 0x2000:
		return unicode.IsPrint(r) || r == 0xA0 || r == 0xAD
	case r >= 0x2000 && r < 0x2070, r == 0x20AC, r == 0x3002, r >= 0xFF01 && r <= 0xFF61:
		return true
	default:
		return false
	}
}

// ASCII reports whether text is of ASCII only.
func ASCII[T string | []byte](text T) bool {
	for i := range len(text) {
		if text[i] >= 0x80 {
			return false
		}
	}
	return true
}
