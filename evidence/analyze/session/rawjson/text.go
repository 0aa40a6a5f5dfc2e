package rawjson

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Cut returns the beginning of what a string says, or of the bytes of any other
// value, as valid UTF-8 that costs at most limit bytes when it is written as JSON
// again, and whether that is all. It looks no further than it returns.
func (v Value) Cut(limit int) (text string, whole bool) {
	n := v.node()
	if n.kind == Missing {
		return "", true
	}
	raw := v.Raw()
	if !n.escaped && 6*len(raw) <= limit { // no byte costs more
		return valid(raw), true
	}
	if n.kind == String && n.escaped {
		// An escaped character has at most six bytes for one that it costs.
		head := raw[:min(len(raw), 6*limit+12)]
		decoded := unescape(head)
		cut, all := CutText(decoded, limit)
		return cut, all && len(head) == len(raw)
	}
	head := raw[:min(len(raw), limit+utf8.UTFMax)]
	cut, all := CutText(string(head), limit)
	return cut, all && len(head) == len(raw)
}

// CutText returns the beginning of text as valid UTF-8 that costs at most limit
// bytes in JSON as Go writes it, and whether that is all of it.
func CutText(text string, limit int) (cut string, whole bool) {
	cost := 0
	for i := 0; i < len(text); {
		size, costs := 1, 1
		if c := text[i]; c >= utf8.RuneSelf || c < 0x20 || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			var r rune
			r, size = utf8.DecodeRuneInString(text[i:])
			costs = costOf(r)
		}
		if cost += costs; cost > limit {
			return valid([]byte(text[:i])), false
		}
		i += size
	}
	return valid([]byte(text)), true
}

// costOf returns how many bytes a character has in a JSON string.
func costOf(r rune) int {
	switch {
	case r == '\n' || r == '\t' || r == '\r' || r == '"' || r == '\\':
		return 2
	case r < 0x20 || r == '<' || r == '>' || r == '&' || r == '\u2028' || r == '\u2029':
		return 6
	case r == utf8.RuneError:
		return 6
	default:
		return utf8.RuneLen(r)
	}
}

// valid returns bytes as text, with U+FFFD for each that is not UTF-8.
func valid(raw []byte) string {
	if utf8.Valid(raw) {
		return string(raw)
	}
	return string([]rune(string(raw)))
}

// unescape returns what the inside of a JSON string says. A sequence that is cut
// at the end is left out.
func unescape(raw []byte) string {
	var b strings.Builder
	b.Grow(len(raw))
	for i := 0; i < len(raw); {
		next := special(raw, i)
		b.Write(raw[i:next])
		if i = next; i == len(raw) {
			break
		}
		if raw[i] != '\\' {
			b.WriteByte(raw[i])
			i++
			continue
		}
		n := escape(raw[i:])
		if n == 0 {
			break
		}
		if n == 2 {
			b.WriteByte(plain(raw[i+1]))
			i += 2
			continue
		}
		r, size := codepoint(raw[i:])
		b.WriteRune(r)
		i += size
	}
	return valid([]byte(b.String()))
}

// plain returns the character that a two-byte escape sequence stands for.
func plain(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	default:
		return c
	}
}

// codepoint reads \uXXXX, or two of them that are a pair.
func codepoint(b []byte) (r rune, size int) {
	r, _ = hex4(b[2:])
	if !utf16.IsSurrogate(r) {
		return r, 6
	}
	if len(b) >= 12 && b[6] == '\\' && b[7] == 'u' {
		if low, ok := hex4(b[8:]); ok {
			if both := utf16.DecodeRune(r, low); both != utf8.RuneError {
				return both, 12
			}
		}
	}
	return utf8.RuneError, 6
}

func hex4(b []byte) (r rune, ok bool) {
	if len(b) < 4 {
		return 0, false
	}
	for _, c := range b[:4] {
		switch {
		case c-'0' <= 9:
			c -= '0'
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			c = c | 0x20 - 'a' + 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}
