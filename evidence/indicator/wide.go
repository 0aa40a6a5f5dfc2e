package indicator

import (
	"unicode"
	"unicode/utf8"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
	"github.com/sealcase/sealcase/evidence/indicator/internal/source"
)

// IsUTF16 reports whether text begins as UTF-16 without a byte-order mark, and
// of which byte order.
func IsUTF16(head []byte) (big, ok bool) { return source.IsUTF16(head) }

const (
	minWide = 6       // characters of UTF-16 between other bytes that are searched
	maxWide = 8 << 10 // characters after which a run of them may be cut
)

// wide searches a run of UTF-16 within other bytes, whose first ASCII character
// is at a place, and what stands before it in its token; it reports whether
// there is such a run.
func (s *scanner) wide(v *view, at, token int) bool {
	b := v.b
	if !isWide(b[at:]) || v.depth >= maxDepth {
		return false
	}
	if at > token {
		s.token(v, token, at, s.kindsOf(v.b[token:at]))
	}
	big := s.bigEndian(b, at)
	start := at - char.Bit(big)
	for i := 0; i < 64 && start-2 >= v.covered && start-2 >= 0; i++ { // letters before it
		if r := source.Unit(b[start-2:], big); (r <= ' ' || r > '~') && (r < 0xC0 || r > 0x58F || !unicode.IsLetter(r)) {
			break
		}
		start -= 2
	}
	d := s.begin(v)
	end := start
	for end+1 < len(b) {
		r := source.Unit(b[end:], big)
		if !char.Likely(r) || end-start >= 2*maxWide && (s.class[byte(r)]&isBreak != 0 || end-start >= 4*maxWide) {
			break
		}
		var char [utf8.UTFMax]byte
		d.addText(char[:utf8.EncodeRune(char[:], r)], end, end+2)
		end += 2
	}
	how := "utf-16le"
	if big {
		how = "utf-16be"
	}
	s.scan(d, start, how, func(sub *view) { sub.json, sub.text = false, false })
	v.covered = max(v.covered, end, at+1)
	return true
}

// isWide reports whether b begins with enough characters of UTF-16.
func isWide(b []byte) bool {
	n := 0
	for p := 0; p < len(b) && char.Plain(b[p]); p += 2 {
		if n++; p+1 >= len(b) || b[p+1] != 0 || n > minWide {
			break
		}
	}
	return n >= minWide
}

func (s *scanner) kindsOf(b []byte) (kinds class) {
	for _, c := range b {
		kinds |= s.class[c]
	}
	return kinds
}

// bigEndian reports whether ASCII characters with zero bytes between them have
// the zero in front. Strings end with a zero character, and stand behind one or
// behind a number of four bytes, so the number of zero bytes on either side says
// it; Windows writes the little-endian form, which wins where nothing does.
func (s *scanner) bigEndian(b []byte, at int) bool {
	before := 0
	for i := at - 1; i >= 0 && b[i] == 0 && before < 4; i-- {
		before++
	}
	last := at
	for last+2 < len(b) && b[last+1] == 0 && char.Plain(b[last+2]) && last-at < 4*maxWide {
		last += 2
	}
	after := 0
	for i := last + 1; i < len(b) && b[i] == 0 && after < 4; i++ {
		after++
	}
	letterFollows := last+1 < len(b) && after == 0 && b[last+1] <= 5
	return before%2 == 1 && after%2 == 0 && !letterFollows
}
