package indicator

import (
	"errors"
	"io"
	"slices"
)

const (
	windowSize = 256 << 10
	maxToken   = MaxLength
	// overlap is kept of a window for the next one: a token that begins before
	// it, and what belongs to it behind it, is always whole.
	overlap = maxToken + 512
	// lookBehind is kept in front of where the next window begins, for what
	// must not precede a match.
	lookBehind = 2
)

// Scan reads r to its end and calls found for each match. Matches do not
// overlap; they come in the order of the text, but for those that have no blank
// between them. It
// reads UTF-8 and other supersets of ASCII, and UTF-16 of either byte order with
// or without a mark. It stops with the error of r or of found.
func Scan(r io.Reader, found func(Match) error) error {
	s := &scanner{class: classes(), found: found, source: source{r: r}}
	if err := s.source.open(); err != nil {
		return err
	}
	buffer := make([]byte, 0, windowSize+overlap+lookBehind)
	at := 0 // where the next token may begin
	for {
		n, err := s.source.read(buffer[len(buffer):cap(buffer)])
		buffer = buffer[:len(buffer)+n]
		end := errors.Is(err, io.EOF)
		if err != nil && !end {
			return err
		}
		limit := len(buffer)
		if !end {
			limit = max(at, len(buffer)-overlap)
		}
		at = s.window(buffer, at, limit)
		if s.err != nil || end {
			return s.err
		}
		keep := max(0, at-lookBehind)
		copy(buffer, buffer[keep:])
		buffer = buffer[:len(buffer)-keep]
		s.base += int64(keep)
		at -= keep
		for i := range s.taken {
			s.taken[i].from, s.taken[i].to = s.taken[i].from-keep, s.taken[i].to-keep
		}
	}
}

// scanner works on one window after the other.
type scanner struct {
	source source
	class  [256]byte
	found  func(Match) error
	base   int64  // units of the input before the window
	taken  []span // of matches in this token, or reaching into it
	err    error
}

// span is a part of the window.
type span struct{ from, to int }

// The bits of a byte's class.
const (
	isDigit byte = 1 << iota
	isDot
	isAt
	isColon
	isBackslash
	isBracket
	isWord // may be in a word: letters, digits and . - _ @ + %
	isBreak
)

// classes returns the class of every byte.
func classes() (c [256]byte) {
	for i := range c {
		b := byte(i)
		switch {
		case b <= ' ' || b >= 0x7F, b == '"', b == '\'', b == '<', b == '>', b == '`', b == ',', b == ';', b == '|':
			c[i] = isBreak
		case b >= '0' && b <= '9':
			c[i] = isDigit | isWord
		case letter(b):
			c[i] = isWord
		}
	}
	c['.'], c['@'] = isDot|isWord, isAt|isWord
	c['-'], c['_'], c['+'], c['%'] = isWord, isWord, isWord, isWord
	c[':'], c['\\'] = isColon, isBackslash
	c['['], c['('], c['{'] = isBracket, isBracket, isBracket
	return c
}

// window looks at all tokens that begin before limit, and returns where the
// next one may begin.
func (s *scanner) window(buffer []byte, at, limit int) int {
	for at < limit && s.err == nil {
		if s.class[buffer[at]]&isBreak != 0 {
			at++
			continue
		}
		end, kinds := at, byte(0)
		for last := min(len(buffer), at+maxToken); end < last; end++ {
			c := s.class[buffer[end]]
			if c&isBreak != 0 {
				break
			}
			kinds |= c
		}
		if end-at == maxToken {
			end = s.cut(buffer, at, end)
		}
		s.taken = slices.DeleteFunc(s.taken, func(t span) bool { return t.to <= at })
		if worth(kinds, end-at) {
			s.token(buffer, at, end, kinds)
		}
		at = end
	}
	return at
}

// worth reports whether a token can hold an indicator.
func worth(kinds byte, length int) bool {
	return length >= 4 && kinds&(isDigit|isDot|isAt|isColon|isBackslash) != 0 || length >= 8 && kinds&isBracket != 0
}

// cut ends a token without a break where a word ends, so that no word is
// halved.
func (s *scanner) cut(buffer []byte, at, end int) int {
	for i := end - 1; i > at; i-- {
		if s.class[buffer[i]]&isWord == 0 {
			return i
		}
	}
	return end
}

// emit hands on a match of buffer[from:to].
func (s *scanner) emit(buffer []byte, kind Kind, value string, from, to int, details map[string]string) {
	if s.err != nil || s.overlaps(from, to) {
		return
	}
	s.taken = append(s.taken, span{from, to})
	raw := string(buffer[from:to])
	if raw == value || kind == Card || kind == AWSKey {
		raw = ""
	}
	s.err = s.found(Match{
		Kind: kind, Value: value, Raw: raw, Details: details,
		Offset: s.source.lead + (s.base+int64(from))*s.source.step, Length: int64(to-from) * s.source.step,
	})
}

// overlaps reports whether part of a place is matched already.
func (s *scanner) overlaps(from, to int) bool {
	return slices.ContainsFunc(s.taken, func(t span) bool { return from < t.to && t.from < to })
}

func letter(b byte) bool { return b|0x20 >= 'a' && b|0x20 <= 'z' }
func digit(b byte) bool  { return b >= '0' && b <= '9' }
func alnum(b byte) bool  { return digit(b) || letter(b) }
