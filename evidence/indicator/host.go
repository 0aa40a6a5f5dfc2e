package indicator

import (
	"bytes"
	"net/netip"
	"strings"

	"golang.org/x/net/publicsuffix"
)

// ipv4 takes a word that is four numbers up to 255.
func (s *scanner) ipv4(buffer []byte, t *text, from, to int) bool {
	w := t.b[from:to]
	if len(w) < 7 || len(w) > 15 || !digit(w[0]) || !digit(w[len(w)-1]) {
		return false
	}
	for _, c := range w {
		if !digit(c) && c != '.' {
			return false
		}
	}
	a, err := netip.ParseAddr(string(w))
	if err != nil || w[0] == '0' {
		return false
	}
	return s.match(buffer, t, IPv4, a.String(), from, to, scope(a))
}

// ipv6 takes runs of hexadecimal digits and colons that are an address, and
// that a time, a hardware address or a name in a program cannot be.
func (s *scanner) ipv6(buffer []byte, t *text) {
	part := func(c byte) bool { return c == ':' || c == '.' || digit(c) || c|0x20 >= 'a' && c|0x20 <= 'f' }
	for i := t.covered; i < len(t.b); {
		if !part(t.b[i]) {
			i++
			continue
		}
		start := i
		for i < len(t.b) && part(t.b[i]) {
			i++
		}
		s.ipv6At(buffer, t, start, i)
	}
}

// ipv6At takes a run from start to stop if it is an address, without the
// punctuation behind it.
func (s *scanner) ipv6At(buffer []byte, t *text, start, stop int) {
	if start > 0 && partOfName(t.b[start-1]) || stop < len(t.b) && partOfName(t.b[stop]) {
		return
	}
	end := stop
	for end > start && (t.b[end-1] == '.' || t.b[end-1] == ':' && (end-start < 2 || t.b[end-2] != ':')) {
		end--
	}
	w := t.b[start:end]
	groups := len(bytes.FieldsFunc(w, func(r rune) bool { return r == ':' }))
	if bytes.Count(w, []byte(":")) < 2 || groups < 2 || !bytes.ContainsAny(w, "0123456789") {
		return
	}
	if a, err := netip.ParseAddr(string(w)); err == nil {
		s.match(buffer, t, IPv6, a.String(), start, end, scope(a))
	}
}

func partOfName(c byte) bool { return alnum(c) || c == '_' }

// scope says of an address that it is not one of the open internet.
func scope(a netip.Addr) map[string]string {
	var name string
	switch {
	case a.IsLoopback():
		name = "loopback"
	case a.IsPrivate():
		name = "private"
	case a.IsLinkLocalUnicast():
		name = "link-local"
	case a.IsMulticast():
		name = "multicast"
	case a.IsUnspecified():
		name = "unspecified"
	default:
		return nil
	}
	return map[string]string{"scope": name}
}

// domain takes a word that is a name under a public suffix and that, standing
// alone, is hardly a file name or program code.
func (s *scanner) domain(buffer []byte, t *text, from, to int) bool {
	w := t.b[from:to]
	if to < len(t.b) && (t.b[to] == '(' || t.b[to] == '[') || from > 0 && t.b[from-1] == '$' {
		return false
	}
	last := w[bytes.LastIndexByte(w, '.')+1:]
	if len(last) < 2 || !letter(last[0]) || mixedCase(last) {
		return false
	}
	dots := bytes.Count(w, []byte("."))
	if !t.fanged && (extension(strings.ToLower(string(last))) ||
		dots == 1 && ambiguous(strings.ToLower(string(last))) && !bytes.ContainsAny(w, "-0123456789")) {
		return false
	}
	if from > 0 && (t.b[from-1] == '/' || t.b[from-1] == '\\') && !t.fanged && !slashes(t.b[:from]) {
		return false // a file in a folder
	}
	name, ok := domainName(w)
	if !ok {
		return false
	}
	return s.match(buffer, t, Domain, name, from, to, nil)
}

func slashes(b []byte) bool {
	return bytes.HasSuffix(b, []byte("//")) || bytes.HasSuffix(b, []byte(`\\`))
}

// domainName returns w in lower case when it is a name under a suffix of the
// public suffix list.
func domainName(w []byte) (string, bool) {
	if len(w) < 4 || len(w) > 253 {
		return "", false
	}
	label := 0
	for i, c := range w {
		switch {
		case c == '.':
			if label == 0 || w[i-1] == '-' {
				return "", false
			}
			label = 0
			continue
		case c == '-' && label == 0, !alnum(c) && c != '-' && c != '_', label == 63:
			return "", false
		}
		label++
	}
	name := strings.ToLower(string(w))
	suffix, icann := publicsuffix.PublicSuffix(name)
	if label == 0 || !icann && !strings.Contains(suffix, ".") || suffix == name || strings.ContainsRune(suffix, '_') {
		return "", false
	}
	return name, true
}

// mixedCase reports whether b is neither all lower nor all upper case.
func mixedCase(b []byte) bool {
	return !bytes.Equal(bytes.ToLower(b), b) && !bytes.Equal(bytes.ToUpper(b), b)
}

// extension reports whether a top-level domain is far more often the ending
// of a file.
func extension(tld string) bool {
	switch tld {
	case "py", "sh", "md", "rs", "pl", "ps", "zip", "mov", "cc", "so", "java", "bz", "gz":
		return true
	default:
		return false
	}
}

// ambiguous reports whether a top-level domain is also a usual name in program
// code or a usual word.
func ambiguous(tld string) bool {
	switch tld {
	case "name", "id", "is", "to", "in", "it", "at", "me", "my", "do", "no", "so", "be", "by", "as", "am", "an", "us",
		"call", "target", "open", "map", "page", "link", "next", "new", "now", "play", "read", "select", "search",
		"style", "date", "data", "host", "email", "build", "run", "app", "group", "top", "box", "cat", "fit", "fun",
		"forum", "domains", "events", "exchange", "family", "global", "graphics", "report", "security", "services", "software", "space", "store", "support", "systems", "tools", "watch", "works", "zone", "bin", "prof", "java",
		"int", "click", "cab", "direct", "equipment", "foo", "bar", "moi", "ms", "st", "sc", "gs", "vi", "va":
		return true
	default:
		return false
	}
}
