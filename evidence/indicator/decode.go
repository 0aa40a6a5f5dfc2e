package indicator

import (
	"bytes"
	"html"
	"unicode/utf8"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
	"github.com/sealcase/sealcase/evidence/indicator/internal/form"
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
	case kinds&isHigh != 0 && !v.text:
		s.normalise(v, from, to)
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
		text, width := form.Escaped(v.b[i:to], v.json)
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

// references undoes character references of HTML.
func (s *scanner) references(v *view, from, to int) bool {
	d, changed := s.begin(v), false
	for i := from; i < to; {
		if v.b[i] == '&' {
			if n := bytes.IndexByte(v.b[i:min(to, i+form.MaxReference+1)], ';'); n > 0 {
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
		if c, ok := char.HexByte(v.b[i+1 : to]); v.b[i] == '=' && ok {
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
			if c, ok := char.HexByte(d.of.b[i+1 : to]); ok {
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
			if c, ok := char.HexByte(v.b[i+1 : end]); v.b[i] == '=' && ok {
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
