package indicator

import (
	"bytes"
	"net/netip"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
	"github.com/sealcase/sealcase/evidence/indicator/internal/network"
	"github.com/sealcase/sealcase/evidence/indicator/internal/uri"
)

// urls takes everything that begins with a known scheme and has a host.
func (s *scanner) urls(v *view, from, to int) {
	for at := from; at < to; {
		i := bytes.Index(v.b[at:to], []byte("://"))
		if i < 0 {
			return
		}
		colon := at + i
		start := colon
		for start > at && (char.Alnum(v.b[start-1]) || v.b[start-1] == '+') && colon-start < 16 {
			start--
		}
		at = max(colon+3, s.url(v, start, colon, to))
		if s.err != nil {
			return
		}
	}
}

// url takes one URL and returns where to look on.
func (s *scanner) url(v *view, start, colon, to int) int {
	b := v.b
	name, length := uri.Scheme(b[start:colon])
	start = colon - length
	stop := uri.End(b, colon+3, to)
	if extended := extend(v, colon+3, stop, to); extended > stop {
		stop = extended
	}
	rest := uri.Trim(b[colon+3 : stop])
	slash := len(rest)
	if i := bytes.IndexAny(rest, `/?#`); i >= 0 {
		slash = i
	}
	host := rest[bytes.LastIndexByte(rest[:slash], '@')+1 : slash]
	if name == "" {
		// The words in front of the host are no person's.
		v.covered = max(v.covered, colon+3+slash-len(host))
		return v.covered
	}
	if start > 0 && b[start-1] == '%' || softBreak(v, start, colon+3+slash) && slash == len(rest) || slash == len(rest) && touches(v, start, colon+3+slash) ||
		slash == len(rest) && bytes.HasPrefix(b[colon+3+slash:], []byte("..")) {
		v.covered = max(v.covered, colon+3+slash)
		return v.covered
	}
	hostName, details, ok := s.hostOf(host)
	if !ok {
		if bytes.IndexByte(rest[:slash], '.') > 0 { // no part of what is no host is one
			v.covered = max(v.covered, colon+3+slash)
		}
		return colon + 3
	}
	end := colon + 3 + len(rest)
	if end-start > MaxLength-8 { // cut
		s.emit(v, Domain, hostName, colon+3+slash-len(host), colon+3+slash, nil)
		return end
	}
	value := s.urlValue(b[start:end], name, length, slash-len(host), host, hostName)
	s.emitURL(v, value, details, start, end, colon+3+slash-len(host), colon+3+slash)
	return end
}

// extend returns how far a URL goes beyond its token: behind the place of a
// map, and behind a session's name.
func extend(v *view, from, stop, to int) int {
	b := v.b
	if stop != to || stop+1 >= len(b) {
		return stop
	}
	maps := bytes.Contains(b[from:stop], []byte("/@"))
	end := stop
	for end+1 < len(b) && end-stop < 512 {
		switch {
		case b[end] == ',' && maps && char.Digit(b[end-1]) && (char.Digit(b[end+1]) || b[end+1] == '-'):
		case b[end] == ';' && uri.Session(b[end+1:]):
		default:
			return end
		}
		for end++; end < len(b) && uri.Byte(b[end]); end++ {
		}
	}
	return end
}

// hostOf returns a host without its port, and the details of a URL with it.
func (s *scanner) hostOf(host []byte) (string, map[string]string, bool) {
	if len(host) > 0 && host[0] == '[' {
		name, _, _ := bytes.Cut(host[1:], []byte("]"))
		a, err := netip.ParseAddr(string(name))
		return a.String(), map[string]string{"host": a.String()}, err == nil && a.Is6()
	}
	name, port, _ := bytes.Cut(host, []byte(":"))
	for _, c := range port {
		if !char.Digit(c) {
			return "", nil, false
		}
	}
	if len(name) > 0 && char.Digit(name[0]) {
		if a, n := network.Parse4(name); n > 0 && n == len(name) {
			value, _ := s.memo.ipv4(a)
			return value, map[string]string{"host": value}, true
		}
	}
	if bytes.EqualFold(name, []byte("localhost")) {
		return "localhost", map[string]string{"host": "localhost"}, true
	}
	if len(name) > 0 && name[len(name)-1] == '.' {
		name = name[:len(name)-1]
	}
	e := s.hosts.Resolve(name)
	return e.Name, e.Host, e.Name != ""
}

// urlValue writes a URL with scheme and host normalised; userinfo is the length
// of what stands before the host.
func (s *scanner) urlValue(raw []byte, name string, length, userinfo int, host []byte, hostName string) string {
	bare, port, found := bytes.Cut(host, []byte(":"))
	if host[0] == '[' {
		bare, port, found = host, nil, false
	}
	if string(raw[:length]) == name && (host[0] == '[' || string(bare) == hostName) && char.ASCII(raw) {
		return s.text(raw)
	}
	var out []byte
	out = append(append(out, name...), "://"...)
	out = append(out, raw[length+3:length+3+userinfo]...)
	if host[0] == '[' {
		out = append(out, bytes.ToLower(host)...)
	} else {
		out = append(out, hostName...)
	}
	if found {
		out = append(append(out, ':'), port...)
	}
	return uri.Writable(append(out, raw[length+3+userinfo+len(host):]...))
}
