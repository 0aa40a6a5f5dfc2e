package indicator

import "bytes"

// refang undoes defanging: brackets around a dot, a colon or an at sign, or
// the words for them, and the x in the scheme.
func (t *text) refang() {
	out := make([]byte, 0, len(t.b))
	pos := make([]int, 0, len(t.b)+1)
	changed := false
	for i := 0; i < len(t.b); {
		plain, length := fang(t.b[i:])
		if length == 0 {
			out, pos = append(out, t.b[i]), append(pos, i)
			i++
			continue
		}
		changed = true
		for range len(plain) {
			pos = append(pos, i)
		}
		out = append(out, plain...)
		i += length
	}
	pos = append(pos, len(t.b))
	for _, scheme := range []string{"hxxp", "fxp:"} {
		i := indexFold(out, scheme)
		if i < 0 || i > 0 && alnum(out[i-1]) {
			continue
		}
		changed = true
		if scheme == "hxxp" {
			out[i+1], out[i+2] = 't', 't'
		} else {
			out[i+1] = 't'
		}
	}
	if changed {
		t.b, t.pos, t.fanged = out, pos, true
	}
}

// fang returns what a defanged place stands for, and its length; 0 when b does
// not begin with one.
func fang(b []byte) (string, int) {
	if len(b) < 3 {
		return "", 0
	}
	var closing byte
	switch b[0] {
	case '[':
		closing = ']'
	case '(':
		closing = ')'
	case '{':
		closing = '}'
	default:
		return "", 0
	}
	end := bytes.IndexByte(b[:min(len(b), 6)], closing)
	if end < 0 {
		return "", 0
	}
	switch string(bytes.ToLower(b[1:end])) {
	case ".", "dot":
		return ".", end + 1
	case "@", "at":
		return "@", end + 1
	case ":":
		return ":", end + 1
	case "://":
		return "://", end + 1
	case "/":
		return "/", end + 1
	default:
		return "", 0
	}
}

// indexFold is bytes.Index without regard to the case of ASCII letters; what
// must be in lower case.
func indexFold(b []byte, what string) int {
	return bytes.Index(bytes.ToLower(b), []byte(what))
}
