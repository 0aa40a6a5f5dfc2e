package indicator

import (
	"bytes"
	"unicode"
	"unicode/utf8"
)

// normalise searches a token with characters beyond ASCII: letters stay what
// they are, other forms of full stop and of ASCII become those, and the rest
// becomes a blank, or what a name must not touch. Nothing that a name could be
// cut at becomes a blank: "j", "ü", "rgen@example.com" is one word.
func (s *scanner) normalise(v *view, from, to int) bool {
	if !s.promising(v.b[from:to]) {
		v.covered = max(v.covered, to)
		return true
	}
	d := s.begin(v)
	for i := from; i < to; {
		if v.b[i] < utf8.RuneSelf {
			d.keep(i, i+1)
			i++
			continue
		}
		r, size := utf8.DecodeRune(v.b[i:to])
		if c := standsFor(r, size); c == 0 {
			d.keep(i, i+size)
		} else {
			d.add(c, i, i+size)
			if r == '…' {
				d.add(c, i, i+size)
			}
		}
		i += size
	}
	s.scan(d, from, "", func(sub *view) { sub.text = true })
	return true
}

// promising reports whether a token of letters beyond ASCII can hold anything.
func (s *scanner) promising(t []byte) bool {
	var kinds class
	for i, c := range t {
		kinds |= s.class[c]
		if c == 0xE2 || c == 0xE3 || c == 0xEF { // where other forms of full stop, at sign and digits are
			return true
		}
		if kinds&(isDot|isAt|isColon|isOpen|isBackslash|isPercent) != 0 || kinds&isDigit != 0 && i > 4 {
			return true
		}
	}
	return false
}

// standsFor returns what a character is taken for; 0 for a letter.
func standsFor(r rune, size int) byte {
	switch {
	case r == utf8.RuneError && size == 1:
		return unknownByte
	case r == '。', r == '．', r == '｡', r == '․', r == '…':
		return '.'
	case r >= 0xFF01 && r <= 0xFF5E:
		return byte(r - 0xFF01 + '!')
	case r >= 0x2010 && r <= 0x2013, r == 0x2212, r == 0xFE63:
		return hyphenByte
	case unicode.IsLetter(r), unicode.IsMark(r), unicode.IsDigit(r):
		return 0
	case r == '‘', r == '’', unicode.Is(unicode.Cf, r), unicode.Is(unicode.So, r), unicode.Is(unicode.Sk, r):
		return joinerByte
	default:
		return ' '
	}
}

// touches reports whether a name in v.b[from:to] goes on beyond an invisible
// character, a symbol or a dash.
func touches(v *view, from, to int) bool {
	i := from
	for i > 0 && (v.b[i-1] == joinerByte || v.b[i-1] == hyphenByte) {
		i--
	}
	if i < from && i > 0 && (alnum(v.b[i-1]) || v.b[i-1] >= utf8.RuneSelf || v.b[i-1] == '.') {
		return true
	}
	i = to
	for i < len(v.b) && (v.b[i] == joinerByte || v.b[i] == hyphenByte) {
		i++
	}
	return i > to && i < len(v.b) && (alnum(v.b[i]) || v.b[i] >= utf8.RuneSelf || v.b[i] == '.')
}

// refang searches a token without its defanging: brackets around a dot, a
// colon, an at sign or slashes, or the words for them, and half of such
// brackets.
func (s *scanner) refang(v *view, from, to int) bool {
	i := from
	for ; i < to; i++ {
		if _, n := fang(v.b[from:to], i-from); n > 0 {
			break
		}
	}
	if i == to {
		return false
	}
	d := s.begin(v)
	for i := from; i < to; {
		plain, n := fang(v.b[from:to], i-from)
		if n == 0 {
			d.keep(i, i+1)
			i++
			continue
		}
		d.addText([]byte(plain), i, i+n)
		i += n
	}
	s.scan(d, from, "", func(sub *view) { sub.fanged = true })
	return true
}

// fang returns what a defanged place at b[i] stands for, and its length; 0 when
// there is none.
func fang(b []byte, i int) (string, int) {
	rest := b[i:]
	if rest[0] == '.' && i > 0 && alnum(b[i-1]) { // 100.]]]165
		n := 1
		for n < len(rest) && rest[n] == ']' {
			n++
		}
		if n > 1 && n < len(rest) && alnum(rest[n]) && bytes.IndexByte(b[:i], '[') < 0 {
			return ".", n
		}
	}
	if len(rest) < 3 {
		return "", 0
	}
	var closing byte
	switch rest[0] {
	case '[':
		closing = ']'
	case '(':
		closing = ')'
	case '{':
		closing = '}'
	default:
		return "", 0
	}
	end := bytes.IndexByte(rest[:min(len(rest), 9)], closing)
	if end < 0 || end > 5 {
		if i > 0 && rest[0] == '[' && rest[1] == '.' && alnum(rest[2]) && alnum(b[i-1]) { // 198[.51
			return ".", 2
		}
		return "", 0
	}
	if end == 1 {
		return "", 0
	}
	return fangWord(rest[1:end]), b2i(fangWord(rest[1:end]) != "") * (end + 1)
}

func fangWord(b []byte) string {
	switch string(b) {
	case ".", "dot", "DOT", "Dot":
		return "."
	case "@", "at", "AT", "At":
		return "@"
	case ":":
		return ":"
	case "://", "//", "/":
		return string(b)
	case "-":
		return "-"
	case ".]", "[.", ".[":
		return "."
	default:
		return ""
	}
}
