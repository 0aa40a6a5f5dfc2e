// Package rawjson reads JSON that somebody else wrote, without believing it and
// without losing where it lies. A Doc is one JSON text as an index of its values:
// each knows its bytes, so that what is found can be quoted by offset and length.
// Lines splits a stream into lines, Walk a large JSON text into values; neither
// holds more than one of them.
//
// The grammar is RFC 8259. What it leaves open is decided as the programs do that
// wrote the logs: of two members of one name the last counts, and a lone surrogate
// or a byte that is not UTF-8 becomes U+FFFD.
package rawjson

import (
	"fmt"
	"strconv"
)

// The limits of one JSON text. What is beyond them is an error, not a guess.
const (
	MaxBytes  = 32 << 20 // of one text
	MaxValues = 1 << 20  // of one text, names of members included
	MaxDepth  = 256      // of nesting
)

// Kind is what a value is.
type Kind uint8

// The kinds of values. Missing is that of a value that is not there.
const (
	Missing Kind = iota
	Null
	False
	True
	Number
	String
	Array
	Object
)

// SyntaxError says why bytes are not a JSON text, and where.
type SyntaxError struct {
	Offset int    // of the first byte that does not fit
	Reason string // in words that quote nothing
	Cut    bool   // the text ends too early: what is there is JSON so far
}

// Error implements error.
func (e *SyntaxError) Error() string { return fmt.Sprintf("%s, at byte %d", e.Reason, e.Offset) }

// node is a value, or the name of a member, which is followed by its value.
type node struct {
	start, end int32 // of a string: without its quotes
	next       int32 // the node after this one and all within it
	kind       Kind
	escaped    bool // a string that has to be decoded
}

// Doc is one JSON text. It is reused: values are good until the next Parse.
type Doc struct {
	src   []byte
	nodes []node
	open  []int32 // containers that are not closed yet
}

// Root returns the value of the text; missing before Parse.
func (d *Doc) Root() Value {
	if len(d.nodes) == 0 {
		return Value{}
	}
	return Value{d, 0}
}

// Value is one value of a Doc. The zero Value is missing; everything may be asked
// of it.
type Value struct {
	doc *Doc
	at  int32
}

func (v Value) node() node {
	if v.doc == nil {
		return node{}
	}
	return v.doc.nodes[v.at]
}

// Kind returns what v is.
func (v Value) Kind() Kind { return v.node().kind }

// Is reports whether v is of a kind.
func (v Value) Is(k Kind) bool { return v.node().kind == k }

// Exists reports whether v is there, and not null.
func (v Value) Exists() bool { return v.node().kind > Null }

// Raw returns the bytes of v as they were written, a string without its quotes.
func (v Value) Raw() []byte {
	n := v.node()
	if n.kind == Missing {
		return nil
	}
	return v.doc.src[n.start:n.end]
}

// Span returns where Raw lies in the text.
func (v Value) Span() (offset, length int) {
	n := v.node()
	return int(n.start), int(n.end - n.start)
}

// Get returns the member of an object by its name, the last of that name; missing
// when there is none or v is no object. Several names go down several levels.
func (v Value) Get(names ...string) Value {
	for _, name := range names {
		v = v.member(name)
	}
	return v
}

func (v Value) member(name string) (found Value) {
	n := v.node()
	if n.kind != Object {
		return Value{}
	}
	for i := v.at + 1; i < n.next; i = v.doc.nodes[i+1].next {
		if v.doc.named(i, name) {
			found = Value{v.doc, i + 1}
		}
	}
	return found
}

func (d *Doc) named(i int32, name string) bool {
	n := d.nodes[i]
	if n.escaped {
		return unescape(d.src[n.start:n.end]) == name
	}
	return string(d.src[n.start:n.end]) == name
}

// Members calls do for each member of an object in the order of the text, until
// it returns false. A name that comes twice is told twice.
func (v Value) Members(do func(name string, value Value) bool) {
	n := v.node()
	if n.kind != Object {
		return
	}
	for i := v.at + 1; i < n.next; i = v.doc.nodes[i+1].next {
		if !do(Value{v.doc, i}.Text(), Value{v.doc, i + 1}) {
			return
		}
	}
}

// Each calls do for each element of an array, until it returns false.
func (v Value) Each(do func(element Value) bool) {
	n := v.node()
	if n.kind != Array {
		return
	}
	for i := v.at + 1; i < n.next; i = v.doc.nodes[i].next {
		if !do(Value{v.doc, i}) {
			return
		}
	}
}

// First returns the first element of an array.
func (v Value) First() (first Value) {
	v.Each(func(e Value) bool { first = e; return false })
	return first
}

// Empty reports whether v is missing, null, or a string, array or object without
// anything in it.
func (v Value) Empty() bool {
	n := v.node()
	switch n.kind {
	case Missing, Null:
		return true
	case String:
		return n.start == n.end
	case Array, Object:
		return n.next == v.at+1
	default:
		return false
	}
}

// Text returns what a string says, the digits of a number, and "" of all else.
func (v Value) Text() string {
	n := v.node()
	switch {
	case n.kind == String && n.escaped:
		return unescape(v.Raw())
	case n.kind == String:
		return valid(v.Raw())
	case n.kind == Number:
		return string(v.Raw())
	default:
		return ""
	}
}

// Equal reports whether v is a string that says text.
func (v Value) Equal(text string) bool {
	return v.Is(String) && v.doc.named(v.at, text)
}

// True reports whether v is true.
func (v Value) True() bool { return v.Is(True) }

// Int returns a whole number, also one that was written as text.
func (v Value) Int() (int64, bool) {
	n, err := strconv.ParseInt(v.Text(), 10, 64)
	return n, err == nil
}

// Float returns a number, also one that was written as text.
func (v Value) Float() (float64, bool) {
	n, err := strconv.ParseFloat(v.Text(), 64)
	return n, err == nil
}

// FirstOf returns the first of values that is there and not null.
func FirstOf(values ...Value) Value {
	for _, v := range values {
		if v.Exists() {
			return v
		}
	}
	return Value{}
}
