package indicator

import (
	"bytes"
	"strings"
)

// card takes 13 to 19 digits, together or in groups with single blanks or
// hyphens, of an issuer's range and with a valid Luhn digit. The word is the
// first group.
func (s *scanner) card(w word) {
	b, at := w.v.b, w.from
	if joined(b, w.start, at) {
		return
	}
	var digits [20]byte
	n, end, group := 0, at, 0
	var gap byte
	for end < len(b) && n < len(digits) {
		c := b[end]
		if digit(c) {
			digits[n] = c
			n++
			group++
		} else if (c == ' ' || c == '-') && (gap == 0 || gap == c) && group >= 4 && group <= 6 && end+1 < len(b) && digit(b[end+1]) {
			gap, group = c, 0
		} else {
			break
		}
		end++
	}
	if n < 13 || n > 19 || !issuer(digits[:n]) || !luhn(digits[:n]) || end < len(b) && (alnum(b[end]) || b[end] >= 0x80) ||
		bytes.Count(digits[:n], digits[:1]) == n {
		return
	}
	if gap == 0 && !s.cardContext(w, n, end) {
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
	if end+1 < len(b) && b[end] == '.' && digit(b[end+1]) {
		return false
	}
	return n == 15 || n == 16
}

// joined reports whether what begins at is the rest of something longer.
func joined(b []byte, start, at int) bool {
	if at == 0 {
		return false
	}
	before := b[at-1]
	if alnum(before) || before >= 0x80 {
		return at < 2 || before != 'B' || b[at-2] != '%'
	}
	if at < 2 {
		return false
	}
	return (before == '-' || before == '.' || before == '_') && alnum(b[at-2]) || before == ' ' && digit(b[at-2])
}

// issuer reports whether the digits begin and count as an issuer's cards do
// (ISO/IEC 7812).
func issuer(d []byte) bool {
	n := len(d)
	two := int(d[0]-'0')*10 + int(d[1]-'0')
	four := two*100 + int(d[2]-'0')*10 + int(d[3]-'0')
	switch {
	case d[0] == '4':
		return n == 13 || n == 16 || n == 19
	case two >= 51 && two <= 55, four >= 2221 && four <= 2720:
		return n == 16
	case two == 34, two == 37:
		return n == 15
	case four == 6011, two == 65, four >= 6440 && four <= 6499:
		return n == 16 || n == 19
	case four >= 3528 && four <= 3589:
		return n == 16
	case two == 36, four >= 3000 && four <= 3059, two == 38:
		return n == 14
	default:
		return false
	}
}

func luhn(digits []byte) bool {
	sum := 0
	for i := range digits {
		v := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if v *= 2; v > 9 {
				v -= 9
			}
		}
		sum += v
	}
	return sum%10 == 0
}
