package indicator

import "bytes"

// spelled takes names whose dots and at sign are written as words between
// blanks, as in "user AT example DOT com": v.b[at:end] is the first "dot". Small
// letters without brackets are also ordinary words, and count only where there
// are two of them.
func (s *scanner) spelled(v *view, at, end int) {
	b := v.b
	if v.depth >= maxDepth || connector(bytes.ToUpper(b[at:end])) != '.' {
		return
	}
	var dots, capitals, ats int
	from, ok := blankBefore(b, at, v.covered)
	if !ok {
		return
	}
	if l, ok := blankBefore(b, from, v.covered); ok { // "user AT example DOT com"
		if c := connector(b[l : from-1]); c == '@' {
			if ll, ok := blankBefore(b, l, v.covered); ok {
				from, ats = ll, 1
			}
		}
	}
	d := s.begin(v)
	i := from
	for i < len(b) && i-from < 256 {
		stop := i
		for stop < len(b) && (alnum(b[stop]) || b[stop] == '-' || b[stop] == '_' || b[stop] == '.') {
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
		c := connector(word)
		if c == 0 || next+1 >= len(b) || b[next] != ' ' || !alnum(b[next+1]) {
			break
		}
		dots += b2i(c == '.')
		capitals += b2i(word[0] < 'a')
		d.add(c, stop, next+1)
		i = next + 1
	}
	if dots < 1 || capitals < dots && dots < 2 || ats > 0 && capitals == 0 {
		return
	}
	s.scan(d, from, "", func(sub *view) { sub.fanged = true })
	v.covered = max(v.covered, i)
}

// connector returns the sign that a word stands for; 0 for none.
func connector(word []byte) byte {
	switch string(word) {
	case "dot", "DOT", "Dot", "[dot]", "(dot)", "[DOT]", "(DOT)", "[.]", "(.)":
		return '.'
	case "AT", "[at]", "(at)", "[AT]", "(AT)", "[@]", "(@)":
		return '@'
	default:
		return 0
	}
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
