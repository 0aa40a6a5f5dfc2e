package form

import (
	"bytes"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
)

// Fang returns what a defanged place at b[i] stands for, and its length; 0 when
// there is none.
func Fang(b []byte, i int) (string, int) {
	rest := b[i:]
	if n := onlyClosed(b, i); n > 0 {
		return ".", n
	}
	if len(rest) < 3 {
		return "", 0
	}
	var closing byte
	switch rest[0] {
	case '[':
		closing = ']'
	case '(':
		closing = ')'
	case '{':
		closing = '}'
	default:
		return "", 0
	}
	end := bytes.IndexByte(rest[:min(len(rest), 9)], closing)
	if end < 0 || end > 5 {
		return onlyOpened(b, i)
	}
	if end == 1 {
		return "", 0
	}
	word := fangWord(rest[1:end])
	if word == "" || word == ":" && !goesOn(rest[end+1:]) || word[0] == '/' && (i == 0 || b[i-1] != ':' && b[i-1] != '/' && b[i-1] != ']') {
		return "", 0 // "key[:]", "[/]" in a regular expression
	}
	return word, end + 1
}

// onlyClosed returns the length of a dot with closing brackets behind it that
// nothing opened, as in 100.]]]165; 0 when there is none.
func onlyClosed(b []byte, i int) int {
	rest := b[i:]
	if rest[0] != '.' || i == 0 || !char.Alnum(b[i-1]) {
		return 0
	}
	n := 1
	for n < len(rest) && rest[n] == ']' {
		n++
	}
	if n > 1 && n < len(rest) && char.Alnum(rest[n]) && bytes.IndexByte(b[:i], '[') < 0 {
		return n
	}
	return 0
}

// onlyOpened is Fang for a bracket that nothing closes: 198[.51, but not a[.b[.c]]
func onlyOpened(b []byte, i int) (string, int) {
	if i > 0 && b[i] == '[' && b[i+1] == '.' && char.Alnum(b[i+2]) && char.Alnum(b[i-1]) && bytes.Count(b, []byte("[")) > bytes.Count(b, []byte("]")) {
		return ".", 2
	}
	return "", 0
}

// goesOn reports whether an address or a URL goes on behind a colon.
func goesOn(b []byte) bool {
	return len(b) > 0 && (char.Alnum(b[0]) || b[0] == '/' || b[0] == ':' || b[0] == '[')
}

func fangWord(b []byte) string {
	switch string(b) {
	case ".", "dot", "DOT", "Dot":
		return "."
	case "@", "at", "AT", "At":
		return "@"
	case ":":
		return ":"
	case "://", "//", "/":
		return string(b)
	case "-":
		return "-"
	case ".]", "[.", ".[":
		return "."
	default:
		return ""
	}
}

// Connector returns the sign that a word stands for; 0 for none.
func Connector(word []byte) byte {
	switch string(word) {
	case "dot", "DOT", "Dot", "[dot]", "(dot)", "[DOT]", "(DOT)", "[.]", "(.)":
		return '.'
	case "AT", "[at]", "(at)", "[AT]", "(AT)", "[@]", "(@)":
		return '@'
	default:
		return 0
	}
}
