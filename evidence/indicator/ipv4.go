package indicator

import (
	"bytes"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
	"github.com/sealcase/sealcase/evidence/indicator/internal/network"
	"github.com/sealcase/sealcase/evidence/indicator/internal/words"
)

// ipv4 takes a word that begins with an address: alone, with the port of
// tcpdump or netstat behind it, or as a range of two.
func (s *scanner) ipv4(w word) bool {
	t := w.text()
	a, n := network.Parse4(t)
	if n == 0 {
		return false
	}
	rest := t[n:]
	switch {
	case len(rest) == 0:
	case rest[0] == '.' && s.port(w, rest[1:]):
	case rest[0] == '-':
		return s.ipRange(w, a, n)
	default:
		return false
	}
	return s.address4(w.sub(w.from, w.from+n), a, len(rest) > 0)
}

func (s *scanner) ipRange(w word, a [4]byte, n int) bool {
	rest := w.text()[n+1:]
	if b, m := network.Parse4(rest); m == len(rest) && m > 0 {
		first := s.address4(w.sub(w.from, w.from+n), a, true)
		return s.address4(w.sub(w.from+n+1, w.to), b, true) || first
	}
	last := 0
	for _, c := range rest {
		if !char.Digit(c) || last > 255 {
			return false
		}
		last = last*10 + int(c-'0')
	}
	return last > int(a[3]) && last <= 255 && s.address4(w.sub(w.from, w.from+n), a, false)
}

// address4 takes an address, unless what stands around it says that it is a
// version, a part of a path or a number of something else; sure when its form
// can be nothing else.
func (s *scanner) address4(w word, a [4]byte, sure bool) bool {
	if a[0] == 0 || a[0] == 255 || softBreak(w.v, w.from, w.to) || touches(w.v, w.from, w.to) && w.right() != char.Hyphen && w.left() != char.Hyphen {
		return false
	}
	if !sure && !w.v.fanged && s.isVersion(w, a) {
		s.version = w.v.base + int64(w.to)
		return false
	}
	value, details := s.memo.ipv4(a)
	s.emit(w.v, IPv4, value, w.from, w.to, details)
	return true
}

// isVersion reports whether an address is more likely a version.
func (s *scanner) isVersion(w word, a [4]byte) bool {
	switch left := w.left(); left {
	case '/', '\\':
		if product(w, left) {
			return true
		}
	case '.', '-', '_', '+', '%', '$', '~', '^', '#':
		return true
	case '@':
		return false
	}
	switch w.right() {
	case '+', '~', '_', '(':
		return true
	}
	if s.version > 0 && w.v.at == nil {
		if gap := w.v.base + int64(w.from) - s.version; gap >= 0 && gap <= 6 {
			return true // the next of a list
		}
	}
	var buffer [96]byte
	name, before := nameBefore(w.v, w.from, &buffer)
	if numbersPart(w, a, name) || drawing(w) {
		return true
	}
	if len(name) == 0 {
		return heading(w, a)
	}
	if words.AboutVersions(name) {
		return true
	}
	if onlyMajor(a) && w.right() != '/' && w.left() == 0 && !network.AboutNetworks(name) && !char.Digit(name[0]) {
		return true // "HeadlessChrome 113.0.0.0"
	}
	return network.IsOID(a) && ofCertificate(name, before)
}

func onlyMajor(a [4]byte) bool { return a[1] == 0 && a[2] == 0 && a[3] == 0 }

// ofCertificate reports whether a certificate is spoken of (RFC 5280).
func ofCertificate(name, before []byte) bool {
	return bytes.Contains(before, []byte("509")) || bytes.Contains(before, []byte("OID")) || bytes.Contains(before, []byte("xtension")) ||
		bytes.Contains(before, []byte("Key Usage")) || bytes.Contains(name, []byte("critical"))
}

// product reports whether what stands before a slash is the name of a product,
// or a folder.
func product(w word, slash byte) bool {
	b := w.v.b
	at := w.from - 1
	if at == w.start || b[at-1] == slash { // "/203.0.113.9", "//203.0.113.9"
		return false
	}
	from := at
	for from > w.start && (char.Alnum(b[from-1]) || b[from-1] == '_' || b[from-1] == '-' || b[from-1] == '.') {
		from--
	}
	name := b[from:at]
	if _, n := network.Parse4(name); n == len(name) && n > 0 || len(name) == 0 {
		return false
	}
	if w.v.inURL {
		return !network.Lookup(name)
	}
	if w.to < len(b) && b[w.to] == ':' && w.to+1 < len(b) && char.Digit(b[w.to+1]) { // a port
		return false
	}
	return !network.Lookup(name) && (bytes.IndexByte(name, '.') < 0 || from > w.start && b[from-1] == slash)
}

// heading reports whether four small numbers at the beginning of a line number
// a section.
func heading(w word, a [4]byte) bool {
	if max(a[0], a[1], a[2], a[3]) > 30 || w.from > 0 && w.v.at != nil {
		return false
	}
	b, i := w.v.b, w.to
	if i < len(b) && b[i] == '.' {
		i++
	}
	blanks := i
	for i < len(b) && b[i] == ' ' {
		i++
	}
	if i == blanks || i >= len(b) || b[i] < 'A' || b[i] > 'Z' {
		return false
	}
	for i = w.from; i > 0 && (b[i-1] == ' ' || b[i-1] == '\t' || b[i-1] == '#'); {
		i--
	}
	return i == 0 || b[i-1] == '\n'
}

// port reports whether rest, behind an address and a dot, is a port as tcpdump
// and the netstat of BSD write it.
func (s *scanner) port(w word, rest []byte) bool {
	if len(rest) == 0 || len(rest) > 16 {
		return false
	}
	if network.Service(rest) {
		return true
	}
	number := 0
	for _, c := range rest {
		if !char.Digit(c) || number > 65535 {
			return false
		}
		number = number*10 + int(c-'0')
	}
	if number > 65535 || rest[0] == '0' {
		return false
	}
	var buffer [256]byte
	before := lineBefore(w.v, w.from, buffer[:])
	line := bytes.TrimLeft(before, " ")
	if bytes.HasPrefix(line, []byte("tcp")) || bytes.HasPrefix(line, []byte("udp")) {
		return true
	}
	before = bytes.TrimRight(before, " ")
	behind := w.v.b[w.to:min(len(w.v.b), w.to+4)]
	return bytes.HasSuffix(before, []byte(" IP")) || bytes.Equal(before, []byte("IP")) || bytes.HasSuffix(before, []byte(">")) ||
		bytes.HasPrefix(behind, []byte(" >")) || bytes.HasPrefix(behind, []byte(" ->")) || bytes.HasPrefix(behind, []byte(" <"))
}
