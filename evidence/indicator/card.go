package indicator

import (
	"bytes"
	"strings"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
	"github.com/sealcase/sealcase/evidence/indicator/internal/checksum"
)

// card takes 13 to 19 digits, together or in groups with single blanks or
// hyphens, of an issuer's range and with a valid Luhn digit. The word is the
// first group.
func (s *scanner) card(w word) {
	b, at := w.v.b, w.from
	if joined(b, at) {
		return
	}
	var digits [20]byte
	n, end, grouped := cardDigits(b, at, &digits)
	if n < 13 || n > 19 || !checksum.Issuer(digits[:n]) || !checksum.Luhn(digits[:n]) || end < len(b) && (char.Alnum(b[end]) || b[end] >= 0x80) ||
		bytes.Count(digits[:n], digits[:1]) == n {
		return
	}
	if !grouped && !s.cardContext(w, n, end) {
		return
	}
	masked := string(digits[:6]) + strings.Repeat("*", n-10) + string(digits[n-4:n])
	s.emit(w.v, Card, masked, at, end, nil)
}

// cardDigits takes digits, together or in groups with the same sign between them.
func cardDigits(b []byte, at int, digits *[20]byte) (n, end int, grouped bool) {
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

// cardContext reports whether digits without groups may be a card: not a time
// or an identifier by its name, and of the usual lengths, unless a card is
// spoken of.
func (s *scanner) cardContext(w word, n, end int) bool {
	b := w.v.b
	if w.left() == 'B' || end < len(b) && (b[end] == '=' || b[end] == '^') {
		return true // tracks 1 and 2
	}
	var buffer [96]byte
	name, _ := nameBefore(w.v, w.from, &buffer)
	for _, about := range [...]string{"card", "pan", "visa", "mastercard", "amex", "ccn", "cc", "credit", "debit"} {
		if bytes.Contains(name, []byte(about)) {
			return true
		}
	}
	for _, other := range [...]string{"id", "time", "timestamp", "ts", "seq", "date", "number", "offset", "size", "bytes", "hash", "sec", "usec", "nsec", "index", "inode"} {
		if bytes.HasSuffix(name, []byte(other)) {
			return false
		}
	}
	if end+1 < len(b) && b[end] == '.' && char.Digit(b[end+1]) {
		return false
	}
	return n == 15 || n == 16
}

// joined reports whether what begins at is the rest of something longer.
func joined(b []byte, at int) bool {
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
