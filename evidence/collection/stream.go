package collection

import (
	"context"
	"crypto/sha256"
	"encoding"
	"errors"
	"hash"
	"hash/crc32"
	"io"
	"slices"
	"sort"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// Source opens the files of a plan.
type Source interface {
	// Open opens the file of a line. That it fails is on record in the manifest,
	// and ends nothing.
	Open(ctx context.Context, l Line) (Content, error)
}

// Content is an open file.
type Content interface {
	io.ReadCloser
	// Seen says, after what was planned has been read, whether the file shows a
	// change since it was planned: Whole, Grown (it only became longer) or Mixed.
	Seen() State
}

// Stream reads a collection from its first byte to its last. It is an io.Reader;
// whoever stops earlier closes it. What reading found is in the plan then.
type Stream struct {
	plan *Plan
	from Source
	ctx  context.Context // an io.Reader has no other way to be cancelled
	// Report is told of each file that is not whole, and why. May be nil.
	Report func(l Line, why error)

	room []byte // memory of what is given out, used again
	out  []byte // not given out yet
	sum  hash.Hash
	pos  int64 // of the first byte of out
	made int64 // bytes that were made: pos and len(out)

	part  part
	next  int // line, within part
	sums  *summing
	large *large
	tree  ledger.Tree
	at    int64 // of the next member in the directory
	marks []mark
}

// part is where in the zip a stream is.
type part int

const (
	inMembers part = iota
	inManifest
	inDirectory
	inEnd
	atEnd
)

// large is a member that does not fit into memory, as it is read.
type large struct {
	line  int
	in    Content // nil after it failed
	left  int64
	got   int64
	state State
	why   error
}

// mark is a place that a stream can go back to: the beginning of a member.
type mark struct {
	pos   int64
	next  int
	state []byte // of sum
}

const (
	pieceSize = 1 << 20
	markEvery = 4 << 20 // bytes between two marks, at least
)

// NewStream returns a stream of the plan's bytes, of the files that from opens.
func NewStream(ctx context.Context, p *Plan, from Source) *Stream {
	return &Stream{plan: p, from: from, ctx: ctx, sum: sha256.New(), sums: newSumming()}
}

// Read implements io.Reader. It fails only when ctx ends, or the plan's own
// length is not kept, which is a fault of the program.
func (s *Stream) Read(b []byte) (int, error) {
	for len(s.out) == 0 {
		if s.part == atEnd {
			return 0, io.EOF
		}
		if err := s.ctx.Err(); err != nil {
			return 0, err
		}
		if err := s.fill(); err != nil {
			return 0, err
		}
		s.made += int64(len(s.out))
		s.sum.Write(s.out)
		if s.made > s.plan.length || s.part == atEnd && s.made != s.plan.length {
			return 0, evidence.Errorf(evidence.Internal, "a collection has %d bytes where %d were planned", s.made, s.plan.length)
		}
	}
	n := copy(b, s.out)
	s.out = s.out[n:]
	s.pos += int64(n)
	return n, nil
}

// Digest returns the SHA-256 of all that was made so far: after the end, of the
// collection.
func (s *Stream) Digest() evidence.Digest { return evidence.Digest(s.sum.Sum(nil)) }

// Collection returns what the manifest turned out to be. It is complete after
// the end.
func (s *Stream) Collection() evidence.Collection {
	c := s.plan.Collection()
	c.Root = evidence.Digest(s.tree.Root())
	return c
}

// Close closes what is open.
func (s *Stream) Close() error {
	if s.large == nil || s.large.in == nil {
		return nil
	}
	err := s.large.in.Close()
	s.large = nil
	return err
}

// SeekTo goes back to an offset that the stream has been at, or on to it: what
// lies between the last mark before it and there is made again.
func (s *Stream) SeekTo(offset int64) error {
	if offset < s.pos {
		if err := s.goBack(offset); err != nil {
			return err
		}
	}
	_, err := io.CopyN(io.Discard, s, offset-s.pos)
	return err
}

// goBack restores the last mark at or before offset.
func (s *Stream) goBack(offset int64) error {
	if err := s.Close(); err != nil {
		return err
	}
	i := sort.Search(len(s.marks), func(i int) bool { return s.marks[i].pos > offset }) - 1
	m := mark{}
	if i >= 0 {
		m = s.marks[i]
	}
	s.marks = slices.Delete(s.marks, max(i+1, 0), len(s.marks))
	s.sum.Reset()
	if m.state != nil {
		if err := s.sum.(encoding.BinaryUnmarshaler).UnmarshalBinary(m.state); err != nil {
			return err
		}
	}
	s.out, s.pos, s.made, s.part, s.next, s.large, s.at, s.tree = nil, m.pos, m.pos, inMembers, m.next, nil, 0, ledger.Tree{}
	return nil
}

// mark notes that the stream is at the beginning of a member.
func (s *Stream) mark() error {
	if n := len(s.marks); n > 0 && s.made-s.marks[n-1].pos < markEvery {
		return nil
	}
	state, err := s.sum.(encoding.BinaryMarshaler).MarshalBinary()
	if err == nil {
		s.marks = append(s.marks, mark{pos: s.made, next: s.next, state: state})
	}
	return err
}

// fill makes the next bytes.
func (s *Stream) fill() error {
	switch {
	case s.large != nil:
		return s.more()
	case s.part == inMembers:
		return s.nextMember()
	case s.part == inManifest:
		return s.nextLines()
	case s.part == inDirectory:
		return s.nextRecords()
	default:
		s.out = s.plan.dir.appendEnd(s.room[:0], s.plan.manifest.end())
		s.part = atEnd
		return nil
	}
}

// turn goes on to the next part.
func (s *Stream) turn(to part) { s.part, s.next = to, 0 }

// nextMember makes a member that fits into memory, or the beginning of one that
// does not.
func (s *Stream) nextMember() error {
	if err := s.mark(); err != nil {
		return err
	}
	for ; s.next < len(s.plan.lines); s.next++ {
		l := &s.plan.lines[s.next]
		if l.Member == "" {
			continue
		}
		s.next++
		m := member{name: l.Member, length: *l.Length}
		if !m.after() {
			return s.small(l, m)
		}
		s.beginLarge(s.next - 1)
		s.out = appendLocal(s.room[:0], m)
		return nil
	}
	s.turn(inManifest)
	return nil
}

// open opens the file of a line; nil when it cannot be.
func (s *Stream) open(l Line) (Content, error) {
	in, err := s.from.Open(s.ctx, l)
	if err != nil {
		return nil, err
	}
	return in, nil
}

// report tells of a file that is not whole.
func (s *Stream) report(l *Line, why error) {
	if l.State != Whole && s.Report != nil {
		s.Report(*l, why)
	}
}

// small makes a member that is read whole before its header is written.
func (s *Stream) small(l *Line, m member) error {
	head := int(m.content())
	s.room = slices.Grow(s.room[:0], head+int(m.length))[:head+int(m.length)]
	content := s.room[head:]
	in, why := s.open(*l)
	got, state := 0, Failed
	if why == nil {
		got, state, why = readWhole(in, content)
		why = errors.Join(why, in.Close())
	}
	if err := s.ctx.Err(); err != nil {
		return err
	}
	clear(content[got:])
	s.sums.reset()
	_, _ = s.sums.Write(content) // never fails
	l.found(s.sums.sums(), state, int64(got))
	s.report(l, why)
	m.crc = s.sums.crc
	appendLocal(s.room[:0], m)
	s.out = s.room
	return nil
}

// readWhole reads a file into content, and says how that went.
func readWhole(in Content, content []byte) (got int, state State, why error) {
	got, err := io.ReadFull(in, content)
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return got, Short, nil
	case err != nil:
		return got, Failed, err
	}
	return got, afterwards(in), nil
}

// afterwards says how reading went of a file that gave all that was planned.
func afterwards(in Content) State {
	state := in.Seen()
	if state != Whole {
		return state
	}
	if n, _ := io.ReadFull(in, make([]byte, 1)); n > 0 {
		return Grown
	}
	return Whole
}

func (s *Stream) beginLarge(line int) {
	l := s.plan.lines[line]
	s.sums.reset()
	s.large = &large{line: line, left: *l.Length, state: Whole}
	if s.large.in, s.large.why = s.open(l); s.large.why != nil {
		s.large.in, s.large.state = nil, Failed
	}
}

// more makes the next piece of a member that does not fit into memory, or what
// follows it.
func (s *Stream) more() error {
	c := s.large
	l := &s.plan.lines[c.line]
	if c.left == 0 {
		if c.in != nil {
			c.state = afterwards(c.in)
			c.why = errors.Join(c.why, c.in.Close())
		}
		l.found(s.sums.sums(), c.state, c.got)
		s.large = nil
		s.report(l, c.why)
		s.out = appendDescriptor(s.room[:0], member{name: l.Member, length: *l.Length, crc: s.sums.crc})
		return nil
	}
	n := int(min(pieceSize, c.left))
	s.room = slices.Grow(s.room[:0], n)[:n]
	got := c.read(s.room)
	if err := s.ctx.Err(); err != nil {
		return err
	}
	clear(s.room[got:])
	_, _ = s.sums.Write(s.room) // never fails
	c.left -= int64(n)
	s.out = s.room
	return nil
}

// read reads a piece; from where the file ends or fails there is nothing more.
func (c *large) read(piece []byte) int {
	if c.in == nil {
		return 0
	}
	n, err := io.ReadFull(c.in, piece)
	c.got += int64(n)
	switch {
	case err == nil:
		return n
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		c.state = Short
	default:
		c.state, c.why = Failed, err
	}
	c.why = errors.Join(c.why, c.in.Close())
	c.in = nil
	return n
}

// nextLines makes the manifest, whole if it fits into memory.
func (s *Stream) nextLines() error {
	m := &s.plan.manifest
	s.out = s.room[:0]
	if s.next == 0 {
		s.tree, s.sums.crc = ledger.Tree{}, 0
		s.out = appendLocal(s.out, *m)
	}
	head := len(s.out)
	if s.next > 0 {
		head = 0
	}
	for ; s.next <= len(s.plan.lines) && (!m.after() || len(s.out) < pieceSize); s.next++ {
		text, err := s.plan.text(s.next)
		if err != nil {
			return err
		}
		s.tree.Append(ledger.LeafHash(text))
		s.out = append(append(s.out, text...), '\n')
	}
	s.room = s.out[:0]
	s.sums.crc = crc32.Update(s.sums.crc, crc32.IEEETable, s.out[head:])
	if s.next <= len(s.plan.lines) {
		return nil
	}
	m.crc = s.sums.crc
	if m.after() {
		s.out = appendDescriptor(s.out, *m)
	} else {
		appendLocal(s.out[:0], *m)
	}
	s.turn(inDirectory)
	return nil
}

// nextRecords makes records of the central directory.
func (s *Stream) nextRecords() error {
	s.out = s.room[:0]
	for ; s.next < len(s.plan.lines) && len(s.out) < pieceSize; s.next++ {
		if l := s.plan.lines[s.next]; l.Member != "" {
			m, err := l.member(s.at)
			if err != nil {
				return err
			}
			s.at = m.end()
			s.out = appendCentral(s.out, m)
		}
	}
	if s.next == len(s.plan.lines) {
		s.out = appendCentral(s.out, s.plan.manifest)
		s.turn(inEnd)
	}
	s.room = s.out[:0]
	return nil
}
