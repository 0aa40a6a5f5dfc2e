package indicator

import (
	"unicode/utf8"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
	"github.com/sealcase/sealcase/evidence/indicator/internal/form"
)

// normalise searches a token with characters beyond ASCII: letters stay what
// they are, other forms of full stop and of ASCII become those, and the rest
// becomes a blank, or what a name must not touch. Nothing that a name could be
// cut at becomes a blank: "j", "ü", "rgen@example.com" is one word.
func (s *scanner) normalise(v *view, from, to int) {
	if !s.promising(v.b[from:to]) {
		v.covered = max(v.covered, to)
		return
	}
	d := s.begin(v)
	for i := from; i < to; {
		if v.b[i] < utf8.RuneSelf {
			d.keep(i, i+1)
			i++
			continue
		}
		r, size := utf8.DecodeRune(v.b[i:to])
		if c := form.StandsFor(r, size); c == 0 {
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

// touches reports whether a name in v.b[from:to] goes on beyond an invisible
// character, a symbol or a dash.
func touches(v *view, from, to int) bool {
	i := from
	for i > 0 && (v.b[i-1] == char.Joiner || v.b[i-1] == char.Hyphen) {
		i--
	}
	if i < from && i > 0 && (char.Alnum(v.b[i-1]) || v.b[i-1] >= utf8.RuneSelf || v.b[i-1] == '.') {
		return true
	}
	i = to
	for i < len(v.b) && (v.b[i] == char.Joiner || v.b[i] == char.Hyphen) {
		i++
	}
	return i > to && i < len(v.b) && (char.Alnum(v.b[i]) || v.b[i] >= utf8.RuneSelf || v.b[i] == '.')
}

// refang searches a token without its defanging: brackets around a dot, a
// colon, an at sign or slashes, or the words for them, and half of such
// brackets.
func (s *scanner) refang(v *view, from, to int) bool {
	i := from
	for ; i < to; i++ {
		if c := s.class[v.b[i]]; c&isOpen == 0 && (c&isDot == 0 || i+1 == to || v.b[i+1] != ']') {
			continue
		}
		if _, n := form.Fang(v.b[from:to], i-from); n > 0 {
			break
		}
	}
	if i == to {
		return false
	}
	d := s.begin(v)
	for i := from; i < to; {
		plain, n := form.Fang(v.b[from:to], i-from)
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
