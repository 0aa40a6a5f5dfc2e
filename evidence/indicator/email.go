package indicator

import (
	"bytes"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
	"github.com/sealcase/sealcase/evidence/indicator/internal/hostname"
	"github.com/sealcase/sealcase/evidence/indicator/internal/source"
)

// atSign takes a word with an at sign: somebody's address of mail, or the host
// or address behind a user.
func (s *scanner) atSign(w word) {
	b := w.v.b
	for w.from < w.to && b[w.from] != '@' && !char.Alnum(b[w.from]) && b[w.from] < 0x80 && b[w.from] != '_' {
		w.from++
	}
	t := w.text()
	at := bytes.LastIndexByte(t, '@')
	host := trimWord(w.sub(w.from+at+1, w.to))
	if char.Digit(byteAt(b, host.from)) && s.ipv4(host) {
		return
	}
	if at == 0 && w.from > 0 && b[w.from-1] == '"' && s.quotedEmail(w, host) {
		return
	}
	if host.to-host.from < 4 || w.v.inURL && at == 0 {
		return
	}
	local := w.sub(w.from, w.from+at)
	if at > 0 && s.email(local, host) {
		return
	}
	if at == 0 || s.login(local, host) {
		s.hostBehind(host, at > 0)
	}
}

// hostBehind takes the host behind an at sign, and a user where there is one.
func (s *scanner) hostBehind(host word, user bool) {
	if host.v.inURL {
		return
	}
	if e := s.hosts.Resolve(host.text()); e.Name != "" && e.Rank == hostname.PlainRank && bounded(host, host) && (user || hostname.Likely(host.text())) {
		s.emit(host.v, Domain, e.Name, host.from, host.to, e.Details)
	}
}

func byteAt(b []byte, i int) byte {
	if i < len(b) {
		return b[i]
	}
	return 0
}

// email takes an address of mail.
func (s *scanner) email(local, host word) bool {
	e := s.hosts.Resolve(host.text())
	if e.Name == "" || touches(host.v, local.from, host.to) || softBreak(host.v, local.from, host.to) || host.right() == '(' {
		return false
	}
	from, ok := mailbox(local, host)
	if !ok || s.login(local, host) || messageID(host.v, local.from) {
		return false
	}
	text := host.v.b[from : host.from-1]
	if len(text) > 64 || !utf8.Valid(text) || retina(text, host.text()) || hostname.CodeName(text) && e.Rank != hostname.PlainRank {
		return false
	}
	value := append(norm.NFC.Append(nil, text...), '@')
	s.emit(host.v, Email, s.text(append(value, e.Name...)), from, host.to, e.Details)
	return true
}

// mailbox returns where the part before the at sign begins, and whether that is
// the whole of it.
func mailbox(local, host word) (from int, ok bool) {
	b, t := local.v.b, local.text()
	if len(t) == 0 || t[len(t)-1] == '.' || bytes.Contains(t, []byte("..")) || bytes.ContainsAny(t, "@%") {
		return 0, false
	}
	switch local.left() {
	case 0:
	case '&', '!', '#', '$', '^', '~', '}', '\\', '%', '?', ']', ')', '*':
		return local.from, local.v.inURL && (local.left() == '?' || local.left() == '&') || local.v.fanged && local.left() == ')'
	case '/':
		return local.from, local.v.inURL
	}
	if local.from > local.start || local.from < 2 || b[local.from-1] != '\'' || host.right() == '\'' {
		return local.from, true
	}
	return apostrophe(local)
}

// apostrophe is mailbox for what stands behind an apostrophe: "o'brien@example.org"
// is one name; b'obrien@example.org' is a string.
func apostrophe(local word) (from int, ok bool) {
	b := local.v.b
	from = local.from - 1
	for from > 0 && local.from-from < 40 && (char.Alnum(b[from-1]) || b[from-1] == '.' || b[from-1] == '-' || b[from-1] == '_' || b[from-1] >= 0x80) {
		from--
	}
	if from == local.from-1 || local.from-1-from > 20 {
		return local.from, from == local.from-1
	}
	return from, true
}

// quotedEmail takes an address whose local part is quoted (RFC 5322 section
// 3.2.4).
func (s *scanner) quotedEmail(w, host word) bool {
	b := w.v.b
	e := s.hosts.Resolve(host.text())
	if e.Name == "" {
		return false
	}
	close := w.from - 1
	open := bytes.LastIndexByte(b[max(0, close-66):max(0, close)], '"')
	if open < 0 {
		return false
	}
	open += max(0, close-66)
	text := b[open+1 : close]
	if len(text) == 0 || bytes.ContainsAny(text, "\r\n<>{}") || !readable(text) || text[0] == ' ' || open < w.v.covered ||
		open > 0 && (char.Alnum(b[open-1]) || b[open-1] == '@') {
		return false
	}
	s.emit(w.v, Email, string(b[open:close+1])+"@"+e.Name, open, host.to, e.Details)
	return true
}

// login reports whether a user at a host is meant: a remote of git, a path on
// another machine, or the command in front.
func (s *scanner) login(local, host word) bool {
	if local.v.inURL {
		return false
	}
	b, to := local.v.b, host.to
	if to+1 < len(b) && b[to] == ':' && to+1 < host.end && !char.Digit(b[to+1]) {
		path := b[to+1 : host.end]
		return path[0] == '/' || path[0] == '~' || path[0] == ':' || bytes.IndexByte(path, '/') > 0 || bytes.HasSuffix(path, []byte(".git"))
	}
	var buffer [256]byte
	line := lineBefore(local.v, local.from, buffer[:])
	for _, command := range [...]string{"ssh ", "scp ", "sftp ", "rsync ", "ssh-copy-id ", "mosh ", "sshfs "} {
		if i := bytes.Index(line, []byte(command)); i == 0 || i > 0 && !char.Alnum(line[i-1]) {
			return true
		}
	}
	return false
}

// messageID reports whether what looks like an address names a message or a
// part of one (RFC 5322 section 3.6.4).
func messageID(v *view, from int) bool {
	var buffer [256]byte
	before := v.behind(from, buffer[:])
	if bytes.HasSuffix(before, []byte("cid:")) || bytes.HasSuffix(before, []byte("mid:")) {
		return true
	}
	if !bytes.HasSuffix(before, []byte("<")) {
		return false
	}
	for range 4 {
		i := bytes.LastIndexByte(before, '\n')
		line := before[i+1:]
		if len(line) > 0 && (line[0] == ' ' || line[0] == '\t') && i > 0 { // goes on
			before = before[:i]
			continue
		}
		name, ok := source.FieldName(line)
		switch {
		case !ok:
			return false
		case name == "message-id", name == "in-reply-to", name == "references", name == "content-id", name == "resent-message-id", name == "x-message-id":
			return true
		default:
			return false
		}
	}
	return false
}

// retina reports whether "icon@2x.zip" is meant.
func retina(local, host []byte) bool {
	return len(local) > 0 && len(host) > 2 && char.Digit(host[0]) && host[1] == 'x' && host[2] == '.'
}
