package indicator

import "strings"

// digest takes hexadecimal digits of the length of a digest, in one case, with
// letters and digits among them.
func (s *scanner) digest(buffer []byte, t *text, from, to int) bool {
	var kind Kind
	switch to - from {
	case 32:
		kind = MD5
	case 40:
		kind = SHA1
	case 64:
		kind = SHA256
	default:
		return false
	}
	var digits, lower, upper int
	for _, c := range t.b[from:to] {
		switch {
		case digit(c):
			digits++
		case c >= 'a' && c <= 'f':
			lower++
		case c >= 'A' && c <= 'F':
			upper++
		default:
			return false
		}
	}
	if digits == 0 || lower+upper < 4 || lower > 0 && upper > 0 {
		return false
	}
	return s.match(buffer, t, kind, strings.ToLower(string(t.b[from:to])), from, to, nil)
}
