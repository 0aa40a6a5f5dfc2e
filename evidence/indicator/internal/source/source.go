// Package source reads the input in windows: as it is, or decoded to UTF-8 from
// UTF-16 and from the quoted-printable of mail. Each byte that it gives knows its
// place in the input.
package source

import (
	"bufio"
	"bytes"
	"errors"
	"io"
)

// Source fills windows with the input, or with what it is decoded to.
type Source struct {
	in     *bufio.Reader
	JSON   bool    // begins as JSON, or as lines of it
	decode decoder // nil: the input is searched as it is
	at     int64   // of the input, that has been read
	done   bool
}

// Window is text in UTF-8, and for each byte its place in the input; without
// places where it is the input as it is.
type Window struct {
	B  []byte
	At []Place
}

// decoder decodes a stream.
type decoder interface {
	// next appends to v what the next bytes of in are, which are at an offset of
	// the input, and returns how many it read: never more than a piece.
	next(in *bufio.Reader, at int64, v *Window) (int, error)
}

// pieceSize is what a decoder may read at once; it gives no more bytes than
// three times as many.
const pieceSize = 8 << 10

// Open finds out how the input is encoded.
func Open(r io.Reader) (*Source, error) {
	s := &Source{in: bufio.NewReaderSize(r, 16<<10)}
	head, err := s.in.Peek(8 << 10)
	if err != nil && !errors.Is(err, io.EOF) {
		return nil, err
	}
	lead := 0
	if big, mark, wide := wideText(head); wide {
		s.decode = &wideDecoder{big: big}
		lead = mark
		s.JSON = IsJSON(narrow(head[mark:], big))
	} else if isMail(head) {
		s.decode = newMail()
	} else {
		s.JSON = IsJSON(bytes.TrimPrefix(head, []byte("\xEF\xBB\xBF")))
	}
	_, err = s.in.Discard(lead)
	s.at = int64(lead)
	return s, err
}

// Fill reads until the window is full, which its capacity says, or the input
// ends.
func (s *Source) Fill(v *Window) (end bool, err error) {
	for !s.done {
		var n int
		if s.decode == nil {
			if len(v.B) == cap(v.B) {
				return false, nil
			}
			n, err = s.in.Read(v.B[len(v.B):cap(v.B)])
			v.B = v.B[:len(v.B)+n]
		} else {
			if cap(v.B)-len(v.B) < 3*pieceSize+8 {
				return false, nil
			}
			if v.At == nil {
				v.At = make([]Place, 0, cap(v.B))
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

// IsJSON reports whether text begins as a JSON text with strings does
// (RFC 8259), or as lines of them.
func IsJSON(head []byte) bool {
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

// Place is where a byte comes from: offset and length in the input.
type Place int64

const widthBits = 14

// PlaceOf returns the place of a byte that that many bytes of the input became;
// a greater width than it can hold becomes the greatest.
func PlaceOf(offset, width int64) Place { return Place(offset<<widthBits | min(width, 1<<widthBits-1)) }

// Offset returns where the first byte is.
func (p Place) Offset() int64 { return int64(p) >> widthBits }

// End returns what is behind the last byte.
func (p Place) End() int64 { return p.Offset() + int64(p)&(1<<widthBits-1) }
