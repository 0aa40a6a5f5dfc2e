package indicator

import "bytes"

// text is a token as it is searched: as found, or with its defanging undone.
type text struct {
	b       []byte
	at      int   // place of the token in the window
	pos     []int // place in the token of each byte of b, and of its end; nil when b is as found
	fanged  bool  // b had been defanged: whoever did that took it for dangerous
	covered int   // bytes of b that belong to a match
}

// span returns the place of b[from:to] in the window.
func (t *text) span(from, to int) (int, int) {
	if t.pos == nil {
		return t.at + from, t.at + to
	}
	return t.at + t.pos[from], t.at + t.pos[to]
}

// token looks for everything in one token.
func (s *scanner) token(buffer []byte, from, to int, kinds byte) {
	t := &text{b: buffer[from:to], at: from}
	if kinds&isBracket != 0 || kinds&isColon != 0 && bytes.Contains(t.b, []byte("xx")) {
		t.refang()
		if t.fanged {
			kinds |= isDot | isColon | isAt
		}
	}
	if kinds&isColon != 0 {
		s.urls(buffer, t)
		s.ipv6(buffer, t)
	}
	if kinds&isBackslash != 0 && t.pos == nil {
		s.registry(buffer, from, to)
	}
	s.words(buffer, t)
}

// words looks at each word of a token.
func (s *scanner) words(buffer []byte, t *text) {
	for i := t.covered; i < len(t.b); {
		if s.class[t.b[i]]&isWord == 0 {
			i++
			continue
		}
		start, has := i, byte(0)
		for ; i < len(t.b) && s.class[t.b[i]]&isWord != 0; i++ {
			has |= s.class[t.b[i]]
		}
		s.word(buffer, t, start, i, has)
	}
}

func (s *scanner) word(buffer []byte, t *text, from, to int, has byte) {
	for from < to && !alnum(t.b[from]) && t.b[from] != '_' {
		from++
	}
	for from < to && !alnum(t.b[to-1]) {
		to--
	}
	if to-from < 3 {
		return
	}
	w := t.b[from:to]
	switch {
	case has&isAt != 0:
		if s.email(buffer, t, from, to) {
			return
		}
	case has&isDot != 0:
		if s.ipv4(buffer, t, from, to) || s.subTechnique(buffer, t, from, to) || s.domain(buffer, t, from, to) {
			return
		}
	}
	if has&isDigit == 0 {
		return
	}
	for i := 0; i < len(w); {
		if !alnum(w[i]) {
			i++
			continue
		}
		start := i
		for i < len(w) && alnum(w[i]) {
			i++
		}
		if i-start >= 3 {
			s.run(buffer, t, from+start, from+i)
		}
	}
}

// run looks at letters and digits between anything else.
func (s *scanner) run(buffer []byte, t *text, from, to int) {
	r := t.b[from:to]
	if s.digest(buffer, t, from, to) || s.money(buffer, t, from, to) || s.identifier(buffer, t, from, to) {
		return
	}
	if t.pos == nil && (digit(r[0]) || len(r) >= 4 && digit(r[2])) {
		_ = s.card(buffer, t.at+from) || s.iban(buffer, t.at+from)
	}
}

// match emits t.b[from:to].
func (s *scanner) match(buffer []byte, t *text, kind Kind, value string, from, to int, details map[string]string) bool {
	a, b := t.span(from, to)
	s.emit(buffer, kind, value, a, b, details)
	return true
}
