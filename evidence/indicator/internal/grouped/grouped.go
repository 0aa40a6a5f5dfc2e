// Package grouped reads numbers of cards and accounts, which people write together
// or in groups.
package grouped

import "github.com/sealcase/sealcase/evidence/indicator/internal/char"

// Digits takes digits, together or in groups with the same sign between them.
func Digits(b []byte, at int, digits *[20]byte) (n, end int, grouped bool) {
	group := 0
	var gap byte
	for end = at; end < len(b) && n < len(digits); end++ {
		c := b[end]
		switch {
		case char.Digit(c):
			digits[n] = c
			n++
			group++
		case (c == ' ' || c == '-') && (gap == 0 || gap == c) && group >= 4 && group <= 6 && end+1 < len(b) && char.Digit(b[end+1]):
			gap, group = c, 0
		default:
			return n, end, gap != 0
		}
	}
	return n, end, gap != 0
}

// Signs takes as many letters and digits as wanted, together or in groups
// of four; n is less where something else stands between them.
func Signs(b []byte, at, want int, lower bool, text *[34]byte) (n, end int) {
	for end = at; end < len(b) && n < want; end++ {
		c := b[end]
		switch {
		case char.Digit(c):
			text[n] = c
			n++
		case char.Letter(c) && c >= 'a' == lower:
			text[n] = c &^ 0x20
			n++
		case c == ' ' && n%4 == 0 && n > 0 && b[end-1] != ' ':
		default:
			return n, end
		}
	}
	return n, end
}

// Joined reports whether what begins at is the rest of something longer.
func Joined(b []byte, at int) bool {
	if at == 0 {
		return false
	}
	before := b[at-1]
	if char.Alnum(before) || before >= 0x80 {
		return at < 2 || before != 'B' || b[at-2] != '%'
	}
	if at < 2 {
		return false
	}
	return (before == '-' || before == '.' || before == '_') && char.Alnum(b[at-2]) || before == ' ' && char.Digit(b[at-2])
}
