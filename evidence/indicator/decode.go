package indicator

import (
	"bytes"
	"html"
	"unicode/utf16"
	"unicode/utf8"
)

// decode searches a token in the form that it has without its escapes, and
// reports whether it has any.
func (s *scanner) decode(v *view, from, to int, kinds class) bool {
	if v.depth >= maxDepth {
		return false
	}
	if bytes.HasPrefix(v.b[from:to], []byte("=?")) && s.encodedWord(v, from, to) {
		return true
	}
	switch {
	case kinds&isBackslash != 0 && s.unescape(v, from, to):
	case kinds&isAmp != 0 && s.references(v, from, to):
	case kinds&isEquals != 0 && s.quoted(v, from, to):
	case kinds&isHigh != 0 && !v.text && s.normalise(v, from, to):
	case kinds&isOpen != 0 && s.refang(v, from, to):
	case kinds&isPercent != 0 && !v.inURL && s.percent(v, from, to):
	default:
		return false
	}
	return true
}

// unescape undoes escapes with a backslash. In JSON they are what RFC 8259
// says; elsewhere a backslash before a letter may also be part of a path, and
// only what can be nothing else is undone.
func (s *scanner) unescape(v *view, from, to int) bool {
	d, changed := s.begin(v), false
	for i := from; i < to; {
		text, width := escaped(v.b[i:to], v.json)
		if width == 0 {
			d.keep(i, i+1)
			i++
			continue
		}
		var char [utf8.UTFMax]byte
		d.addText(char[:utf8.EncodeRune(char[:], text)], i, i+width)
		changed = true
		i += width
	}
	if changed {
		s.scan(d, from, "", func(sub *view) { sub.json = false })
	}
	return changed
}

// escaped returns what the escape stands for with which b begins, and its
// length; 0 when it begins with none.
func escaped(b []byte, json bool) (rune, int) {
	if len(b) < 2 || b[0] != '\\' {
		return 0, 0
	}
	switch c := b[1]; c {
	case '/':
		return '/', 2
	case 'u':
		return escapedUnit(b)
	case 'x':
		if c, ok := hexByte(b[2:]); ok && !json && c < 0x80 {
			return rune(c), 4
		}
	case '\\':
		if json {
			return '\\', 2
		}
		if len(b) > 3 && b[2] == '.' && alnum(b[3]) { // a regular expression in a string
			return '.', 3
		}
	case '.', '-', '@', ':':
		if !json && len(b) > 2 && alnum(b[2]) || c == ':' {
			return rune(c), 2
		}
	case 'n', 'r', 't', 'b', 'f':
		if json {
			return ' ', 2
		}
	}
	return 0, 0
}

// escapedUnit reads \u and four digits, and the second half of a pair.
func escapedUnit(b []byte) (rune, int) {
	u, ok := hexUnit(b)
	if !ok {
		return 0, 0
	}
	if utf16.IsSurrogate(u) {
		if low, ok := hexUnit(b[6:]); ok {
			return utf16.DecodeRune(u, low), 12
		}
	}
	return u, 6
}

func hexUnit(b []byte) (rune, bool) {
	if len(b) < 6 || b[0] != '\\' || b[1] != 'u' {
		return 0, false
	}
	high, ok := hexByte(b[2:])
	low, also := hexByte(b[4:])
	return rune(high)<<8 | rune(low), ok && also
}

// maxReference is the length of the longest character reference of HTML that
// is undone.
const maxReference = 12

// endsReference reports whether a semicolon behind b ends a character
// reference of HTML.
func endsReference(b []byte) bool {
	i := bytes.LastIndexByte(b[max(0, len(b)-maxReference):], '&')
	if i < 0 {
		return false
	}
	name := b[max(0, len(b)-maxReference):][i+1:]
	for _, c := range name {
		if !alnum(c) && c != '#' {
			return false
		}
	}
	return len(name) >= 2
}

// references undoes character references of HTML.
func (s *scanner) references(v *view, from, to int) bool {
	d, changed := s.begin(v), false
	for i := from; i < to; {
		if v.b[i] == '&' {
			if n := bytes.IndexByte(v.b[i:min(to, i+maxReference+1)], ';'); n > 0 {
				if text := html.UnescapeString(string(v.b[i : i+n+1])); text[0] != '&' || text == "&" {
					d.addText([]byte(text), i, i+n+1)
					changed = true
					i += n + 1
					continue
				}
			}
		}
		d.keep(i, i+1)
		i++
	}
	if changed {
		s.scan(d, from, "html", nil)
	}
	return changed
}

// quoted undoes quoted-printable in a token whose header is not there to say
// so: where an equals sign is itself written so, and no URL could mean it.
func (s *scanner) quoted(v *view, from, to int) bool {
	t := v.b[from:to]
	if !bytes.Contains(t, []byte("=3D")) || bytes.Contains(t, []byte("://")) || t[0] == '/' {
		return false
	}
	d := s.begin(v)
	for i := from; i < to; {
		if c, ok := hexByte(v.b[i+1 : to]); v.b[i] == '=' && ok {
			d.add(c, i, i+3)
			i += 3
			continue
		}
		d.keep(i, i+1)
		i++
	}
	s.scan(d, from, "quoted-printable", nil)
	return true
}

// percent undoes percent-encoding (RFC 3986 section 2.1) in a token that is no
// URL as it is.
func (s *scanner) percent(v *view, from, to int) bool {
	t := v.b[from:to]
	if bytes.Contains(t, []byte("://")) || bytes.HasPrefix(t, []byte("%B")) && bytes.IndexByte(t, '^') > 0 { // track 1 of a card
		return false
	}
	d := s.begin(v)
	if !unpercent(d, from, to) {
		return false
	}
	s.scan(d, from, "percent", nil)
	return true
}

func unpercent(d *decoded, from, to int) (changed bool) {
	for i := from; i < to; {
		if d.of.b[i] == '%' {
			if c, ok := hexByte(d.of.b[i+1 : to]); ok {
				d.add(c, i, i+3)
				i, changed = i+3, true
				continue
			}
		}
		d.keep(i, i+1)
		i++
	}
	return changed
}

// encodedWord searches what a word in a header stands for (RFC 2047).
func (s *scanner) encodedWord(v *view, from, to int) bool {
	parts := bytes.SplitN(v.b[from:to], []byte("?"), 5)
	if len(parts) < 5 || len(parts[2]) != 1 || len(parts[3]) == 0 || !bytes.HasPrefix(parts[4], []byte("=")) {
		return false
	}
	start := from + len(parts[0]) + len(parts[1]) + 4
	end := start + len(parts[3])
	d := s.begin(v)
	switch parts[2][0] | 0x20 {
	case 'q':
		for i := start; i < end; i++ {
			if c, ok := hexByte(v.b[i+1 : end]); v.b[i] == '=' && ok {
				d.add(c, i, i+3)
				i += 2
			} else if v.b[i] == '_' {
				d.add(' ', i, i+1)
			} else {
				d.keep(i, i+1)
			}
		}
	case 'b':
		var q quad
		for i := start; i < end; i++ {
			q.add(d, i)
		}
		q.flush(d)
	default:
		return false
	}
	s.scan(d, from, "encoded-word", nil)
	return true
}
