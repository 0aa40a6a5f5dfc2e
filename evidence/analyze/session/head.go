package session

import (
	"bytes"
	"path"
	"strings"

	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// headSize is how many bytes of a log decide about its format.
const headSize = 256 << 10

// headLines is how many lines of those are looked at.
const headLines = 12

// Head is the beginning of a log.
type Head struct {
	Name  string // the last element of the file's name, in small letters; untrusted
	Path  string // the whole name, with / between elements
	Bytes []byte
	docs  []*rawjson.Doc
	lines bool
}

// NewHead looks at the beginning of a log.
func NewHead(name string, head []byte) Head {
	full := strings.ToLower(strings.ReplaceAll(name, `\`, "/"))
	h := Head{Name: path.Base(full), Path: full, Bytes: bytes.TrimPrefix(head, bom())}
	rest := h.Bytes
	for len(rest) > 0 && len(h.docs) < headLines {
		line, after, ended := bytes.Cut(rest, []byte{'\n'})
		rest = after
		doc := &rawjson.Doc{}
		if !blank(line) {
			err := doc.Parse(line)
			if err == nil || !ended && doc.ParsePrefix(line) == nil {
				h.docs = append(h.docs, doc)
			}
		}
	}
	h.lines = len(h.docs) > 0 && h.docs[0].Root().Is(rawjson.Object)
	return h
}

// Lines calls do for each of the first lines that is a JSON object, until it
// returns false.
func (h Head) Lines(do func(v rawjson.Value) bool) {
	for _, d := range h.docs {
		if d.Root().Is(rawjson.Object) && !do(d.Root()) {
			return
		}
	}
}

// Count returns how many of the first lines are objects of which is is true, and
// how many are objects.
func (h Head) Count(is func(v rawjson.Value) bool) (n, of int) {
	h.Lines(func(v rawjson.Value) bool {
		of++
		if is(v) {
			n++
		}
		return true
	})
	return n, of
}

// Share returns a score: high when is is true of each of the first lines, 0 when
// of none.
func (h Head) Share(high int, is func(v rawjson.Value) bool) int {
	n, of := h.Count(is)
	if of == 0 {
		return 0
	}
	return high * n / of
}

// Document returns the beginning of the log read as one JSON text, as far as it
// goes; missing when it is none.
func (h Head) Document() rawjson.Value {
	doc := &rawjson.Doc{}
	if doc.ParsePrefix(h.Bytes) != nil {
		return rawjson.Value{}
	}
	return doc.Root()
}
