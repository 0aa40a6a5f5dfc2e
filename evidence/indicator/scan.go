package indicator

import (
	"hash/maphash"
	"io"
	"unicode/utf8"

	"github.com/sealcase/sealcase/evidence/indicator/internal/form"
	"github.com/sealcase/sealcase/evidence/indicator/internal/hostname"
	"github.com/sealcase/sealcase/evidence/indicator/internal/source"
)

const (
	windowSize = 256 << 10
	maxToken   = MaxLength
	// overlap is kept of a window for the next one: what begins before it is
	// always whole, with what belongs to it behind it.
	overlap = 40 << 10
	// lookBehind is kept in front of where the next window begins, for what
	// must not precede a match.
	lookBehind = 512
	// maxDepth is how often what was decoded is decoded again.
	maxDepth = 6
)

// Scan reads r to its end and calls found for each match, in the order of the
// text. Matches do not overlap, but for what lies within a URL.
//
// It reads UTF-8 and other supersets of ASCII; UTF-16 of either byte order,
// with or without a mark, also in the midst of other bytes; the strings of JSON
// and of program code, quoted-printable and base64 as in mail, references of
// HTML and percent-encoding. What comes out does not depend on the pieces in
// which r gives the input. It stops with the error of r or of found.
func Scan(r io.Reader, found func(Match) error) error { return scanBy(r, windowSize, found) }

// scanBy scans windows of a size.
func scanBy(r io.Reader, size int, found func(Match) error) error {
	s := &scanner{class: classes(), found: found, seed: maphash.MakeSeed()}
	in, err := source.Open(r)
	if err != nil {
		return err
	}
	v := &view{b: make([]byte, 0, size+overlap+lookBehind), json: in.JSON}
	at := 0 // where the next token may begin
	for {
		window := source.Window{B: v.b, At: v.at}
		end, err := in.Fill(&window)
		v.b, v.at = window.B, window.At
		if err != nil {
			return err
		}
		limit := len(v.b)
		if !end {
			limit = max(at, len(v.b)-overlap)
		}
		at = s.tokens(v, at, limit)
		if s.err != nil || end {
			return s.err
		}
		keep := max(0, at-lookBehind)
		v.drop(keep)
		at -= keep
	}
}

// drop forgets the first n bytes of a window.
func (v *view) drop(n int) {
	v.b = v.b[:copy(v.b, v.b[n:])]
	if v.at != nil {
		v.at = v.at[:copy(v.at, v.at[n:])]
	}
	v.base += int64(n)
	v.covered -= n
}

// scanner works on one view after the other.
type scanner struct {
	class   [256]class
	found   func(Match) error
	err     error
	seed    maphash.Seed
	memo    memo
	hosts   hostname.Resolver
	scratch [maxDepth + 1]decoded
	views   [maxDepth + 1]view
	holding bool    // matches wait for the URL in which they are
	held    []Match // which do
	block   int64   // where a block of base64 goes on, 0 when none does
	version int64   // behind the last number that was a version
}

// tokens looks at all tokens that begin before limit, and returns where the
// next one may begin.
func (s *scanner) tokens(v *view, at, limit int) int {
	b := v.b
	for at < limit && s.err == nil {
		if s.class[b[at]]&isBreak != 0 {
			at++
			continue
		}
		if s.block != 0 && v.depth == 0 && s.block == v.base+int64(at) {
			s.resume(v, at)
			at = max(v.covered, at+1)
			continue
		}
		end, next, kinds := s.tokenEnd(v, at)
		switch {
		case end+2 < len(b) && b[end] == 0 && b[end+2] == 0 && s.wide(v, end-1, at):
		case worth(kinds, end-at):
			s.token(v, at, end, kinds)
		case end-at == 3 && b[at]|0x20 == 'd', end-at == 5 && kinds&isOpen != 0:
			s.spelled(v, at, end)
		}
		at = max(next, v.covered, at+1)
	}
	return at
}

// tokenEnd returns where the token at a place ends, and where the next may
// begin.
func (s *scanner) tokenEnd(v *view, at int) (end, next int, kinds class) {
	b := v.b
	last := min(len(b), at+maxToken)
	for end = at; ; end++ {
		rest := b[end:last]
		for n, value := range rest {
			c := s.class[value]
			if c&isStop != 0 {
				rest = rest[:n]
				break
			}
			kinds |= c
		}
		end += len(rest)
		if end == last {
			if end < len(b) && end-at == maxToken {
				end = s.cut(b, at, end)
			}
			return end, end, kinds
		}
		switch {
		case b[end] == '\\':
			if n := s.escape(v, end); n > 0 {
				return end, end + n, kinds
			}
			kinds |= isBackslash
			if v.json && end+1 < last {
				end++ // what is escaped
			}
		case b[end] == ';' && kinds&isAmp != 0 && form.EndsReference(b[at:end]):
		default:
			return end, end, kinds
		}
	}
}

// escape returns the length of an escape that ends a token; 0 when what is at
// a backslash does not.
func (s *scanner) escape(v *view, at int) int {
	if at+1 >= len(v.b) {
		return 0
	}
	switch v.b[at+1] {
	case '"', '\'':
		return 2
	case 'n', 't', 'r', 'b', 'f':
		if v.json {
			return 2
		}
	}
	return 0
}

// worth reports whether a token can hold an indicator.
func worth(kinds class, length int) bool {
	return length >= 4 && kinds&(isDigit|isDot|isAt|isColon|isBackslash|isHigh|isAmp) != 0 || length >= 8 && kinds&(isOpen|isLetter) == isOpen|isLetter ||
		length >= 2 && kinds&(isAt|isPlus) != 0 || length >= 16
}

// cut ends a token without a break where a word ends, so that no word is
// halved.
func (s *scanner) cut(b []byte, at, end int) int {
	for i := end - 1; i > at; i-- {
		if s.class[b[i]]&isWord == 0 {
			return i
		}
	}
	for end < len(b) && b[end]&0xC0 == 0x80 && end > at+1 { // not within a character
		end--
	}
	return end
}

// emit hands on a match of v.b[from:to].
func (s *scanner) emit(v *view, kind Kind, value string, from, to int, details map[string]string) {
	if s.err != nil {
		return
	}
	v.covered = max(v.covered, to)
	offset, end := v.span(from, to)
	m := Match{Kind: kind, Value: value, Offset: offset, Length: end - offset, Details: details}
	if !kind.masked() {
		m.Raw = v.raw(value, from, to)
	}
	if v.how != "" {
		m.Details = with(details, "encoding", v.how)
	}
	s.hand(m)
}

func (s *scanner) hand(m Match) {
	if s.holding {
		s.held = append(s.held, m)
		return
	}
	if s.err == nil {
		s.err = s.found(m)
	}
}

// readable reports whether b is text without control characters.
func readable(b []byte) bool {
	for _, c := range b {
		if c < ' ' || c == 0x7F {
			return false
		}
	}
	return utf8.Valid(b)
}

// with returns details and one more.
func with(details map[string]string, name, value string) map[string]string {
	all := map[string]string{name: value}
	for k, v := range details {
		all[k] = v
	}
	return all
}
