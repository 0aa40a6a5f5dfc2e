package collection

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"hash/crc32"
	"io"
	"strconv"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
	"github.com/sealcase/sealcase/evidence/ledger"
)

// Open opens length bytes of a collection from offset on.
type Open func(ctx context.Context, offset, length int64) (io.ReadCloser, error)

// At returns an Open of bytes that can be read anywhere.
func At(r io.ReaderAt) Open {
	return func(_ context.Context, offset, length int64) (io.ReadCloser, error) {
		return io.NopCloser(io.NewSectionReader(r, offset, length)), nil
	}
}

// Counts is what a collection holds.
type Counts struct {
	Files   int64 // whose bytes are here
	Bytes   int64 // of them
	Folders int64
	Links   int64
	Others  int64
	Missing int64 // what could not be read, or not whole
}

// Checked is what Check found in a collection that is good.
type Checked struct {
	Counts
	Header Header
	Digest evidence.Digest // SHA-256 of all its bytes, which were read once from the first to the last
}

// Check reads a collection of size bytes and returns nil when it is, byte for
// byte, what its manifest calls for, and its manifest is the one that is claimed.
// It fails with Malformed where it is no collection, with Tampered where bytes
// are not those of which the manifest speaks, and with what open and its readers
// fail with. progress may be nil.
func Check(ctx context.Context, open Open, size int64, claimed evidence.Collection, progress func(read int64)) (Checked, error) {
	if claimed.Leaves < 1 || claimed.Leaves > MaxLines || claimed.Manifest < localSize || claimed.Manifest >= size {
		return Checked{}, malformed("the manifest cannot be where it is said to be")
	}
	lines, err := openLines(ctx, open, size, claimed)
	if err != nil {
		return Checked{}, err
	}
	defer lines.Close()
	all, err := open(ctx, 0, size)
	if err != nil {
		return Checked{}, err
	}
	defer all.Close()
	room := int(min(size, pieceSize))
	c := &checking{in: bufio.NewReaderSize(all, room), sum: sha256.New(), sums: newSumming(), piece: make([]byte, room), progress: progress, ctx: ctx}
	if err := c.members(lines); err != nil {
		return Checked{}, err
	}
	if err := c.manifest(lines, claimed); err != nil {
		return Checked{}, err
	}
	if err := c.records(ctx, open, size, claimed, lines); err != nil {
		return Checked{}, err
	}
	return Checked{Counts: c.counts, Header: lines.header, Digest: evidence.Digest(c.sum.Sum(nil))}, nil
}

// checking walks through a collection from its first byte to its last.
type checking struct {
	ctx      context.Context
	in       *bufio.Reader
	pos      int64
	sum      hash.Hash // of all
	sums     *summing  // of a member
	piece    []byte
	counts   Counts
	dir      directory
	progress func(int64)
}

// take reads exactly n bytes, at most a piece.
func (c *checking) take(n int) ([]byte, error) {
	if n > len(c.piece) {
		return nil, malformed("the collection ends too early")
	}
	b := c.piece[:n]
	if err := readFull(c.in, b); err != nil {
		return nil, err
	}
	c.sum.Write(b)
	c.pos += int64(n)
	if c.progress != nil {
		c.progress(c.pos)
	}
	return b, c.ctx.Err()
}

func readFull(r io.Reader, b []byte) error {
	_, err := io.ReadFull(r, b)
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return malformed("the collection ends too early")
	}
	return err
}

// expect reads as many bytes as want has, which must be those.
func (c *checking) expect(want []byte, what string) error {
	at := c.pos
	for len(want) > 0 {
		n := min(len(want), max(len(c.piece), 1))
		got, err := c.take(n)
		if err != nil {
			return err
		}
		if !bytes.Equal(got, want[:n]) {
			return malformed("%s at offset %d is not the one that it must be", what, at)
		}
		want = want[n:]
	}
	return nil
}

// members checks the members against the lines, one by one.
func (c *checking) members(lines *Lines) error {
	for {
		l, err := lines.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		c.counts.add(l)
		if l.Member == "" {
			continue
		}
		m, err := l.member(c.pos)
		if err != nil {
			return err
		}
		if err := c.expect(appendLocal(nil, m), "the header of a member"); err != nil {
			return err
		}
		if err := c.content(l); err != nil {
			return err
		}
		if m.after() {
			if err := c.expect(appendDescriptor(nil, m), "what follows a member"); err != nil {
				return err
			}
		}
	}
}

func (n *Counts) add(l Line) {
	switch {
	case l.Member != "":
		n.Files++
		n.Bytes += *l.Length
	case l.Kind == Folder:
		n.Folders++
	case l.Kind == Link:
		n.Links++
	case l.Kind != File:
		n.Others++
	}
	if l.Missing() {
		n.Missing++
	}
}

// content checks the bytes of a member.
func (c *checking) content(l Line) error {
	c.sums.reset()
	got, _ := strconv.ParseInt(l.Got, 10, 64) // which was checked
	for left := *l.Length; left > 0; {
		b, err := c.take(int(min(left, pieceSize)))
		if err != nil {
			return err
		}
		_, _ = c.sums.Write(b) // never fails
		if rest := b[min(max(got, 0), int64(len(b))):]; len(bytes.Trim(rest, "\x00")) > 0 {
			return malformed("the member %s goes on where the source gave nothing", l.Member)
		}
		got -= int64(len(b))
		left -= int64(len(b))
	}
	s := c.sums.sums()
	if s.sha256 != l.Digest || s.sha1 != l.SHA1 || s.md5 != l.MD5 || crcText(s.crc) != l.CRC {
		return evidence.Errorf(evidence.Tampered, "the member %s is not what the manifest says: its digests differ", l.Member)
	}
	return nil
}

// manifest checks the manifest where it stands in the zip, after its lines were
// read once.
func (c *checking) manifest(lines *Lines, claimed evidence.Collection) error {
	m := member{name: manifestName, length: lines.length, crc: lines.crc, offset: c.pos}
	if m.content() != claimed.Manifest {
		return malformed("the manifest does not follow the members")
	}
	if root := evidence.Digest(lines.tree.Root()); root != claimed.Root {
		return evidence.Errorf(evidence.Tampered, "the manifest is not the one that was received: the root of its tree is %s, not %s", root, claimed.Root)
	}
	if err := c.expect(appendLocal(nil, m), "the header of the manifest"); err != nil {
		return err
	}
	again := sha256.New()
	for left := m.length; left > 0; {
		b, err := c.take(int(min(left, pieceSize)))
		if err != nil {
			return err
		}
		again.Write(b)
		left -= int64(len(b))
	}
	if !bytes.Equal(again.Sum(nil), lines.sum.Sum(nil)) {
		return evidence.Errorf(evidence.Tampered, "storage gave two different manifests")
	}
	c.dir = directory{}
	if m.after() {
		return c.expect(appendDescriptor(nil, m), "what follows the manifest")
	}
	return nil
}

// records checks the central directory and the end, with the lines read again.
func (c *checking) records(ctx context.Context, open Open, size int64, claimed evidence.Collection, first *Lines) error {
	start := c.pos
	lines, err := openLines(ctx, open, size, claimed)
	if err != nil {
		return err
	}
	defer lines.Close()
	at := int64(0)
	record := func(m member) error {
		c.dir.add(m)
		at = m.end()
		return c.expect(appendCentral(nil, m), "a record of the directory")
	}
	for {
		l, err := lines.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return err
		}
		if l.Member == "" {
			continue
		}
		m, err := l.member(at)
		if err != nil {
			return err
		}
		if err := record(m); err != nil {
			return err
		}
	}
	if err := record(member{name: manifestName, length: first.length, crc: first.crc, offset: at}); err != nil {
		return err
	}
	if err := c.expect(c.dir.appendEnd(nil, start), "the end"); err != nil {
		return err
	}
	if c.pos != size {
		return malformed("%d bytes follow the end of the collection", size-c.pos)
	}
	return nil
}

// member returns what the zip has of the file of a line, at an offset.
func (l Line) member(offset int64) (member, error) {
	crc, err := strconv.ParseUint(string(l.CRC), 16, 32)
	if err != nil {
		return member{}, malformed("a CRC-32 is not one")
	}
	return member{name: l.Member, length: *l.Length, crc: uint32(crc), offset: offset}, nil
}

// Lines reads the lines of a manifest one after another, and adds up what they
// make.
type Lines struct {
	header Header
	in     *bufio.Reader
	closer io.Closer
	next   int64 // index of the line that Next returns
	leaves int64
	last   evidence.FileName
	at     int64 // of the member of the next line that has one
	offset int64 // of the member of the line that Next returned, its content
	raw    []byte
	leaf   ledger.Hash // of the line that was read last
	tree   ledger.Tree
	sum    hash.Hash
	crc    uint32
	length int64
}

// openLines opens the manifest that is claimed.
func openLines(ctx context.Context, open Open, size int64, claimed evidence.Collection) (*Lines, error) {
	r, err := open(ctx, claimed.Manifest, size-claimed.Manifest)
	if err != nil {
		return nil, err
	}
	l := &Lines{in: bufio.NewReaderSize(r, int(min(64<<10, size-claimed.Manifest))), closer: r, leaves: claimed.Leaves, sum: sha256.New()}
	text, err := l.line()
	if err == nil {
		l.header, err = readHeader(text)
	}
	if err == nil && l.header.Entries != claimed.Leaves-1 {
		err = malformed("the manifest has %d lines by its first, and %d by the receipt", l.header.Entries+1, claimed.Leaves)
	}
	if err != nil {
		return nil, errors.Join(err, r.Close())
	}
	return l, nil
}

// Close closes the manifest.
func (l *Lines) Close() error { return l.closer.Close() }

// Header returns the manifest's first line.
func (l *Lines) Header() Header { return l.header }

// Next returns the next line; io.EOF after the last.
func (l *Lines) Next() (Line, error) {
	if l.next == l.leaves {
		return Line{}, io.EOF
	}
	index := l.next
	text, err := l.line()
	if err != nil {
		return Line{}, err
	}
	line, err := ReadLine(text, index)
	if err != nil {
		return Line{}, err
	}
	if index > 1 && Compare(l.last, line.Path) >= 0 {
		return Line{}, malformed("line %d of the manifest is not in its place", index)
	}
	l.last = line.Path
	if line.Member != "" {
		m := member{name: line.Member, length: *line.Length, offset: l.at}
		l.offset, l.at = m.content(), m.end()
	}
	return line, nil
}

// line reads the text of the next line.
func (l *Lines) line() ([]byte, error) {
	l.raw = l.raw[:0]
	for {
		part, err := l.in.ReadSlice('\n')
		l.raw = append(l.raw, part...)
		if err == nil {
			break
		}
		if errors.Is(err, io.EOF) {
			return nil, malformed("the manifest ends too early")
		}
		if !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err
		}
		if len(l.raw) > canon.MaxSize {
			return nil, malformed("a line of the manifest is too long")
		}
	}
	l.sum.Write(l.raw)
	l.crc = crc32.Update(l.crc, crc32.IEEETable, l.raw)
	l.length += int64(len(l.raw))
	l.next++
	text := l.raw[:len(l.raw)-1]
	l.leaf = ledger.LeafHash(text)
	l.tree.Append(l.leaf)
	return text, nil
}
