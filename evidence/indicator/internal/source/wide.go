package source

import (
	"bufio"
	"io"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
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
		even += char.Bit(head[2*i] == 0)
		odd += char.Bit(head[2*i+1] == 0)
		littleText += char.Bit(char.Likely(Unit(head[2*i:], false)))
		bigText += char.Bit(char.Likely(Unit(head[2*i:], true)))
	}
	little, large := odd*10 >= pairs*6 && littleText*10 >= pairs*9, even*10 >= pairs*6 && bigText*10 >= pairs*9
	for i := range min(pairs, 4) { // text begins as such
		little, large = little && char.Likely(Unit(head[2*i:], false)), large && char.Likely(Unit(head[2*i:], true))
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
	for i := char.Bit(big); i < len(b); i += 2 {
		out = append(out, b[i])
	}
	return out
}

// Unit returns the two bytes of UTF-16 with which b begins.
func Unit(b []byte, big bool) rune {
	if big {
		return rune(b[0])<<8 | rune(b[1])
	}
	return rune(b[1])<<8 | rune(b[0])
}

// wideDecoder makes UTF-8 of UTF-16. Half of a surrogate pair is no text.
type wideDecoder struct{ big bool }

func (d *wideDecoder) next(in *bufio.Reader, at int64, v *Window) (int, error) {
	piece, err := in.Peek(pieceSize)
	n := 0
	for n+1 < len(piece) {
		r, width := Unit(piece[n:], d.big), 2
		if utf16.IsSurrogate(r) {
			if n+3 >= len(piece) && err == nil {
				break // its other half is in the next piece
			}
			if n+3 < len(piece) {
				if pair := utf16.DecodeRune(r, Unit(piece[n+2:], d.big)); pair != unicode.ReplacementChar {
					r, width = pair, 4
				}
			}
		}
		before := len(v.B)
		if utf16.IsSurrogate(r) {
			v.B = append(v.B, char.Unknown)
		} else {
			v.B = utf8.AppendRune(v.B, r)
		}
		for range len(v.B) - before {
			v.At = append(v.At, PlaceOf(at+int64(n), int64(width)))
		}
		n += width
	}
	if err == io.EOF && n == len(piece)-1 {
		n++ // half a unit at the end
	}
	_, _ = in.Discard(n) // they are in its buffer
	return n, err
}
