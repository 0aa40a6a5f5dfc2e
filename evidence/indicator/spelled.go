package indicator

import (
	"bytes"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
	"github.com/sealcase/sealcase/evidence/indicator/internal/form"
	"github.com/sealcase/sealcase/evidence/indicator/internal/hostname"
)

// spelled takes names whose dots and at sign are written as words between
// blanks, as in "user AT example DOT com": v.b[at:end] is the first "dot". Small
// letters without brackets are also ordinary words, and count only where there
// are two of them.
func (s *scanner) spelled(v *view, at, end int) {
	b := v.b
	if v.depth >= maxDepth || form.Connector(bytes.ToUpper(b[at:end])) != '.' {
		return
	}
	var dots, capitals, ats int
	from, ok := blankBefore(b, at, v.covered)
	if !ok {
		return
	}
	if l, ok := blankBefore(b, from, v.covered); ok { // "user AT example DOT com"
		if c := form.Connector(b[l : from-1]); c == '@' {
			if ll, ok := blankBefore(b, l, v.covered); ok {
				from, ats = ll, 1
			}
		}
	}
	d := s.begin(v)
	i := from
	for i < len(b) && i-from < 256 {
		stop := i
		for stop < len(b) && (char.Alnum(b[stop]) || b[stop] == '-' || b[stop] == '_' || b[stop] == '.') {
			stop++
		}
		if stop == i {
			return
		}
		d.keep(i, stop)
		i = stop
		if stop >= len(b) || b[stop] != ' ' {
			break
		}
		next := stop + 1
		for next < len(b) && b[next] > ' ' && next-stop < 7 {
			next++
		}
		word := b[stop+1 : next]
		c := form.Connector(word)
		if c == 0 || next+1 >= len(b) || b[next] != ' ' || !char.Alnum(b[next+1]) {
			break
		}
		dots += char.Bit(c == '.')
		capitals += char.Bit(word[0] < 'a')
		d.add(c, stop, next+1)
		i = next + 1
	}
	if dots == 1 && ats == 0 && s.hosts.Suffix(b[bytes.LastIndexByte(b[:i], ' ')+1:i]) == hostname.WordRank {
		return // "constructing DOT by adding"
	}
	if dots < 1 || capitals < dots && dots < 2 || ats > 0 && capitals == 0 {
		return
	}
	s.scan(d, from, "", func(sub *view) { sub.fanged = true })
	v.covered = max(v.covered, i)
}

// blankBefore returns where the word begins that stands before a blank in front
// of a place.
func blankBefore(b []byte, at, least int) (int, bool) {
	if at < 2 || b[at-1] != ' ' {
		return 0, false
	}
	i := at - 1
	for i > max(0, least) && b[i-1] > ' ' && b[i-1] < 0x80 && b[i-1] != ',' && b[i-1] != ';' && b[i-1] != '"' && at-i < 80 {
		i--
	}
	return i, i < at-1
}
