package indicator

import (
	"bytes"
	"net/netip"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
	"github.com/sealcase/sealcase/evidence/indicator/internal/network"
)

// ipv6 takes runs of hexadecimal digits and colons that are an address in use,
// and that a time, a hardware address, a fingerprint or a name in a program
// cannot be.
func (s *scanner) ipv6(v *view, from, to int) {
	for i := from; i < to; {
		if !network.PartOf6(v.b[i]) {
			i++
			continue
		}
		start, colons, double := i, 0, false
		for i < to && network.PartOf6(v.b[i]) {
			if v.b[i] == ':' {
				colons++
				double = double || i > start && v.b[i-1] == ':'
			}
			i++
		}
		if double && i-start >= 4 || colons >= 6 {
			s.ipv6At(v, from, start, i)
		}
	}
}

// ipv6At takes the address in v.b[from:to], behind a label that ends with a
// colon, before a port that begins with a dot, and without punctuation.
func (s *scanner) ipv6At(v *view, token, from, to int) {
	b := v.b
	if from > token && partOfName(b[from-1]) {
		i := bytes.IndexByte(b[from:to], ':') // "src:2001:db8::5": the c is the label's
		if i < 0 || i+1 >= to-from || b[from+i+1] == ':' {
			return
		}
		from += i + 1
	}
	if to < len(b) && partOfName(b[to]) && b[to-1] != '.' {
		return
	}
	from, to = trim6(b, from, to)
	for !s.try6(v, from, to) {
		// A word of hexadecimal letters may be a label, as in "add:2001:db8::1".
		i := bytes.IndexByte(b[from:to], ':')
		if i < 1 || i > 4 || bytes.ContainsAny(b[from:from+i], "0123456789") || from+i+1 >= to || b[from+i+1] == ':' {
			return
		}
		from += i + 1
	}
}

// trim6 leaves out punctuation behind an address, and a colon before it.
func trim6(b []byte, from, to int) (int, int) {
	for to > from && (b[to-1] == '.' || b[to-1] == ':' && (to-from < 2 || b[to-2] != ':')) {
		to--
	}
	if from < to && b[from] == ':' && (to-from < 2 || b[from+1] != ':') {
		from++
	}
	return from, to
}

// try6 takes v.b[from:to] if it is an address.
func (s *scanner) try6(v *view, from, to int) bool {
	w := v.b[from:to]
	a, err := netip.ParseAddr(string(w))
	if err != nil {
		dot := bytes.LastIndexByte(w, '.')
		if dot < bytes.LastIndexByte(w, ':') || bytes.Count(w, []byte(".")) != 1 {
			return false
		}
		to = from + dot // tcpdump's port
		w = v.b[from:to]
		if a, err = netip.ParseAddr(string(w)); err != nil {
			return false
		}
	}
	if !a.Is6() || a.IsUnspecified() || network.Pairs(w) || !network.Assigned(a) || softBreak(v, from, to) {
		return false
	}
	s.emit(v, IPv6, a.String(), from, to, network.Scope(a))
	return true
}

func partOfName(c byte) bool { return char.Alnum(c) || c == '_' || c >= 0x80 }
