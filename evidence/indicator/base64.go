package indicator

import (
	"bytes"

	"github.com/sealcase/sealcase/evidence/indicator/internal/form"
	"github.com/sealcase/sealcase/evidence/indicator/internal/source"
)

const (
	minBase64 = 16       // characters
	minLine   = 60       // of a line that the next one may continue
	maxBase64 = 16 << 10 // bytes of a block, after which it may be cut
)

// quad decodes base64 (RFC 4648) character by character.
type quad struct {
	bits uint32
	at   [4]int
	n    int
}

// add takes the character d.of.b[i].
func (q *quad) add(d *decoded, i int) {
	value := form.Base64Value(d.of.b[i])
	if value > 63 {
		return
	}
	q.bits = q.bits<<6 | uint32(value)
	q.at[q.n] = i
	if q.n++; q.n == 4 {
		for j := range 3 {
			d.add(byte(q.bits>>(16-8*j)), q.at[j], q.at[j+1]+1)
		}
		q.bits, q.n = 0, 0
	}
}

// flush adds what the last characters stand for.
func (q *quad) flush(d *decoded) {
	for j := range max(0, q.n-1) {
		d.add(byte(q.bits>>(6*q.n-8*(j+1))), q.at[j], q.at[j+1]+1)
	}
	q.n, q.bits = 0, 0
}

// base64 searches what is encoded in a token: text in UTF-8 or UTF-16. It
// reports whether that was all of the token.
func (s *scanner) base64(v *view, from, to int) bool {
	if v.depth >= maxDepth {
		return false
	}
	for i := from; i+minBase64 <= to; {
		if s.class[v.b[i]]&isBase64 == 0 || v.inURL && v.b[i] == '/' {
			i++
			continue
		}
		start := i
		for i < to && s.class[v.b[i]]&isBase64 != 0 && (!v.inURL || v.b[i] != '/') {
			i++
		}
		if i-start < minBase64 || !form.EncodesText(v.b[start:i]) {
			continue
		}
		end := i
		for end < to && v.b[end] == '=' && end < i+2 {
			end++
		}
		if end == to && start == from {
			s.base64Block(v, start, i, end, i-start >= minLine)
			return true
		}
		d := s.begin(v)
		fillBase64(d, start, i)
		s.scan(d, start, "base64", func(sub *view) { sub.json, sub.text = source.IsJSON(sub.b), false })
		if start == from && end == to {
			return true
		}
	}
	return false
}

func fillBase64(d *decoded, from, to int) {
	var q quad
	for i := from; i < to; i++ {
		q.add(d, i)
	}
	q.flush(d)
}

// resume goes on with a block of base64 that was cut at a place.
func (s *scanner) resume(v *view, at int) {
	to := at
	for to < len(v.b) && form.Base64Value(v.b[to]) <= 63 {
		to++
	}
	end := to
	for end < len(v.b) && v.b[end] == '=' {
		end++
	}
	s.block = 0
	s.base64Block(v, at, to, end, true)
}

// base64Block searches lines of base64 as one: v.b[from:to] is the first, with
// padding up to end, after which there may be more.
func (s *scanner) base64Block(v *view, from, to, end int, more bool) {
	d := s.begin(v)
	var q quad
	for i := from; i < to; i++ {
		q.add(d, i)
	}
	stop, full := end, false
	for more = more && end == to; more && !full; {
		next, last := nextLine(v, stop)
		if next == 0 || last-next > 256 {
			break
		}
		for i := next; i < last; i++ {
			q.add(d, i)
		}
		stop, more = last, last-next >= minLine
		full = stop-from >= maxBase64
		if stop < len(v.b) && v.b[stop] == '=' {
			break
		}
	}
	q.flush(d)
	limit := len(d.out)
	if full && v.at == nil {
		// The block goes on: what follows begins behind a blank, so that nothing
		// is halved.
		if i := bytes.LastIndexAny(d.out[limit/2:], " \t\r\n\"'<>,"); i >= 0 {
			limit = limit/2 + i + 1
			stop = int(d.at[(limit-1)/3*3].Offset() - v.base)
		}
		s.block = v.base + int64(stop)
	}
	d.out, d.at = d.out[:limit], d.at[:limit]
	s.scan(d, from, "base64", func(sub *view) { sub.json, sub.text = source.IsJSON(sub.b), false })
	v.covered = max(v.covered, stop)
}

// nextLine returns the base64 of the line behind v.b[at]; 0 when it is no such
// line.
func nextLine(v *view, at int) (from, to int) {
	b := v.b
	if at < len(b) && b[at] == '\r' {
		at++
	}
	if at >= len(b) || b[at] != '\n' {
		return 0, 0
	}
	from = at + 1
	for to = from; to < len(b) && form.Base64Value(b[to]) <= 63; to++ {
	}
	rest := b[to:]
	for len(rest) > 0 && rest[0] == '=' {
		rest = rest[1:]
	}
	if to == from || to-from < 4 && len(rest) > 0 || len(rest) > 0 && rest[0] != '\r' && rest[0] != '\n' || bytes.HasPrefix(b[from:to], []byte("--")) {
		return 0, 0
	}
	return from, to
}
