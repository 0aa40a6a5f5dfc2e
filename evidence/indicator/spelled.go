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
	if user, ok := userBefore(b, from, v.covered); ok {
		from, ats = user, 1
	}
	d := s.begin(v)
	i := from
	for i < len(b) && i-from < 256 {
		stop := labelEnd(b, i)
		if stop == i {
			return
		}
		d.keep(i, stop)
		i = stop
		if stop >= len(b) || b[stop] != ' ' {
			break
		}
		c, next := connectorAt(b, stop+1)
		if c == 0 {
			break
		}
		dots += char.Bit(c == '.')
		capitals += char.Bit(b[stop+1] < 'a')
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

// labelEnd returns where a part of a name ends that begins at a place.
func labelEnd(b []byte, at int) int {
	for at < len(b) && (char.Alnum(b[at]) || b[at] == '-' || b[at] == '_' || b[at] == '.') {
		at++
	}
	return at
}

// userBefore returns where a user begins who is at the host that begins at from,
// as in "user AT example DOT com".
func userBefore(b []byte, from, least int) (int, bool) {
	at, ok := blankBefore(b, from, least)
	if !ok || form.Connector(b[at:from-1]) != '@' {
		return 0, false
	}
	return blankBefore(b, at, least)
}

// connectorAt returns the sign for which the word at a place stands, 0 where it
// stands for none or no name goes on behind it, and where the word ends.
func connectorAt(b []byte, at int) (sign byte, end int) {
	end = at
	for end < len(b) && b[end] > ' ' && end-at < 6 {
		end++
	}
	if end+1 >= len(b) || b[end] != ' ' || !char.Alnum(b[end+1]) {
		return 0, end
	}
	return form.Connector(b[at:end]), end
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
