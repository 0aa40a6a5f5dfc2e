package indicator

import (
	"bytes"
	"net/netip"
	"strings"
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
		for start > at && (alnum(v.b[start-1]) || v.b[start-1] == '+') && colon-start < 16 {
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
	name, length := scheme(b[start:colon])
	start = colon - length
	stop := urlEnd(b, colon+3, to)
	if extended := extend(v, colon+3, stop, to); extended > stop {
		stop = extended
	}
	rest := trimURL(b[colon+3 : stop])
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

// urlEnd returns where a URL ends that goes on at a place: before what no URL
// has, before a bracket that was opened outside of it, and before another URL
// that is none of its parameters.
func urlEnd(b []byte, from, to int) int {
	var open [3]int
	parameter := false
	for i := from; i < to; i++ {
		switch c := b[i]; c {
		case '(', '[', '{':
			open[bracket(c)]++
		case ')', ']', '}':
			if open[bracket(c)]--; open[bracket(c)] < 0 {
				return i
			}
		case '\\', hyphenByte, joinerByte, '^':
			return i
		case '?', '=', '/', '#':
			parameter = true
		case ':':
			if bytes.HasPrefix(b[i:to], []byte("://")) && !parameter {
				for i > from && alnum(b[i-1]) {
					i--
				}
				return i
			}
		}
	}
	return to
}

func bracket(c byte) int {
	switch c {
	case '(', ')':
		return 0
	case '[', ']':
		return 1
	default:
		return 2
	}
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
		case b[end] == ',' && maps && digit(b[end-1]) && (digit(b[end+1]) || b[end+1] == '-'):
		case b[end] == ';' && session(b[end+1:]):
		default:
			return end
		}
		for end++; end < len(b) && urlByte(b[end]); end++ {
		}
	}
	return end
}

func session(b []byte) bool {
	i := bytes.IndexByte(b[:min(len(b), 12)], '=')
	if i < 1 {
		return false
	}
	switch strings.ToLower(string(b[:i])) {
	case "jsessionid", "phpsessid", "sid", "sessionid":
		return true
	default:
		return false
	}
}

func urlByte(c byte) bool {
	return alnum(c) || strings.IndexByte("-._~:/?#@!$&()*+=%", c) >= 0
}

// trimURL leaves out what ends a sentence.
func trimURL(b []byte) []byte {
	for len(b) > 0 && strings.IndexByte(".:!?*$^", b[len(b)-1]) >= 0 {
		b = b[:len(b)-1]
	}
	return b
}

// scheme returns how a scheme is called whose URLs are indicators, and how many
// of the letters in front of the colon it has; "" for another.
func scheme(b []byte) (string, int) {
	switch string(b) {
	case "https":
		return "https", len(b)
	case "http":
		return "http", len(b)
	}
	var buffer [16]byte
	name := lower(buffer[:0], b)
	if fixed := fixScheme(name); fixed != "" {
		return fixed, len(b)
	}
	if len(name) > 1 && escapable(name[0]) { // "\nhttps://" in program code
		if fixed := fixScheme(name[1:]); fixed != "" {
			return fixed, len(b) - 1
		}
	}
	return "", len(b)
}

func escapable(c byte) bool { return c == 'n' || c == 'r' || c == 't' }

func fixScheme(name []byte) string {
	switch string(name) {
	case "hxxp", "h00p", "htxp", "hxtp", "hxxxp", "httx", "meow":
		return "http"
	case "hxxps", "h00ps", "htxps", "hxtps", "httxs":
		return "https"
	case "fxp":
		return "ftp"
	case "fxps":
		return "ftps"
	}
	for _, known := range [...]string{
		"http", "https", "ftp", "ftps", "sftp", "ws", "wss", "ssh", "smb", "ldap", "ldaps", "tcp", "udp", "rdp", "socks4", "socks5", "git", "telnet", "vnc",
		"rtsp", "rtmp", "mysql", "postgres", "postgresql", "mongodb", "mongodb+srv", "redis", "rediss", "amqp", "amqps", "mqtt", "mqtts", "svn", "git+ssh", "git+https",
	} {
		if string(name) == known {
			return known
		}
	}
	return ""
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
		if !digit(c) {
			return "", nil, false
		}
	}
	if len(name) > 0 && digit(name[0]) {
		if a, n := parse4(name); n > 0 && n == len(name) {
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
	e := s.name(name)
	return e.name, e.host, e.name != ""
}

// urlValue writes a URL with scheme and host normalised; userinfo is the length
// of what stands before the host.
func (s *scanner) urlValue(raw []byte, name string, length, userinfo int, host []byte, hostName string) string {
	bare, port, found := bytes.Cut(host, []byte(":"))
	if host[0] == '[' {
		bare, port, found = host, nil, false
	}
	if string(raw[:length]) == name && (host[0] == '[' || string(bare) == hostName) && ascii8(raw) {
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
	return writable(append(out, raw[length+3+userinfo+len(host):]...))
}

func ascii8(b []byte) bool {
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// writable writes bytes that are no text as they stand in a URL.
func writable(b []byte) string {
	text := strings.ToValidUTF8(string(b), "\x00")
	if strings.IndexByte(text, 0) < 0 {
		return text
	}
	var out strings.Builder
	for i := range len(b) {
		if c := b[i]; c == unknownByte {
			out.WriteString("%FF")
		} else {
			out.WriteByte(c)
		}
	}
	return strings.ToValidUTF8(out.String(), "%FF")
}
