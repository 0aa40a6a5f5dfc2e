package indicator

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// source fills windows with the input, or with what it is decoded to.
type source struct {
	in     *bufio.Reader
	json   bool
	decode decoder // nil: the input is searched as it is
	at     int64   // of the input, that has been read
	done   bool
}

// decoder decodes a stream.
type decoder interface {
	// next appends to v what the next bytes of in are, which are at an offset of
	// the input, and returns how many it read: never more than a piece.
	next(in *bufio.Reader, at int64, v *view) (int, error)
}

// pieceSize is what a decoder may read at once; it gives no more bytes than
// three times as many.
const pieceSize = 8 << 10

// open finds out how the input is encoded.
func open(r io.Reader) (*source, error) {
	s := &source{in: bufio.NewReaderSize(r, 16<<10)}
	head, err := s.in.Peek(8 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	lead := 0
	if big, mark, wide := wideText(head); wide {
		s.decode = &wideDecoder{big: big}
		lead = mark
		s.json = isJSON(narrow(head[mark:], big))
	} else if isMail(head) {
		s.decode = newMail()
	} else {
		s.json = isJSON(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")))
	}
	_, err = s.in.Discard(lead)
	s.at = int64(lead)
	return s, err
}

// fill reads until the window is full or the input ends.
func (s *source) fill(v *view) (end bool, err error) {
	for !s.done {
		var n int
		if s.decode == nil {
			if len(v.b) == cap(v.b) {
				return false, nil
			}
			n, err = s.in.Read(v.b[len(v.b):cap(v.b)])
			v.b = v.b[:len(v.b)+n]
		} else {
			if cap(v.b)-len(v.b) < 3*pieceSize+8 {
				return false, nil
			}
			if v.at == nil {
				v.at = make([]place, 0, cap(v.b))
			}
			n, err = s.decode.next(s.in, s.at, v)
		}
		s.at += int64(n)
		if errors.Is(err, io.EOF) {
			s.done, err = true, nil
		}
		if err != nil {
			return false, err
		}
	}
	return true, nil
}

// isJSON reports whether text begins as a JSON text with strings does
// (RFC 8259), or as lines of them.
func isJSON(head []byte) bool {
	head = bytes.TrimLeft(head, " \t\r\n")
	if len(head) == 0 || head[0] != '{' && head[0] != '[' {
		return false
	}
	next := bytes.TrimLeft(head[1:], " \t\r\n")
	if len(next) == 0 {
		return false
	}
	return next[0] == '"' || head[0] == '[' && next[0] == '{'
}
