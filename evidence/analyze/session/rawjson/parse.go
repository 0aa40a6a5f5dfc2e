package rawjson

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// Parse makes d the index of one JSON text, which the caller must not change while
// values of d are used. It fails with a *SyntaxError.
func (d *Doc) Parse(src []byte) error {
	d.src, d.nodes, d.open = src, d.nodes[:0], d.open[:0]
	if len(src) > MaxBytes {
		return d.fail(MaxBytes, "longer than can be read")
	}
	p := parser{d: d}
	err := p.text()
	if err != nil {
		d.close(int32(len(src)))
		if !isCut(err) {
			d.nodes = d.nodes[:0]
		}
	}
	return err
}

// ParsePrefix is Parse for the beginning of a text: that it is cut is no error,
// and what has been read of it is there.
func (d *Doc) ParsePrefix(src []byte) error {
	if err := d.Parse(src); err != nil && !isCut(err) {
		return err
	}
	return nil
}

// isCut reports whether a text is JSON as far as it goes.
func isCut(err error) bool {
	var syntax *SyntaxError
	return errors.As(err, &syntax) && syntax.Cut
}

func (d *Doc) fail(at int, reason string) error { return &SyntaxError{Offset: at, Reason: reason} }

// close ends the containers that are open where a text is cut.
func (d *Doc) close(end int32) {
	for i := len(d.open) - 1; i >= 0; i-- {
		n := &d.nodes[d.open[i]]
		if n.kind == Object && d.danglingName(d.open[i]) {
			d.nodes = d.nodes[:len(d.nodes)-1]
		}
		n.end, n.next = end, int32(len(d.nodes))
	}
	d.open = d.open[:0]
}

// danglingName reports whether the last node is a name without a value.
func (d *Doc) danglingName(object int32) bool {
	i, last := object+1, int32(len(d.nodes))
	for i < last {
		if i+1 == last {
			return true
		}
		next := d.nodes[i+1].next
		if next <= i+1 { // still open: closed before this one
			return false
		}
		i = next
	}
	return false
}

// parser reads one text from the left.
type parser struct {
	d *Doc
	i int
}

func (p *parser) text() error {
	if err := p.value(); err != nil {
		return err
	}
	for len(p.d.open) > 0 {
		if err := p.continues(); err != nil {
			return err
		}
	}
	p.space()
	if p.i < len(p.d.src) {
		return p.wrong("something follows the JSON value")
	}
	return nil
}

// continues reads what comes next in the innermost container: its end, or one more
// element.
func (p *parser) continues() error {
	at := p.d.open[len(p.d.open)-1]
	n := &p.d.nodes[at]
	empty := int(at) == len(p.d.nodes)-1
	c, err := p.next()
	switch {
	case err != nil:
		return err
	case n.kind == Object && c == '}', n.kind == Array && c == ']':
		p.i++
		n.end, n.next = int32(p.i), int32(len(p.d.nodes))
		p.d.open = p.d.open[:len(p.d.open)-1]
		return nil
	case !empty && c != ',':
		return p.wrong("a comma or an end is missing")
	case !empty:
		p.i++
	}
	if n.kind == Array {
		return p.value()
	}
	return p.member()
}

func (p *parser) member() error {
	c, err := p.next()
	if err != nil {
		return err
	}
	if c != '"' {
		return p.wrong("the name of a member is missing")
	}
	if err := p.string(); err != nil {
		return err
	}
	if c, err = p.next(); err != nil {
		return err
	}
	if c != ':' {
		return p.wrong("the colon after a name is missing")
	}
	p.i++
	return p.value()
}

// value reads a scalar, or the beginning of a container, which is open then.
func (p *parser) value() error {
	c, err := p.next()
	if err != nil {
		return err
	}
	switch c {
	case '{':
		return p.begin(Object)
	case '[':
		return p.begin(Array)
	case '"':
		return p.string()
	case 't':
		return p.word("true", True)
	case 'f':
		return p.word("false", False)
	case 'n':
		return p.word("null", Null)
	default:
		return p.number()
	}
}

func (p *parser) begin(kind Kind) error {
	if len(p.d.open) == MaxDepth {
		return p.wrong("nested deeper than can be read")
	}
	at := int32(len(p.d.nodes))
	if err := p.add(node{start: int32(p.i), kind: kind}); err != nil {
		return err
	}
	p.d.open = append(p.d.open, at)
	p.i++
	return nil
}

func (p *parser) add(n node) error {
	if len(p.d.nodes) == MaxValues {
		return p.wrong("more values than can be read")
	}
	if n.kind < Array {
		n.next = int32(len(p.d.nodes) + 1)
	}
	p.d.nodes = append(p.d.nodes, n)
	return nil
}

func (p *parser) word(word string, kind Kind) error {
	rest := p.d.src[p.i:]
	if len(rest) < len(word) && string(rest) == word[:len(rest)] {
		p.i = len(p.d.src)
		return p.cut()
	}
	if len(rest) < len(word) || string(rest[:len(word)]) != word {
		return p.wrong("not a JSON value")
	}
	start := p.i
	p.i += len(word)
	return p.add(node{start: int32(start), end: int32(p.i), kind: kind})
}

func (p *parser) number() error {
	start, b := p.i, p.d.src
	digits := func() int {
		from := p.i
		for p.i < len(b) && b[p.i]-'0' <= 9 {
			p.i++
		}
		return p.i - from
	}
	if b[p.i] == '-' {
		p.i++
	}
	first := p.i
	switch n := digits(); {
	case n == 0 && p.i == len(b) && p.i > start:
		return p.cut()
	case n == 0:
		return p.wrong("not a JSON value")
	case n > 1 && b[first] == '0':
		return p.wrong("a number begins with 0")
	}
	if p.i < len(b) && b[p.i] == '.' {
		p.i++
		if digits() == 0 {
			return p.wrongOrCut("a number is not complete")
		}
	}
	if p.i < len(b) && b[p.i]|0x20 == 'e' {
		p.i++
		if p.i < len(b) && (b[p.i] == '+' || b[p.i] == '-') {
			p.i++
		}
		if digits() == 0 {
			return p.wrongOrCut("a number is not complete")
		}
	}
	return p.add(node{start: int32(start), end: int32(p.i), kind: Number})
}

// string reads a string of which p.i is the opening quote.
func (p *parser) string() error {
	b, start, escaped := p.d.src, p.i+1, false
	for i := start; ; {
		i = special(b, i)
		switch {
		case i == len(b):
			p.i = i
			return p.cut()
		case b[i] == '"':
			p.i = i + 1
			return p.add(node{start: int32(start), end: int32(i), kind: String, escaped: escaped})
		case b[i] != '\\':
			p.i = i
			return p.wrong("a control character stands in a string")
		}
		escaped = true
		n := escape(b[i:])
		if n == 0 {
			p.i = i
			return p.wrongOrCutAt(cutEscape(b[i:]), "an escape sequence is not one of JSON's")
		}
		i += n
	}
}

// special returns the index of the first quote, backslash or control character
// from i on, or len(b). It looks at eight bytes at a time.
func special(b []byte, i int) int {
	const ones, highs = 0x0101010101010101, 0x8080808080808080
	for ; i+8 <= len(b); i += 8 {
		w := binary.LittleEndian.Uint64(b[i:])
		quote, slash := w^(ones*'"'), w^(ones*'\\')
		found := ((w - ones*0x20) &^ w) | ((quote - ones) &^ quote) | ((slash - ones) &^ slash)
		if found &= highs; found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for ; i < len(b); i++ {
		if c := b[i]; c < 0x20 || c == '"' || c == '\\' {
			return i
		}
	}
	return i
}

// escape returns how long the escape sequence at the beginning of b is, or 0.
func escape(b []byte) int {
	if len(b) < 2 {
		return 0
	}
	switch b[1] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2
	case 'u':
		if _, ok := hex4(b[2:]); ok {
			return 6
		}
	}
	return 0
}

// cutEscape reports whether rest is the beginning of an escape sequence and ends
// before it does.
func cutEscape(rest []byte) bool {
	if len(rest) == 1 {
		return true
	}
	if rest[1] != 'u' || len(rest) >= 6 {
		return false
	}
	_, ok := hex4(append(append(make([]byte, 0, 8), rest[2:]...), "0000"...))
	return ok
}

// next returns the next byte that is no space, without passing it.
func (p *parser) next() (byte, error) {
	p.space()
	if p.i == len(p.d.src) {
		return 0, p.cut()
	}
	return p.d.src[p.i], nil
}

func (p *parser) space() {
	b := p.d.src
	for p.i < len(b) && (b[p.i] == ' ' || b[p.i] == '\n' || b[p.i] == '\t' || b[p.i] == '\r') {
		p.i++
	}
}

func (p *parser) wrong(reason string) error { return p.d.fail(p.i, reason) }

func (p *parser) cut() error {
	return &SyntaxError{Offset: p.i, Reason: "the JSON value does not end: it is cut off", Cut: true}
}

func (p *parser) wrongOrCut(reason string) error {
	return p.wrongOrCutAt(p.i == len(p.d.src), reason)
}

func (p *parser) wrongOrCutAt(cut bool, reason string) error {
	if cut {
		return p.cut()
	}
	return p.wrong(reason)
}
