package indicator

import (
	"bytes"
	"net/netip"
	"strings"
)

// urls takes everything that begins with a known scheme and has a host.
func (s *scanner) urls(buffer []byte, t *text) {
	for t.covered < len(t.b) {
		i := bytes.Index(t.b[t.covered:], []byte("://"))
		if i < 0 {
			return
		}
		colon := t.covered + i
		start := colon
		for start > t.covered && alnum(t.b[start-1]) {
			start--
		}
		t.covered = min(len(t.b), s.url(buffer, t, start, colon))
	}
}

// url takes one URL and returns where to look on.
func (s *scanner) url(buffer []byte, t *text, start, colon int) int {
	if !scheme(strings.ToLower(string(t.b[start:colon]))) {
		return colon + 3
	}
	end := len(t.b)
	if next := bytes.Index(t.b[colon+3:], []byte("://")); next >= 0 {
		// Two in one token: the second begins where its scheme does, unless it
		// is a parameter of the first.
		end = colon + 3 + next
		for end > colon+3 && alnum(t.b[end-1]) {
			end--
		}
		if bytes.ContainsAny(t.b[colon+3:end], "?=/") {
			end = len(t.b)
		}
	}
	rest := t.b[colon+3 : end]
	authority := rest
	if i := bytes.IndexAny(rest, `/?#\`); i >= 0 {
		authority = rest[:i]
	}
	authority = trimURL(authority)
	host := authority[bytes.LastIndexByte(authority, '@')+1:]
	name, ok := hostName(host)
	if !ok {
		return colon + 3
	}
	// Only now: a hostile text has many beginnings of URLs and a long end.
	rest = trimURL(rest)
	end = colon + 3 + len(rest)
	value := strings.ToLower(string(t.b[start:colon+3])) + string(authority[:len(authority)-len(host)]) +
		strings.ToLower(string(host)) + string(rest[len(authority):])
	s.match(buffer, t, URL, value, start, end, map[string]string{"host": name})
	return end
}

// scheme reports whether URLs with it are indicators.
func scheme(s string) bool {
	switch s {
	case "http", "https", "ftp", "ftps", "sftp", "ws", "wss", "ssh", "smb", "ldap", "ldaps", "tcp", "udp", "rdp", "socks4", "socks5", "git":
		return true
	default:
		return false
	}
}

// hostName returns the host without its port.
func hostName(host []byte) (string, bool) {
	name := string(host)
	if strings.HasPrefix(name, "[") {
		name, _, _ = strings.Cut(name[1:], "]")
		a, err := netip.ParseAddr(name)
		return a.String(), err == nil
	}
	name, _, _ = strings.Cut(name, ":")
	if a, err := netip.ParseAddr(name); err == nil {
		return a.String(), true
	}
	if strings.EqualFold(name, "localhost") {
		return "localhost", true
	}
	return domainName([]byte(name))
}

// trimURL leaves out what ends a sentence or closes a bracket that was opened
// before the URL.
func trimURL(b []byte) []byte {
	surplus := map[byte]int{} // closing brackets without an opening one
	for _, pair := range [...]string{"()", "[]", "{}"} {
		surplus[pair[1]] = bytes.Count(b, []byte(pair[1:])) - bytes.Count(b, []byte(pair[:1]))
	}
	for ; len(b) > 0; b = b[:len(b)-1] {
		switch c := b[len(b)-1]; c {
		case '.', ':', '!', '?', '*', '\\', '$', '^':
		case ')', ']', '}':
			if surplus[c] <= 0 {
				return b
			}
			surplus[c]--
		default:
			return b
		}
	}
	return b
}

// email takes a word with one at sign and a domain behind it.
func (s *scanner) email(buffer []byte, t *text, from, to int) bool {
	w := t.b[from:to]
	at := bytes.IndexByte(w, '@')
	if at < 1 || at > 64 || bytes.Count(w, []byte("@")) != 1 || w[at-1] == '.' || bytes.Contains(w[:at], []byte("..")) {
		return false
	}
	domain, ok := domainName(w[at+1:])
	if !ok {
		return false
	}
	return s.match(buffer, t, Email, string(w[:at+1])+domain, from, to, nil)
}
