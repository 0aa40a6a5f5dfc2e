package indicator

import (
	"bytes"
	"crypto/sha3"
	"encoding/base32"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/net/publicsuffix"
)

// resolve normalises a name and finds out whether it is one under a public
// suffix (publicsuffix.org).
func (s *scanner) resolve(raw string) nameEntry {
	e := nameEntry{raw: raw}
	name := strings.ToLower(raw)
	unicodeName := ""
	if !ascii(name) {
		if strings.ContainsRune(name, '�') || mixesIdeographs(name) {
			return e
		}
		puny, err := idna.Lookup.ToASCII(name)
		if err != nil {
			return e
		}
		unicodeName, name = name, puny
	} else if strings.Contains(name, "xn--") {
		if u, err := idna.Lookup.ToUnicode(name); err == nil && u != name {
			unicodeName = u
		}
	}
	if !validName(name) {
		return e
	}
	suffix, icann := publicsuffix.PublicSuffix(name)
	private := !icann && strings.Contains(suffix, ".")
	if !icann && !private || suffix == name || len(suffix) == len(name)-1 {
		return e
	}
	registered := name[:len(name)-len(suffix)-1]
	registered = registered[strings.LastIndexByte(registered, '.')+1:]
	if strings.ContainsRune(registered, '_') || strings.ContainsRune(suffix, '_') {
		return e
	}
	if suffix == "onion" && !onion(registered) {
		return e
	}
	e.name = name
	e.rank = s.suffix([]byte(name[strings.LastIndexByte(name, '.')+1:]))
	if e.private = private; private {
		e.rank = plainRank
	}
	if e.rank == noSuffix {
		e.name = ""
		return e
	}
	e.host = map[string]string{"host": name}
	if unicodeName != "" {
		e.details = map[string]string{"unicode": unicodeName}
		e.host["unicode"] = unicodeName
	}
	return e
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// mixesIdeographs reports whether a label has both ideographs and letters of
// ASCII: text without blanks before or behind a name.
func mixesIdeographs(name string) bool {
	for label := range strings.SplitSeq(name, ".") {
		ideographs, plain := false, false
		for _, r := range label {
			plain = plain || r < 0x80
			ideographs = ideographs || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Thai)
		}
		if ideographs && plain {
			return true
		}
	}
	return false
}

// validName reports whether the labels of a name are those of hosts, and of
// services with an underscore (RFC 1123 section 2.1, RFC 8552).
func validName(name string) bool {
	if len(name) < 4 || len(name) > 253 {
		return false
	}
	label := 0
	for i := range len(name) {
		c := name[i]
		switch {
		case c == '.':
			if label == 0 || name[i-1] == '-' {
				return false
			}
			label = 0
			continue
		case c == '-' && label == 0, !alnum(c) && c != '-' && c != '_', label == 63:
			return false
		}
		label++
	}
	return label > 0 && name[len(name)-1] != '-'
}

// onion reports whether a label is a service of Tor: of version 3 with a valid
// checksum (rend-spec-v3), or one of the 16 characters of version 2.
func onion(label string) bool {
	raw, err := base32.StdEncoding.DecodeString(strings.ToUpper(label))
	if err != nil || len(raw) == 10 {
		return err == nil
	}
	if len(raw) != 35 || raw[34] != 3 {
		return false
	}
	sum := sha3.Sum256(append(append([]byte(".onion checksum"), raw[:32]...), 3))
	return sum[0] == raw[32] && sum[1] == raw[33]
}

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
	if !letter(tld[0]) && tld[0] < 0x80 || tld[0] < 0x80 && s.suffix(tld) == noSuffix && !bytes.ContainsFunc(tld, func(r rune) bool { return r >= 0x80 }) {
		return false
	}
	if mixedCase(tld) || !bounded(outer, w) || inBinary(w) {
		return false
	}
	e := s.name(t)
	if e.name == "" || !w.v.fanged && !s.isHost(w, e, t, tld) {
		return false
	}
	s.emit(w.v, Domain, e.name, w.from, w.to, e.details)
	return true
}

// bounded reports whether a word is a whole name.
func bounded(outer, w word) bool {
	b := w.v.b
	if touches(w.v, outer.from, outer.to) || softBreak(w.v, w.from, w.to) || outer.to-w.to >= 2 && b[w.to] == '.' && b[w.to+1] == '.' {
		return false
	}
	lead := b[outer.from:w.from]
	if bytes.ContainsAny(lead, "%+") {
		return false
	}
	switch left := outer.left(); left {
	case 0:
		if len(lead) == 0 && w.from >= 2 && b[w.from-1] == '\'' && (alnum(b[w.from-2]) || b[w.from-2] >= 0x80) {
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
		if w.right() == '}' {
			return false
		}
	}
	switch w.right() {
	case '(', '[', '{', '!':
		return w.to == w.end || w.right() == '[' && w.v.fanged
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

// mixedCase reports whether b is neither all lower nor all upper case.
func mixedCase(b []byte) bool {
	upper, lower := 0, 0
	for _, c := range b {
		upper += b2i(c >= 'A' && c <= 'Z')
		lower += b2i(c >= 'a' && c <= 'z')
	}
	return upper > 0 && lower > 0
}

// isHost reports whether a name is that of a host rather than of a file, of
// something in a program, of an app or of what a virus scanner found.
func (s *scanner) isHost(w word, e *nameEntry, t, tld []byte) bool {
	dots := bytes.Count(t, []byte("."))
	if e.private && !mixedLabels(t) {
		return true
	}
	if notHost(t, tld, dots) {
		return false
	}
	if e.rank == plainRank && !brief(t, tld, dots) {
		return true
	}
	if bytes.HasPrefix(t, []byte("www.")) || shortener(e.name) && w.right() == '/' {
		return true
	}
	var buffer [96]byte
	name, _ := nameBefore(w.v, w.from, &buffer)
	if aboutHosts(name) {
		return true
	}
	return e.rank == wordRank && s.registrable(e, dots)
}

// registrable reports whether the part of a name that is registered has a digit
// or a hyphen, which names in programs and usual words hardly have.
func (s *scanner) registrable(e *nameEntry, dots int) bool {
	registered, err := publicsuffix.EffectiveTLDPlusOne(e.name)
	if err != nil {
		return false
	}
	label, _, _ := strings.Cut(registered, ".")
	return dots >= 1 && len(label) >= 4 && strings.ContainsRune(label, '-') && !strings.HasPrefix(label, "xn--") || strings.HasPrefix(label, "xn--") ||
		dots >= 2 && len(label) >= 4 && strings.ContainsAny(label, "0123456789")
}

// brief reports whether a name is so short that program code is full of such:
// "e.de", "t.fr".
func brief(t, tld []byte, dots int) bool {
	for label := range bytes.SplitSeq(t[:len(t)-len(tld)-1], []byte(".")) {
		if len(label) > 2 {
			return false
		}
	}
	return len(tld) == 2 || dots > 1
}

// notHost reports whether what stands before the top-level domain says that a
// name is none of a host.
func notHost(t, tld []byte, dots int) bool {
	first, rest, _ := bytes.Cut(t, []byte("."))
	country := len(tld) == 2
	if country && tld[0] < 'a' && !upper(t) || country && mixedLabels(t) {
		return true // "Trojan.Agent.BE"
	}
	if familyName(first) && (dots > 1 || country) {
		return true
	}
	if (dots > 1 || string(first) == "java") && reversed(first) && !common(tld) {
		return true // "com.instagram.android"
	}
	if codeName(first) && !common(tld) {
		return true
	}
	for label := range bytes.SplitSeq(rest[:max(0, len(rest)-len(tld))], []byte(".")) {
		if fileLabel(label) {
			return true // "app.min.map", "NOTEPAD.EXE-D8414F97.pf"
		}
	}
	return false
}

func upper(b []byte) bool { return !bytes.ContainsFunc(b, unicode.IsLower) }

// mixedLabels reports whether a label has small letters and large ones behind
// them, as names in programs have.
func mixedLabels(t []byte) bool {
	for i := 1; i < len(t); i++ {
		if t[i] >= 'A' && t[i] <= 'Z' && t[i-1] >= 'a' && t[i-1] <= 'z' {
			return true
		}
	}
	return false
}

func common(tld []byte) bool {
	switch string(tld) {
	case "com", "org", "net", "COM", "ORG", "NET", "edu", "gov":
		return true
	default:
		return false
	}
}
