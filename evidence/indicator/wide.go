package indicator

import (
	"bufio"
	"io"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// wideText reports whether the input begins as UTF-16: with a mark of that many
// bytes, or most characters with a zero byte on the same side and hardly any on
// the other.
func wideText(head []byte) (big bool, mark int, ok bool) {
	if len(head) >= 2 && head[0] == 0xFF && head[1] == 0xFE {
		return false, 2, len(head) < 4 || head[2] != 0 || head[3] != 0
	}
	if len(head) >= 2 && head[0] == 0xFE && head[1] == 0xFF {
		return true, 2, true
	}
	pairs := min(len(head), 4096) / 2
	var even, odd, littleText, bigText int
	for i := range pairs {
		even += b2i(head[2*i] == 0)
		odd += b2i(head[2*i+1] == 0)
		littleText += b2i(likely(unit(head[2*i:], false)))
		bigText += b2i(likely(unit(head[2*i:], true)))
	}
	little, large := odd*10 >= pairs*6 && littleText*10 >= pairs*9, even*10 >= pairs*6 && bigText*10 >= pairs*9
	for i := range min(pairs, 4) { // text begins as such
		little, large = little && likely(unit(head[2*i:], false)), large && likely(unit(head[2*i:], true))
	}
	return large, 0, pairs >= 8 && (little || large)
}

// IsUTF16 reports whether text begins as UTF-16 without a byte-order mark, and
// of which byte order.
func IsUTF16(head []byte) (big, ok bool) {
	big, mark, ok := wideText(head)
	return big, ok && mark == 0
}

// narrow keeps the low bytes of UTF-16.
func narrow(b []byte, big bool) []byte {
	out := make([]byte, 0, len(b)/2)
	for i := b2i(big); i < len(b); i += 2 {
		out = append(out, b[i])
	}
	return out
}

func unit(b []byte, big bool) rune {
	if big {
		return rune(b[0])<<8 | rune(b[1])
	}
	return rune(b[1])<<8 | rune(b[0])
}

// wideDecoder makes UTF-8 of UTF-16. Half of a surrogate pair is no text.
type wideDecoder struct{ big bool }

func (d *wideDecoder) next(in *bufio.Reader, at int64, v *view) (int, error) {
	piece, err := in.Peek(pieceSize)
	n := 0
	for n+1 < len(piece) {
		r, width := unit(piece[n:], d.big), 2
		if utf16.IsSurrogate(r) {
			if n+3 >= len(piece) && err == nil {
				break // its other half is in the next piece
			}
			if n+3 < len(piece) {
				if pair := utf16.DecodeRune(r, unit(piece[n+2:], d.big)); pair != unicode.ReplacementChar {
					r, width = pair, 4
				}
			}
		}
		before := len(v.b)
		if utf16.IsSurrogate(r) {
			v.b = append(v.b, unknownByte)
		} else {
			v.b = utf8.AppendRune(v.b, r)
		}
		for range len(v.b) - before {
			v.at = append(v.at, placeOf(at+int64(n), int64(width)))
		}
		n += width
	}
	if err == io.EOF && n == len(piece)-1 {
		n++ // half a unit at the end
	}
	_, _ = in.Discard(n) // they are in its buffer
	return n, err
}

const (
	minWide = 6       // characters of UTF-16 between other bytes that are searched
	maxWide = 8 << 10 // characters after which a run of them may be cut
)

// wide searches a run of UTF-16 within other bytes, whose first ASCII character
// is at a place, and what stands before it in its token; it reports whether
// there is such a run.
func (s *scanner) wide(v *view, at, token int) bool {
	b := v.b
	n := 0
	for p := at; p < len(b) && plain(b[p]); p += 2 {
		if n++; p+1 >= len(b) || b[p+1] != 0 || n > minWide {
			break
		}
	}
	if n < minWide || v.depth >= maxDepth {
		return false
	}
	if at > token {
		s.token(v, token, at, s.kindsOf(v.b[token:at]))
	}
	big := s.bigEndian(b, at)
	start := at - b2i(big)
	for i := 0; i < 64 && start-2 >= v.covered && start-2 >= 0; i++ { // letters before it
		if r := unit(b[start-2:], big); (r <= ' ' || r > '~') && (r < 0xC0 || r > 0x58F || !unicode.IsLetter(r)) {
			break
		}
		start -= 2
	}
	d := s.begin(v)
	end := start
	for end+1 < len(b) {
		r := unit(b[end:], big)
		if !likely(r) || end-start >= 2*maxWide && (s.class[byte(r)]&isBreak != 0 || end-start >= 4*maxWide) {
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
	for last+2 < len(b) && b[last+1] == 0 && plain(b[last+2]) && last-at < 4*maxWide {
		last += 2
	}
	after := 0
	for i := last + 1; i < len(b) && b[i] == 0 && after < 4; i++ {
		after++
	}
	letterFollows := last+1 < len(b) && after == 0 && b[last+1] <= 5
	return before%2 == 1 && after%2 == 0 && !letterFollows
}

// plain reports whether c is a character of ASCII text.
func plain(c byte) bool { return c >= ' ' && c < 0x7F || c == '\t' || c == '\r' || c == '\n' }

// likely reports whether a character may belong to text between other bytes:
// two bytes by chance are mostly Chinese or Korean.
func likely(r rune) bool {
	switch {
	case r < 0x80:
		return plain(byte(r))
	case r < 0x590, r >= 0x1E00 && r < 0x2000:
		return unicode.IsPrint(r) || r == 0xA0 || r == 0xAD
	case r >= 0x2000 && r < 0x2070, r == 0x20AC, r == 0x3002, r >= 0xFF01 && r <= 0xFF61:
		return true
	default:
		return false
	}
}
