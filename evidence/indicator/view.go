package indicator

import (
	"cmp"
	"slices"

	"github.com/sealcase/sealcase/evidence/indicator/internal/source"
)

// view is text as it is searched: a window of the input as it is, or what was
// decoded from a part of one.
type view struct {
	b       []byte
	at      []source.Place // of each byte of b in the input; nil: b is the input from base on
	base    int64
	how     string // how it was decoded, for people; "" as it is
	json    bool   // strings are escaped as in JSON (RFC 8259 section 7)
	text    bool   // UTF-8 was normalised
	fanged  bool   // defanged: whoever did that took it for dangerous
	inURL   bool   // a part of a URL
	depth   int
	covered int    // what is before it belongs to a match
	source  *view  // what b is another form of, to be read by people; nil: b itself
	before  []byte // what stands in front of it where it was decoded, as context only
}

// span returns where b[from:to] is in the input.
func (v *view) span(from, to int) (offset, end int64) {
	if v.at == nil {
		return v.base + int64(from), v.base + int64(to)
	}
	return v.at[from].Offset(), v.at[to-1].End()
}

// index returns which byte of b an offset in the input became, len(b) when none.
func (v *view) index(offset int64) int {
	if v.at == nil {
		return max(0, min(len(v.b), int(offset-v.base)))
	}
	i, _ := slices.BinarySearchFunc(v.at, offset, func(p source.Place, o int64) int { return cmp.Compare(p.Offset(), o) })
	return i
}

// raw returns what a match looks like to whoever reads the text; "" when that is
// its value, or is no text.
func (v *view) raw(value string, from, to int) string {
	b := v.b[from:to]
	if v.source != nil {
		offset, end := v.span(from, to)
		b = v.source.b[v.source.index(offset):v.source.index(end)]
	}
	if string(b) == value || !readable(b) {
		return ""
	}
	return string(b)
}

// behind copies into buffer what stands in front of b[from], as far as it is
// kept, and returns it.
func (v *view) behind(from int, buffer []byte) []byte {
	at := len(buffer)
	near := min(at, from)
	at -= copy(buffer[at-near:], v.b[from-near:from])
	far := min(at, len(v.before))
	at -= copy(buffer[at-far:at], v.before[len(v.before)-far:])
	return buffer[at:]
}

// decoded builds a view from parts of another. Its memory is that of the
// scanner, for one view of each depth.
type decoded struct {
	of  *view
	out []byte
	at  []source.Place
}

// begin returns an empty decoded for a view below v.
func (s *scanner) begin(v *view) *decoded {
	d := &s.scratch[v.depth]
	d.of, d.out, d.at = v, d.out[:0], d.at[:0]
	return d
}

// add appends a byte that v.b[from:to] stands for.
func (d *decoded) add(c byte, from, to int) {
	offset, end := d.of.span(from, to)
	d.out, d.at = append(d.out, c), append(d.at, source.PlaceOf(offset, end-offset))
}

// addText appends text that v.b[from:to] stands for.
func (d *decoded) addText(text []byte, from, to int) {
	offset, end := d.of.span(from, to)
	p := source.PlaceOf(offset, end-offset)
	for range text {
		d.at = append(d.at, p)
	}
	d.out = append(d.out, text...)
}

// keep appends v.b[from:to] as it is.
func (d *decoded) keep(from, to int) {
	if d.of.at != nil {
		d.out, d.at = append(d.out, d.of.b[from:to]...), append(d.at, d.of.at[from:to]...)
		return
	}
	for i := from; i < to; i++ {
		d.out, d.at = append(d.out, d.of.b[i]), append(d.at, source.PlaceOf(d.of.base+int64(i), 1))
	}
}

// scan searches what was decoded from b[from:]; how says how.
func (s *scanner) scan(d *decoded, from int, how string, change func(*view)) {
	v := d.of
	sub := &s.views[v.depth]
	*sub = view{b: d.out, at: d.at, how: join(v.how, how), json: v.json, text: v.text, fanged: v.fanged, inURL: v.inURL, depth: v.depth + 1}
	if sub.source = v.source; sub.source == nil {
		sub.source = v
	}
	if how == "base64" || how == "utf-16le" || how == "utf-16be" || how == "encoded-word" {
		sub.source = nil
	}
	sub.before = v.b[max(0, from-lookBehind):from]
	if change != nil {
		change(sub)
	}
	s.tokens(sub, 0, len(sub.b))
}

// join names two ways of decoding, the outer first.
func join(outer, inner string) string {
	switch {
	case outer == "" || outer == inner:
		return inner
	case inner == "":
		return outer
	default:
		return outer + ", " + inner
	}
}
