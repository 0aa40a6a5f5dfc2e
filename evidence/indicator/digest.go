package indicator

import (
	"bytes"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
)

// digest takes hexadecimal digits of the length of a digest, in one case, with
// letters and digits among them.
func (s *scanner) digest(w word) bool {
	t := w.text()
	var digits, lower, upper int
	var seen [16]bool
	for _, c := range t {
		v := char.HexValue(c)
		if v > 15 {
			return false
		}
		seen[v] = true
		switch {
		case char.Digit(c):
			digits++
		case c >= 'a':
			lower++
		default:
			upper++
		}
	}
	different := 0
	for _, yes := range seen {
		different += char.Bit(yes)
	}
	if digits == 0 || lower+upper < 4 || lower > 0 && upper > 0 || different < 8 {
		return false
	}
	kind := SHA256
	switch len(t) {
	case 32:
		kind = MD5
	case 40:
		kind = SHA1
	}
	if l := w.left(); l == '+' || l == '/' && w.right() == '+' { // in the midst of base64
		return false
	}
	if upper > 0 {
		t = bytes.ToLower(t)
	}
	s.emit(w.v, kind, s.text(t), w.from, w.to, nil)
	return true
}
