package indicator

import (
	"bytes"
	"strings"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
	"github.com/sealcase/sealcase/evidence/indicator/internal/network"
	"github.com/sealcase/sealcase/evidence/indicator/internal/uri"
)

// emitURL hands on a URL, and what lies within it: its host where that is an
// address, and what its path and its parameters hold. Cards and keys are
// written in neither.
func (s *scanner) emitURL(v *view, value string, details map[string]string, from, to, host, hostEnd int) {
	outer := !s.holding
	s.holding = true
	kept := len(s.held)
	if v.b[host] == '[' {
		s.ipv6(v, host, hostEnd)
	} else if char.Digit(v.b[host]) {
		if a, n := network.Parse4(v.b[host:hostEnd]); n > 0 {
			text, scope := s.memo.ipv4(a)
			s.emit(v, IPv4, text, host, host+n, scope)
		}
	}
	if to-hostEnd >= 7 && v.depth < maxDepth {
		s.within(v, hostEnd, to)
	}
	inner := s.held[kept:]
	s.holding = !outer
	hidden := s.hide(v, from, to, inner)
	if hidden != "" {
		value = hidden
	}
	value, secret := uri.MaskPassword(value)
	s.held = append(s.held, Match{})
	copy(s.held[kept+1:], s.held[kept:])
	offset, end := v.span(from, to)
	m := Match{Kind: URL, Value: value, Offset: offset, Length: end - offset, Details: details}
	if hidden == "" && !secret {
		m.Raw = v.raw(value, from, to)
	}
	if v.how != "" {
		m.Details = with(details, "encoding", v.how)
	}
	s.held[kept] = m
	v.covered = max(v.covered, to)
	if outer {
		for _, m := range s.held {
			s.hand(m)
		}
		s.held = s.held[:0]
	}
}

// within looks into path and parameters of a URL.
func (s *scanner) within(v *view, from, to int) {
	for from < to {
		end := to
		if i := bytes.IndexByte(v.b[from:to], '&'); i >= 0 {
			end = from + i
		}
		if s.inside(v.b[from:end]) {
			d := s.begin(v)
			how := ""
			if unpercent(d, from, end) {
				how = "percent"
			}
			s.scan(d, from, how, func(sub *view) { sub.inURL, sub.json, sub.before = true, false, nil })
		}
		from = end + 1
	}
}

// inside reports whether a part of a URL can hold anything of its own.
func (s *scanner) inside(b []byte) bool {
	run, digits := 0, 0
	for i, c := range b {
		switch {
		case c == '@' || c == '%' || c == ':' || c == '[' || c >= 0x80:
			return true
		case char.Digit(c):
			digits++
			run++
		case char.Letter(c):
			run++
		default:
			run = 0
		}
		if run >= 13 || i > 0 && b[i-1]|0x20 == 'v' && c|0x20 == 'e' || run == 2 && digits > 0 && b[i-1] == 'T' {
			return true
		}
	}
	return digits >= 4 && bytes.Count(b, []byte(".")) >= 3
}

// hide returns a URL with what must not be written masked; "" when there is
// nothing of that kind.
func (s *scanner) hide(v *view, from, to int, inner []Match) string {
	var out []byte
	for _, m := range inner {
		if !m.Kind.masked() && (m.Kind != URL || !strings.Contains(m.Value, ":"+uri.Masked+"@")) {
			continue
		}
		if out == nil {
			out = bytes.Clone(v.b[from:to])
		}
		start, end := v.index(m.Offset)-from, v.index(m.Offset+m.Length)-from
		for i := max(start, 0); i < min(end, len(out)); i++ {
			out[i] = '*'
		}
	}
	return strings.ToValidUTF8(string(out), "?")
}
