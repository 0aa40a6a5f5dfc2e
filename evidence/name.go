package evidence

import (
	"bytes"
	"encoding/base64"
	"strings"
	"unicode"
	"unicode/utf8"
)

// FileName is the name of a file as its source had it: any bytes up to
// MaxNameBytes. It is untrusted and never used as a path of ours. Its text
// form keeps valid UTF-8 as it is and writes anything else as
// "base64:" followed by the bytes, so that nothing is lost and JSON stays
// valid; a real name that begins with "base64:" is written in that form too.
type FileName string

// MaxNameBytes is the longest name accepted; file systems in use stop at 255.
const MaxNameBytes = 1024

const base64Name = "base64:"

// Valid returns nil when n can be recorded.
func (n FileName) Valid() error {
	switch {
	case n == "":
		return Errorf(Invalid, "a file needs a name")
	case len(n) > MaxNameBytes:
		return Errorf(Invalid, "a name may have %d bytes, this has %d", MaxNameBytes, len(n))
	}
	return nil
}

// AppendText implements encoding.TextAppender.
func (n FileName) AppendText(b []byte) ([]byte, error) {
	if utf8.ValidString(string(n)) && !strings.HasPrefix(string(n), base64Name) {
		return append(b, n...), nil
	}
	return base64.StdEncoding.AppendEncode(append(b, base64Name...), []byte(n)), nil
}

// MarshalText implements encoding.TextMarshaler.
func (n FileName) MarshalText() ([]byte, error) { return n.AppendText([]byte{}) }

// UnmarshalText implements encoding.TextUnmarshaler.
func (n *FileName) UnmarshalText(text []byte) error {
	encoded, ok := bytes.CutPrefix(text, []byte(base64Name))
	if !ok {
		*n = FileName(text)
		return nil
	}
	raw, err := base64.StdEncoding.AppendDecode(nil, encoded)
	if err != nil {
		return Errorf(Invalid, "the name after %q is not base64", base64Name)
	}
	*n = FileName(raw)
	return nil
}

// Display returns n for people: control, format and bidirectional characters
// (RTL marks among them) and invalid bytes become visible escapes, so that a
// name cannot disguise its ending or break a line.
func (n FileName) Display() string {
	var b strings.Builder
	for i := 0; i < len(n); {
		r, size := utf8.DecodeRuneInString(string(n[i:]))
		switch {
		case r == utf8.RuneError && size == 1:
			const hexDigits = "0123456789abcdef"
			b.WriteString(`\x`)
			b.WriteByte(hexDigits[n[i]>>4])
			b.WriteByte(hexDigits[n[i]&15])
		case unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp):
			b.WriteString(escapeRune(r))
		default:
			b.WriteRune(r)
		}
		i += size
	}
	return b.String()
}

func escapeRune(r rune) string {
	const hexDigits = "0123456789abcdef"
	out := []byte(`\u{`)
	started := false
	for shift := 20; shift >= 0; shift -= 4 {
		d := hexDigits[(r>>shift)&15]
		if d != '0' || started || shift == 0 {
			out = append(out, d)
			started = true
		}
	}
	return string(append(out, '}'))
}

// maxSafeName and maxEnding are how long, in bytes, a safe name and its ending may
// be.
const maxSafeName, maxEnding = 100, 12

// SafeName returns a name for n that every common file system accepts: the
// last path element, letters, digits and "._-" kept, anything else "_", at
// most 100 bytes, never empty, never beginning or ending with a dot, never the
// name of a device on Windows. Bundles name their members so: FORMAT.md section
// 4.4 of package bundle has the same rule, and a change here is a change of that
// format.
func (n FileName) SafeName() string {
	s := string(n)
	if i := strings.LastIndexAny(s, `/\`); i >= 0 {
		s = s[i+1:]
	}
	safe := strings.Map(func(r rune) rune {
		if r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r) || strings.ContainsRune("._-", r)) {
			return r
		}
		return '_'
	}, s)
	if len(safe) > maxSafeName {
		ending := ""
		if i := strings.LastIndexByte(safe, '.'); i >= 0 && len(safe)-i <= maxEnding {
			ending = safe[i:]
		}
		safe = safe[:maxSafeName-len(ending)] + ending
	}
	safe = strings.Trim(safe, ".")
	if safe == "" {
		return "unnamed"
	}
	if isDevice(safe) { // what is cut off may be all that stood behind a dot
		safe = "_" + safe
		safe = strings.TrimRight(safe[:min(len(safe), maxSafeName)], ".")
	}
	return safe
}

// isDevice reports whether Windows takes name for a device, whatever its
// extension.
func isDevice(name string) bool {
	stem, _, _ := strings.Cut(strings.ToUpper(name), ".")
	switch stem {
	case "CON", "PRN", "AUX", "NUL":
		return true
	}
	return len(stem) == 4 && (strings.HasPrefix(stem, "COM") || strings.HasPrefix(stem, "LPT")) && stem[3] >= '0' && stem[3] <= '9'
}
