// Package uri knows where in a text a URL (RFC 3986) ends, and how schemes are
// called, also where somebody wrote them so that nobody clicks on them.
package uri

import (
	"bytes"
	"strings"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
)

// End returns where a URL ends that goes on at a place: before what no URL
// has, before a bracket that was opened outside of it, and before another URL
// that is none of its parameters.
func End(b []byte, from, to int) int {
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
		case '\\', char.Hyphen, char.Joiner, '^':
			return i
		case '?', '=', '/', '#':
			parameter = true
		case ':':
			if bytes.HasPrefix(b[i:to], []byte("://")) && !parameter {
				for i > from && char.Alnum(b[i-1]) {
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

// Session reports whether b begins with the name of a session, as some servers
// write it behind a semicolon.
func Session(b []byte) bool {
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

// Byte reports whether a URL may have c.
func Byte(c byte) bool {
	return char.Alnum(c) || strings.IndexByte("-._~:/?#@!$&()*+=%", c) >= 0
}

// Trim leaves out what ends a sentence.
func Trim(b []byte) []byte {
	for len(b) > 0 && strings.IndexByte(".:!?*$^", b[len(b)-1]) >= 0 {
		b = b[:len(b)-1]
	}
	return b
}

// Scheme returns how a scheme is called whose URLs are indicators, and how many
// of the letters in front of the colon it has; "" for another.
func Scheme(b []byte) (string, int) {
	switch string(b) {
	case "https":
		return "https", len(b)
	case "http":
		return "http", len(b)
	}
	var buffer [16]byte
	name := char.Lower(buffer[:0], b)
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

// Writable writes bytes that are no text as they stand in a URL.
func Writable(b []byte) string {
	text := strings.ToValidUTF8(string(b), "\x00")
	if strings.IndexByte(text, 0) < 0 {
		return text
	}
	var out strings.Builder
	for _, c := range b {
		if c == char.Unknown {
			out.WriteString("%FF")
		} else {
			out.WriteByte(c)
		}
	}
	return strings.ToValidUTF8(out.String(), "%FF")
}

// Masked stands for a password.
const Masked = "****"

// MaskPassword masks the password of the user in front of the host of a URL
// (RFC 3986 section 3.2.1), and reports whether there is one. What is masked does
// not tell its length.
func MaskPassword(url string) (string, bool) {
	if strings.IndexByte(url, '@') < 0 {
		return url, false
	}
	begin := strings.Index(url, "://") + 3
	authority := url[begin:]
	if i := strings.IndexAny(authority, "/?#"); i >= 0 {
		authority = authority[:i]
	}
	user := authority[:strings.LastIndexByte(authority, '@')+1]
	colon := strings.IndexByte(user, ':')
	if colon < 0 || colon+2 >= len(user) {
		return url, false
	}
	return url[:begin+colon+1] + Masked + url[begin+len(user)-1:], true
}
