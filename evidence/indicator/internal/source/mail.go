package source

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"mime"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
)

// isMail reports whether the input begins with the header of a message
// (RFC 5322), or of a mailbox of them (RFC 4155).
func isMail(head []byte) bool {
	known := 0
	for n := 0; n < 60 && len(head) > 0; n++ {
		line, rest, _ := bytes.Cut(head, []byte("\n"))
		head = rest
		line = bytes.TrimSuffix(line, []byte("\r"))
		if len(line) == 0 {
			break
		}
		if n == 0 && bytes.HasPrefix(line, []byte("From ")) || line[0] == ' ' || line[0] == '\t' {
			continue
		}
		name, ok := FieldName(line)
		if !ok {
			return false
		}
		switch name {
		case "from", "to", "cc", "subject", "date", "received", "return-path", "delivered-to", "message-id", "mime-version",
			"content-type", "content-transfer-encoding", "reply-to", "sender", "dkim-signature":
			known++
		}
	}
	return known >= 2
}

// FieldName returns the name of a header field in lower case.
func FieldName(line []byte) (string, bool) {
	i := bytes.IndexByte(line, ':')
	if i < 1 || i > 76 {
		return "", false
	}
	for _, c := range line[:i] {
		if c <= ' ' || c >= 0x7F {
			return "", false
		}
	}
	return strings.ToLower(string(line[:i])), true
}

// mail undoes quoted-printable (RFC 2045 section 6.7) in messages and their
// parts. Base64 is found by what it holds.
type mail struct {
	header     bool
	blank      bool // the line before was empty
	inLine     bool // the last piece did not end its line
	field      []byte
	part       part
	boundaries [][]byte
}

// part is what the header of a message or of a part says.
type part struct {
	quoted, latin, message bool
}

const maxBoundaries = 16

func newMail() *mail { return &mail{header: true} }

func (m *mail) next(in *bufio.Reader, at int64, v *Window) (int, error) {
	line, err := in.ReadSlice('\n')
	long := errors.Is(err, bufio.ErrBufferFull)
	if long {
		err = nil
	}
	begins := !m.inLine
	m.inLine = long
	from := len(v.B)
	switch {
	case m.header && begins:
		m.headerLine(line)
		identity(v, line, at)
	case begins && m.separator(line):
		identity(v, line, at)
	case m.part.quoted:
		m.unquote(v, line, at)
	default:
		identity(v, line, at)
	}
	if m.part.latin && !m.header {
		fromLatin(v, from)
	}
	if begins {
		m.blank = len(bytes.TrimRight(line, "\r\n")) == 0
	}
	if err != nil && !errors.Is(err, io.EOF) {
		return len(line), err
	}
	return len(line), err
}

func identity(v *Window, line []byte, at int64) {
	v.B = append(v.B, line...)
	for i := range line {
		v.At = append(v.At, PlaceOf(at+int64(i), 1))
	}
}

// headerLine reads a line of a header; an empty one ends it.
func (m *mail) headerLine(line []byte) {
	line = bytes.TrimRight(line, "\r\n")
	if len(line) > 0 && (line[0] == ' ' || line[0] == '\t') && len(m.field)+len(line) < 2048 {
		m.field = append(m.field, line...)
		return
	}
	m.endField()
	m.field = append(m.field[:0], line[:min(len(line), 2048)]...)
	if _, ok := FieldName(line); ok || bytes.HasPrefix(line, []byte("From ")) || bytes.HasPrefix(line, []byte(">From ")) {
		return
	}
	m.field = m.field[:0]
	if m.header = m.part.message; m.part.message { // the message that the part is
		m.part = part{}
	}
}

func (m *mail) endField() {
	name, ok := FieldName(m.field)
	if !ok {
		return
	}
	value := string(bytes.TrimSpace(m.field[len(name)+1:]))
	switch name {
	case "content-transfer-encoding":
		m.part.quoted = strings.Contains(strings.ToLower(value), "quoted-printable")
	case "content-type":
		media, params, err := mime.ParseMediaType(value)
		if err != nil && !errors.Is(err, mime.ErrInvalidMediaParameter) {
			return
		}
		m.part.message = media == "message/rfc822"
		switch strings.ToLower(params["charset"]) {
		case "iso-8859-1", "iso-8859-15", "windows-1252":
			m.part.latin = true
		}
		if b := params["boundary"]; b != "" && len(m.boundaries) < maxBoundaries {
			m.boundaries = append(m.boundaries, []byte("--"+b))
		}
	}
}

// separator reports whether a line of a body ends it.
func (m *mail) separator(line []byte) bool {
	ends := bytes.HasPrefix(line, []byte("--")) && slices.ContainsFunc(m.boundaries, func(b []byte) bool { return bytes.HasPrefix(line, b) })
	if m.blank && bytes.HasPrefix(line, []byte("From ")) && bytes.Count(line, []byte(":")) >= 2 {
		ends, m.boundaries = true, nil
	}
	if ends {
		m.header, m.part, m.field = true, part{}, m.field[:0]
	}
	return ends
}

// unquote appends a line of quoted-printable.
func (m *mail) unquote(v *Window, line []byte, at int64) {
	for i := 0; i < len(line); i++ {
		c, width := line[i], 1
		if c == '=' {
			if len(bytes.TrimRight(line[i+1:], " \t\r\n")) == 0 && bytes.HasSuffix(line, []byte("\n")) {
				return // the line goes on in the next
			}
			if plain, ok := char.HexByte(line[i+1:]); ok {
				c, width = plain, 3
			}
		}
		v.B, v.At = append(v.B, c), append(v.At, PlaceOf(at+int64(i), int64(width)))
		i += width - 1
	}
}

// fromLatin makes UTF-8 of ISO 8859-1 from v.B[from] on.
func fromLatin(v *Window, from int) {
	high := 0
	for _, c := range v.B[from:] {
		high += char.Bit(c >= 0x80)
	}
	if high == 0 {
		return
	}
	text, at := slices.Clone(v.B[from:]), slices.Clone(v.At[from:])
	v.B, v.At = v.B[:from], v.At[:from]
	for i, c := range text {
		before := len(v.B)
		if c >= 0x80 && c < 0xA0 {
			v.B = append(v.B, char.Unknown) // differs between the sets that go by that name
		} else {
			v.B = utf8.AppendRune(v.B, rune(c))
		}
		for range len(v.B) - before {
			v.At = append(v.At, at[i])
		}
	}
}
