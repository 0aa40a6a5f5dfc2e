package indicator

import (
	"bytes"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
)

// word is letters, digits and . - _ @ + % in a token.
type word struct {
	v          *view
	start, end int // the token
	from, to   int // the word
	kinds      class
}

func (w word) text() []byte { return w.v.b[w.from:w.to] }

// left returns what stands before the word in its token; 0 for nothing.
func (w word) left() byte {
	if w.from > w.start {
		return w.v.b[w.from-1]
	}
	return 0
}

// right returns what stands behind the word; 0 for the end of the text.
func (w word) right() byte {
	if w.to < len(w.v.b) {
		return w.v.b[w.to]
	}
	return 0
}

// sub returns a part of the word.
func (w word) sub(from, to int) word {
	w.from, w.to = from, to
	return w
}

// token looks for everything in one token.
func (s *scanner) token(v *view, from, to int, kinds class) {
	if kinds&isBackslash != 0 && s.registry(v, from, to) {
		from = min(v.covered, to)
	}
	from = max(from, v.covered)
	if from >= to {
		return
	}
	if kinds&(isBackslash|isAmp|isEquals|isHigh|isOpen|isPercent) != 0 && s.decode(v, from, to, kinds) {
		return
	}
	if to-from >= minBase64 && kinds&(isLetter|isDigit) == isLetter|isDigit && s.base64(v, from, to) {
		return
	}
	if kinds&isColon != 0 {
		s.urls(v, from, to)
		s.ipv6(v, max(from, v.covered), to)
	}
	if kinds&isPlus != 0 {
		s.phone(v, max(from, v.covered), to)
	}
	if kinds&(isDot|isDigit|isAt) != 0 {
		s.words(v, max(from, v.covered), to)
	}
}

// words looks at each word of a token.
func (s *scanner) words(v *view, from, to int) {
	for i := from; i < to; {
		if s.class[v.b[i]]&isWord == 0 {
			i++
			continue
		}
		start, kinds := i, class(0)
		for ; i < to; i++ {
			c := s.class[v.b[i]]
			if c&isWord == 0 {
				break
			}
			kinds |= c
		}
		if i-start < 3 && kinds&isAt == 0 || kinds&(isDot|isDigit|isAt) == 0 && (i == len(v.b) || v.b[i] != char.Hyphen) {
			continue
		}
		if kinds&(isDot|isAt|isHigh) == isDot && numeric(v.b[start:i]) || kinds&(isDot|isAt|isPlus|isPercent) == 0 && i-start < 13 {
			s.runs(word{v: v, start: from, end: to, from: start, to: i, kinds: kinds})
		} else {
			s.word(word{v: v, start: from, end: to, from: start, to: i, kinds: kinds})
		}
		i = max(i, v.covered)
	}
}

// numeric reports whether a short word with dots is a number or a version: neither
// an address nor a name, for which it is too short or ends with a digit.
func numeric(b []byte) bool {
	first, last := b[0], b[len(b)-1]
	return len(b) < 7 && char.Digit(last) && (char.Digit(first) || first == 'v')
}

func (s *scanner) word(w word) {
	covered := w.v.covered
	switch {
	case w.kinds&isAt != 0:
		s.atSign(w)
	case w.kinds&isDot != 0:
		s.dotted(w)
	}
	from := w.from
	if w.v.covered > covered { // what stands behind it in the same word
		from = max(from, w.v.covered)
	}
	if w.kinds&isDigit == 0 && w.right() != char.Hyphen || w.to-from < 3 || from > w.from && w.v.b[from-1] != '@' && w.v.b[from] != '.' && w.v.b[from] != '-' {
		return
	}
	s.runs(w.sub(from, w.to))
	if w.to-from >= 16 && w.kinds&isLetter != 0 {
		s.key(w.sub(from, w.to))
	}
}

// dotted takes a word with dots: an address or a name.
func (s *scanner) dotted(w word) {
	t := trimWord(w)
	if t.to-t.from < 4 {
		return
	}
	if char.Digit(w.v.b[t.from]) && s.ipv4(t) {
		return
	}
	if c := w.v.b[t.from]; t.left() == '\\' && (c == 'n' || c == 'r' || c == 't') && char.Digit(w.v.b[t.from+1]) && s.ipv4(t.sub(t.from+1, t.to)) {
		return // an escape of program code before an address
	}
	if s.subTechnique(t) || w.v.inURL {
		return
	}
	s.domain(w, t)
}

// trimWord leaves out what no name begins or ends with.
func trimWord(w word) word {
	b := w.v.b
	for w.from < w.to && !char.Alnum(b[w.from]) && b[w.from] < 0x80 && b[w.from] != '_' {
		w.from++
	}
	for w.from < w.to && !char.Alnum(b[w.to-1]) && b[w.to-1] < 0x80 {
		w.to--
	}
	return w
}

// runs looks at letters and digits between anything else.
func (s *scanner) runs(w word) {
	b := w.v.b
	for i := w.from; i < w.to; {
		if !char.Alnum(b[i]) {
			i++
			continue
		}
		start := i
		for i < w.to && char.Alnum(b[i]) {
			i++
		}
		if n := i - start; n >= 3 && (n >= 13 || promisingRun(b, start, i)) && start >= w.v.covered && (start == 0 || b[start-1] < 0x80) && (i == w.to || b[i] < 0x80) {
			s.run(w.sub(start, i))
		}
	}
}

// promisingRun reports whether a run of fewer than 13 letters and digits, at
// b[from:to], can be anything or the beginning of it.
func promisingRun(b []byte, from, to int) bool {
	n, first := to-from, b[from]
	switch {
	case n == 3:
		return first|0x20 == 'c' && b[from+1]|0x20 == 'v' && b[from+2]|0x20 == 'e'
	case char.Digit(first): // the first group of a card
		return n <= 6 && to+1 < len(b) && (b[to] == ' ' || b[to] == '-') && char.Digit(b[to+1])
	default: // a technique, an account
		return n <= 6 && first == 'T' || n >= 4 && char.Digit(b[from+2]) && char.Digit(b[from+3])
	}
}

// run looks at one of them.
func (s *scanner) run(w word) {
	t := w.text()
	switch n := len(t); {
	case n == 3:
		if bytes.EqualFold(t, []byte("cve")) {
			s.cve(w)
		}
		return
	case n <= 6 && t[0] == 'T' && s.technique(w):
		return
	case n >= 26 && s.long(w):
		return
	case n >= 14 && (t[0]|0x20 == 'b' || t[0]|0x20 == 'l') && s.segwit(w):
		return
	case n == 20 && s.awsKey(w):
		return
	}
	s.payment(w)
}

// payment takes what begins as a card or as an account of a bank.
func (s *scanner) payment(w word) {
	switch t := w.text(); {
	case len(t) < 4:
	case char.Digit(t[0]):
		s.card(w)
	case t[0] == 'B' && w.left() == '%' && len(t) >= 14: // track 1 of a card
		s.card(w.sub(w.from+1, w.to))
	case char.Digit(t[2]) && char.Digit(t[3]):
		s.iban(w)
	}
}

// long takes runs of the length of digests and of accounts.
func (s *scanner) long(w word) bool {
	switch len(w.text()) {
	case 32, 40, 64:
		if s.digest(w) {
			return true
		}
	}
	return s.account(w)
}
