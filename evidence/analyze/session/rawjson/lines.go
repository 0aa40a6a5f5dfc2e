package rawjson

import (
	"bytes"
	"errors"
	"io"
)

const blockSize = 256 << 10

// Line is one line of a stream. Its bytes are good until the next one.
type Line struct {
	Number  int64  // from 1
	Offset  int64  // of its first byte
	Length  int64  // without its end
	Bytes   []byte // without its end; nil when it is too long
	TooLong bool   // longer than MaxBytes
	Ended   bool   // by LF; the last line of a log that was cut off is not
}

// Lines splits a stream into lines. It holds one line, however long the stream.
type Lines struct {
	r          io.Reader
	buf        []byte
	start, end int // of what has been read and not been given out
	offset     int64
	number     int64
	err        error
}

// NewLines returns the lines of r.
func NewLines(r io.Reader) *Lines { return &Lines{r: r, buf: make([]byte, blockSize)} }

// Next returns the next line; io.EOF after the last.
func (l *Lines) Next() (Line, error) {
	for searched := l.start; ; {
		if i := bytes.IndexByte(l.buf[searched:l.end], '\n'); i >= 0 {
			return l.take(searched+i, true), nil
		}
		if l.end-l.start > MaxBytes {
			return l.tooLong()
		}
		if l.err != nil {
			if l.start == l.end || !errors.Is(l.err, io.EOF) {
				return Line{}, l.err
			}
			return l.take(l.end, false), nil
		}
		unread := l.end - l.start
		l.fill()
		searched = l.start + unread
	}
}

// take gives out the line that ends before end.
func (l *Lines) take(end int, ended bool) Line {
	l.number++
	line := Line{Number: l.number, Offset: l.offset, Length: int64(end - l.start), Bytes: l.buf[l.start:end], Ended: ended}
	l.start = end
	l.offset += line.Length
	if ended {
		l.start++
		l.offset++
	}
	if line.Length > MaxBytes {
		line.TooLong, line.Bytes = true, nil
	}
	return line
}

// tooLong passes over the rest of a line.
func (l *Lines) tooLong() (Line, error) {
	l.number++
	line := Line{Number: l.number, Offset: l.offset, TooLong: true}
	for {
		if i := bytes.IndexByte(l.buf[l.start:l.end], '\n'); i >= 0 {
			line.Length += int64(i)
			line.Ended = true
			l.start += i + 1
			l.offset += line.Length + 1
			return line, nil
		}
		line.Length += int64(l.end - l.start)
		l.start, l.end = 0, 0
		if l.err != nil {
			l.offset += line.Length
			if errors.Is(l.err, io.EOF) {
				return line, nil
			}
			return Line{}, l.err
		}
		l.fill()
	}
}

// fill reads more behind what there is, in a larger buffer if it must.
func (l *Lines) fill() {
	if l.start > 0 {
		copy(l.buf, l.buf[l.start:l.end])
		l.end -= l.start
		l.start = 0
	}
	if l.end == len(l.buf) {
		l.buf = append(l.buf, make([]byte, min(len(l.buf), MaxBytes))...)
	}
	n, err := l.r.Read(l.buf[l.end:])
	l.end += n
	l.err = err
}
