package indicator

import (
	"bytes"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
)

// nameBefore returns in lower case the name that stands before v.b[from], with
// no more than blanks and the signs of an assignment between them, and what
// stands before that; both are empty where no name stands there.
func nameBefore(v *view, from int, buffer *[96]byte) (name, rest []byte) {
	if from > 0 {
		if c := v.b[from-1]; !assigns(c) && !ofName(c) {
			return nil, nil
		}
	}
	b := v.behind(from, buffer[:])
	end := len(b)
	for n := 0; end > 0 && n < 8 && assigns(b[end-1]); n++ {
		end--
	}
	at := end
	for at > 0 && ofName(b[at-1]) {
		at--
	}
	for i := at; i < end; i++ {
		if b[i] >= 'A' && b[i] <= 'Z' {
			b[i] |= 0x20
		}
	}
	return b[at:end], b[:at]
}

func ofName(c byte) bool { return char.Alnum(c) || c == '_' || c == '-' }

func assigns(c byte) bool {
	switch c {
	case ' ', '\t', ':', '=', '"', '\'', '(', '>', '\\', '[', '`', '*', '#', ',':
		return true
	default:
		return false
	}
}

// lineBefore returns what stands before v.b[from] in its line, as far as it is
// near; it is not to be changed.
func lineBefore(v *view, from int, buffer []byte) []byte {
	near := v.b[max(0, from-len(buffer)):from]
	if i := bytes.LastIndexByte(near, '\n'); i >= 0 || len(near) == len(buffer) {
		return near[i+1:]
	}
	b := v.behind(from, buffer)
	return b[bytes.LastIndexByte(b, '\n')+1:]
}

// softBreak reports whether a name in v.b[from:to] ends where a line of
// quoted-printable is broken, or begins behind such a break: the rest of it
// stands in the other line.
func softBreak(v *view, from, to int) bool {
	if to+1 < len(v.b) && v.b[to] == '=' && (v.b[to+1] == '\n' || v.b[to+1] == '\r') {
		return true
	}
	i := from
	if i > 0 && v.b[i-1] == '\n' {
		i--
		if i > 0 && v.b[i-1] == '\r' {
			i--
		}
		return i > 1 && v.b[i-1] == '=' && v.b[i-2] > ' ' && v.b[i-2] != '='
	}
	return false
}
