package indicator

import (
	"bytes"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
	"github.com/sealcase/sealcase/evidence/indicator/internal/hostname"
)

// domain takes a word that is a name under a public suffix and that, standing
// alone, is hardly a file name or program code; outer is the word before it was
// trimmed.
func (s *scanner) domain(outer, w word) bool {
	t := w.text()
	dot := bytes.LastIndexByte(t, '.')
	if dot < 1 || len(t) > 253 || w.kinds&(isAt|isPercent|isPlus) != 0 && bytes.ContainsAny(t, "@%+") {
		return false
	}
	tld := t[dot+1:]
	if !char.Letter(tld[0]) && tld[0] < 0x80 || tld[0] < 0x80 && s.hosts.Suffix(tld) == hostname.NoSuffix && !bytes.ContainsFunc(tld, func(r rune) bool { return r >= 0x80 }) {
		return false
	}
	if hostname.MixedCase(tld) || !bounded(outer, w) || inBinary(w) {
		return false
	}
	e := s.hosts.Resolve(t)
	if e.Name == "" || !w.v.fanged && !s.isHost(w, e, t, tld) {
		return false
	}
	s.emit(w.v, Domain, e.Name, w.from, w.to, e.Details)
	return true
}

// bounded reports whether a word is a whole name.
func bounded(outer, w word) bool {
	b := w.v.b
	if touches(w.v, outer.from, outer.to) || softBreak(w.v, w.from, w.to) || outer.to-w.to >= 2 && b[w.to] == '.' && b[w.to+1] == '.' {
		return false
	}
	if !boundedLeft(outer, w) {
		return false
	}
	switch w.right() {
	case '(', '[', '{', '!':
		return w.to == w.end || w.right() == '[' && w.v.fanged
	}
	return true
}

// boundedLeft is bounded for what stands before the word.
func boundedLeft(outer, w word) bool {
	b := w.v.b
	lead := b[outer.from:w.from]
	if bytes.ContainsAny(lead, "%+") {
		return false
	}
	switch left := outer.left(); left {
	case 0:
		if len(lead) == 0 && w.from >= 2 && b[w.from-1] == '\'' && (char.Alnum(b[w.from-2]) || b[w.from-2] >= 0x80) {
			return false
		}
		if bytes.IndexByte(lead, '.') >= 0 && w.from > len(lead) && outer.from > 0 && b[outer.from-1] == '>' {
			return false // "<sub>.example.com"
		}
	case '}', ']', ')', '$', '~', '^', '!', '&', '#', '%':
		return false
	case '/', '\\':
		if !w.v.fanged && (outer.from < 2 || b[outer.from-2] != left || outer.from-2 < outer.start) || len(lead) > 0 {
			return false // a file in a folder
		}
	case '{':
		return w.right() != '}'
	}
	return true
}

// inBinary reports whether a short word stands between bytes that are no text.
func inBinary(w word) bool {
	if w.to-w.from >= 10 || w.v.at != nil {
		return false
	}
	noText := func(c byte) bool { return c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0x7F }
	return w.from > 0 && noText(w.v.b[w.from-1]) || w.to < len(w.v.b) && noText(w.v.b[w.to])
}

// isHost reports whether a name is that of a host rather than of a file, of
// something in a program, of an app or of what a virus scanner found.
func (s *scanner) isHost(w word, e *hostname.Entry, t, tld []byte) bool {
	dots := bytes.Count(t, []byte("."))
	if e.Private && !hostname.MixedLabels(t) {
		return true
	}
	if hostname.NotHost(t, tld, dots) {
		return false
	}
	var buffer [96]byte
	name, before := nameBefore(w.v, w.from, &buffer)
	// "info: params.info"
	if bytes.EqualFold(name, tld) && labelled(w) || !hostname.Common(tld) && inCode(w) {
		return false
	}
	if e.Rank == hostname.PlainRank && !hostname.Brief(t, tld, dots) && !hostname.Mnemonic(t, tld) {
		return true
	}
	if bytes.HasPrefix(t, []byte("www.")) || hostname.Shortener(e.Name) && w.right() == '/' {
		return true
	}
	if hostname.AboutHosts(name) && !bytes.HasSuffix(before, []byte(".")) { // not "to.Ptr("
		return true
	}
	return e.Rank == hostname.WordRank && e.Registrable(dots)
}
