package indicator

import (
	"bufio"
	"errors"
	"io"
)

// source gives the input one byte a character: UTF-16 code units become ASCII
// where they are, and a byte that no indicator has where they are not, so that
// places in it are places in the input by a factor.
type source struct {
	r    io.Reader
	step int64 // bytes of input a character: 1, or 2 in UTF-16
	lead int64 // bytes of a byte-order mark
	big  bool  // UTF-16 with the high byte first
	raw  []byte
}

// open finds out how the text is encoded.
func (s *source) open() error {
	in := bufio.NewReaderSize(s.r, 64<<10)
	s.r, s.step = in, 1
	head, err := in.Peek(4096)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	switch {
	case len(head) >= 2 && head[0] == 0xFF && head[1] == 0xFE:
		s.step, s.lead = 2, 2
	case len(head) >= 2 && head[0] == 0xFE && head[1] == 0xFF:
		s.step, s.lead, s.big = 2, 2, true
	default:
		s.guess(head)
	}
	_, err = in.Discard(int(s.lead))
	return err
}

// guess takes text for UTF-16 without a mark when most characters have a zero
// byte on the same side, and hardly any on the other.
func (s *source) guess(head []byte) {
	pairs := len(head) / 2
	if pairs < 8 {
		return
	}
	var even, odd int
	for i := 0; i+1 < len(head); i += 2 {
		if head[i] == 0 {
			even++
		}
		if head[i+1] == 0 {
			odd++
		}
	}
	switch {
	case odd*10 >= pairs*6 && even*20 <= pairs:
		s.step = 2
	case even*10 >= pairs*6 && odd*20 <= pairs:
		s.step, s.big = 2, true
	}
}

// read fills p as far as the input goes; io.EOF may come with bytes.
func (s *source) read(p []byte) (int, error) {
	if s.step == 1 {
		return full(s.r, p)
	}
	if cap(s.raw) < 2*len(p) {
		s.raw = make([]byte, 2*len(p))
	}
	n, err := full(s.r, s.raw[:2*len(p)])
	low, high := 0, 1
	if s.big {
		low, high = 1, 0
	}
	for i := range n / 2 {
		p[i] = s.raw[2*i+low]
		if s.raw[2*i+high] != 0 || p[i] >= 0x80 {
			p[i] = 0x80
		}
	}
	return n / 2, err
}

// full reads until p is full or r ends or fails.
func full(r io.Reader, p []byte) (n int, err error) {
	for n < len(p) && err == nil {
		var m int
		m, err = r.Read(p[n:])
		n += m
	}
	return n, err
}
