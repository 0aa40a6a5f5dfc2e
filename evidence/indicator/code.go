package indicator

import (
	"bytes"

	"github.com/sealcase/sealcase/evidence/indicator/internal/char"
)

// inCode reports whether what stands around a word with dots says that it is
// something in a program: it is assigned, compared, indexed, or given to a
// function.
func inCode(w word) bool {
	b := w.v.b
	if w.to < len(b) && b[w.to] == '[' || w.from >= 2 && b[w.from-1] == '(' && (char.Alnum(b[w.from-2]) || b[w.from-2] == '_') {
		return true
	}
	if w.from >= 2 && (b[w.from-2] == '<' && b[w.from-1] == '-' || b[w.from-1] == ' ' && b[w.from-2] == '>' && w.from >= 3 && b[w.from-3] == '=') {
		return true
	}
	return inCodeRight(w)
}

// inCodeRight is inCode for what stands behind the word.
func inCodeRight(w word) bool {
	b, at := w.v.b, w.to
	for at < len(b) && b[at] == ' ' && at-w.to < 4 {
		at++
	}
	rest := b[at:min(len(b), at+3)]
	if len(rest) < 2 {
		return false
	}
	switch rest[0] {
	case '=':
		return rest[1] == '=' || rest[1] == '>' || at > w.to && rest[1] == ' ' || at == w.to && rest[1] != '"' && rest[1] != '3'
	case '!', ':', '+', '-', '>', '*', '|':
		return rest[1] == '='
	case '<':
		return rest[1] == '-' || rest[1] == '='
	case '&':
		return rest[1] == '&' && at > w.to
	case '"', '\'':
		return at > w.to && bytes.HasSuffix(w.text(), []byte(".info")) // a line of a log is written
	default:
		return false
	}
}

// labelled reports whether a colon or an equals sign stands in front of a word.
func labelled(w word) bool {
	i := w.from
	for i > 0 && w.from-i < 3 && (w.v.b[i-1] == ' ' || w.v.b[i-1] == '"' || w.v.b[i-1] == '\'') {
		i--
	}
	return i > 0 && (w.v.b[i-1] == ':' || w.v.b[i-1] == '=')
}
