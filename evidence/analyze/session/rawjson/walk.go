package rawjson

import (
	"bytes"
	"errors"
	"io"
)

// Action is what Walk does with a value.
type Action uint8

// The actions. To descend into what is neither object nor array is to take it.
const (
	Skip    Action = iota // pass over it
	Take                  // hand it over whole
	Descend               // ask again for each value in it
)

// Element stands in a path for any element of an array.
const Element = "[]"

// Walker is what Walk asks and tells. Paths are names of members, and Element;
// they are good during the call only.
type Walker struct {
	// Plan says what becomes of the value at a path; the root has the empty path.
	Plan func(path []string) Action
	// Take gets a value that was taken, and where it lies.
	Take func(path []string, value Value, at Line) error
	// Bad gets a value that was to be taken and cannot be read.
	Bad func(path []string, at Line, reason string) error
	// End is called behind the last value of what was descended into.
	End func(path []string) error
}

// Walk reads one JSON text of any length from r and hands over the values that
// the plan wants. It holds one of them at a time. It fails with a *SyntaxError,
// whose offset then is that of the stream, where the text cannot be followed any
// further; what was handed over until then stays true.
func Walk(r io.Reader, w Walker) error {
	s := &stream{r: r, buf: make([]byte, blockSize), keep: -1}
	if err := s.walk(&w, nil); err != nil {
		return err
	}
	if _, err := s.next(); err == nil {
		return s.wrong("something follows the JSON value")
	} else if !errors.Is(err, io.EOF) {
		return err
	}
	return nil
}

// stream is a window on the text.
type stream struct {
	r        io.Reader
	buf      []byte
	pos, end int
	keep     int  // where the value begins that is being taken; -1 for none
	tooLong  bool // the value was being taken, and is longer than can be
	base     int64
	lines    int64 // LFs before counted
	counted  int
	err      error
	doc      Doc
	names    Doc
}

func (s *stream) wrong(reason string) error {
	return &SyntaxError{Offset: int(s.base) + s.pos, Reason: reason}
}

func (s *stream) cut() error {
	return &SyntaxError{Offset: int(s.base) + s.pos, Reason: "the JSON value does not end: it is cut off", Cut: true}
}

// here returns the place of the byte at pos.
func (s *stream) here() Line {
	s.count()
	return Line{Number: s.lines + 1, Offset: s.base + int64(s.pos)}
}

func (s *stream) count() {
	s.lines += int64(bytes.Count(s.buf[s.counted:s.pos], []byte{'\n'}))
	s.counted = s.pos
}

// more reads on; false at the end of the stream or when it fails.
func (s *stream) more() bool {
	if s.err != nil {
		return false
	}
	from := s.pos
	if s.keep >= 0 {
		from = s.keep
	}
	if s.counted < from {
		p := s.pos
		s.pos = from
		s.count()
		s.pos = p
	}
	if from > 0 {
		copy(s.buf, s.buf[from:s.end])
		s.end -= from
		s.pos -= from
		s.counted -= from
		s.base += int64(from)
		if s.keep >= 0 {
			s.keep = 0
		}
	}
	if s.end == len(s.buf) {
		s.buf = append(s.buf, make([]byte, min(len(s.buf), MaxBytes))...)
	}
	n, err := s.r.Read(s.buf[s.end:])
	s.end += n
	s.err = err
	return n > 0 || err == nil
}

// next returns the next byte that is no space, without passing it; io.EOF at the
// end.
func (s *stream) next() (byte, error) {
	for {
		for ; s.pos < s.end; s.pos++ {
			switch c := s.buf[s.pos]; c {
			case ' ', '\n', '\t', '\r':
			default:
				return c, nil
			}
		}
		if !s.more() {
			return 0, s.err
		}
	}
}

// expect is next where the text may not end.
func (s *stream) expect() (byte, error) {
	c, err := s.next()
	if errors.Is(err, io.EOF) {
		return 0, s.cut()
	}
	return c, err
}

func (s *stream) walk(w *Walker, path []string) error {
	s.keep = -1
	c, err := s.expect()
	if err != nil {
		return err
	}
	action := w.Plan(path)
	switch {
	case action == Descend && (c == '{' || c == '['):
		if len(path) == MaxDepth {
			return s.wrong("nested deeper than can be read")
		}
		if err := s.inside(w, path, c); err != nil {
			return err
		}
		return w.End(path)
	case action == Skip:
		_, err := s.pass()
		return err
	default:
		return s.take(w, path)
	}
}

// inside walks through the values of a container.
func (s *stream) inside(w *Walker, path []string, opening byte) error {
	s.pos++
	closing, first := opening+2, true // '{'+2 is '}', '['+2 is ']'
	for {
		c, err := s.expect()
		switch {
		case err != nil:
			return err
		case c == closing:
			s.pos++
			return nil
		case !first && c != ',':
			return s.wrong("a comma or an end is missing")
		case !first:
			s.pos++
		}
		first = false
		name := Element
		if opening == '{' {
			if name, err = s.name(); err != nil {
				return err
			}
		}
		if err := s.walk(w, append(path[:len(path):len(path)], name)); err != nil {
			return err
		}
	}
}

// name reads the name of a member and its colon.
func (s *stream) name() (string, error) {
	c, err := s.expect()
	if err != nil {
		return "", err
	}
	if c != '"' {
		return "", s.wrong("the name of a member is missing")
	}
	s.keep = s.pos
	kept, err := s.pass()
	if err != nil {
		return "", err
	}
	if !kept {
		return "", s.wrong("the name of a member is longer than can be read")
	}
	if err := s.names.Parse(s.buf[s.keep:s.pos]); err != nil {
		return "", s.wrong("the name of a member cannot be read")
	}
	name := s.names.Root().Text()
	s.keep = -1
	if c, err = s.expect(); err != nil {
		return "", err
	}
	if c != ':' {
		return "", s.wrong("the colon after a name is missing")
	}
	s.pos++
	return name, nil
}

func (s *stream) take(w *Walker, path []string) error {
	at := s.here()
	s.keep = s.pos
	kept, err := s.pass()
	at.Length = s.base + int64(s.pos) - at.Offset
	if err != nil {
		return err
	}
	if !kept {
		at.TooLong = true
		return w.Bad(path, at, "longer than can be read")
	}
	at.Bytes = s.buf[s.keep:s.pos]
	s.keep = -1
	if err := s.doc.Parse(at.Bytes); err != nil {
		return w.Bad(path, at, reasonOf(err))
	}
	return w.Take(path, s.doc.Root(), at)
}

func reasonOf(err error) string {
	var syntax *SyntaxError
	if errors.As(err, &syntax) {
		return syntax.Reason
	}
	return "not JSON"
}

// bound gives up keeping a value that is longer than can be read.
func (s *stream) bound() {
	if s.keep >= 0 && s.pos-s.keep > MaxBytes {
		s.keep, s.tooLong = -1, true
	}
}

// pass moves behind the value at pos, by its brackets and quotes only. kept is
// false when the value was to be kept and is too long for that.
func (s *stream) pass() (kept bool, err error) {
	s.tooLong = false
	depth := 0
	for {
		s.bound()
		if s.pos == s.end && !s.more() {
			if errors.Is(s.err, io.EOF) {
				return false, s.cut()
			}
			return false, s.err
		}
		switch c := s.buf[s.pos]; c {
		case '"':
			s.pos++
			if err := s.passString(); err != nil {
				return false, err
			}
			if depth == 0 {
				return !s.tooLong, nil
			}
		case '{', '[':
			depth++
			s.pos++
		case '}', ']':
			depth--
			s.pos++
			if depth < 0 {
				return false, s.wrong("an end without a beginning")
			}
			if depth == 0 {
				return !s.tooLong, nil
			}
		default:
			if depth == 0 {
				return s.passWord()
			}
			s.pos++
		}
	}
}

// passWord moves behind a number, true, false or null.
func (s *stream) passWord() (kept bool, err error) {
	for n := 0; ; n++ {
		if s.pos == s.end && !s.more() {
			if errors.Is(s.err, io.EOF) {
				return !s.tooLong, nil
			}
			return false, s.err
		}
		switch s.buf[s.pos] {
		case ',', '}', ']', ' ', '\n', '\t', '\r', ':', '"', '{', '[':
			if n == 0 {
				return false, s.wrong("not a JSON value")
			}
			return !s.tooLong, nil
		}
		if n > 1<<10 {
			return false, s.wrong("not a JSON value")
		}
		s.pos++
	}
}

// passString moves behind the closing quote.
func (s *stream) passString() error {
	for {
		s.pos = special(s.buf[:s.end], s.pos)
		switch {
		case s.pos == s.end:
			if s.bound(); !s.more() {
				if errors.Is(s.err, io.EOF) {
					return s.cut()
				}
				return s.err
			}
		case s.buf[s.pos] == '"':
			s.pos++
			return nil
		case s.buf[s.pos] == '\\':
			for s.end-s.pos < 2 {
				if !s.more() {
					return s.cut()
				}
			}
			s.pos += 2
		default: // a control character: the text of the value says it
			s.pos++
		}
	}
}
