package indicator

import (
	"bytes"
	"strings"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
	"github.com/sealcase/sealcase/evidence/indicator/internal/checksum"
	"github.com/sealcase/sealcase/evidence/indicator/internal/grouped"
)

// card takes 13 to 19 digits, together or in groups with single blanks or
// hyphens, of an issuer's range and with a valid Luhn digit. The word is the
// first group.
func (s *scanner) card(w word) {
	b, at := w.v.b, w.from
	if grouped.Joined(b, at) {
		return
	}
	var digits [20]byte
	n, end, grouped := grouped.Digits(b, at, &digits)
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
