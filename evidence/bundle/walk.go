package bundle

import (
	"bufio"
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"strings"

	"github.com/sealcase/sealcase/evidence"
)

// walk reads a file from its first byte to its last, hashes every member, and
// compares each byte that is not content with the one that must be there. It
// is what makes every byte of the file accounted for.
type walk struct {
	in      *bufio.Reader
	sum     hash.Hash // of the file
	size    int64
	pos     int64
	at      stamp
	buffer  []byte
	problem func(where string, f fault)
}

func newWalk(r io.ReaderAt, size int64, at stamp, problem func(string, fault)) *walk {
	buffer := int(min(size+1, chunk))
	return &walk{
		in: bufio.NewReaderSize(io.NewSectionReader(r, 0, size), buffer), sum: sha256.New(),
		size: size, at: at, buffer: make([]byte, buffer), problem: problem,
	}
}

// Read implements io.Reader; every byte read goes into the digest of the file.
func (w *walk) Read(p []byte) (int, error) {
	n, err := w.in.Read(p)
	w.sum.Write(p[:n])
	w.pos += int64(n)
	return n, err
}

// rest reads what is left, for the digest of the file.
func (w *walk) rest(ctx context.Context) error {
	return copyBytes(ctx, io.Discard, w, w.buffer, func(int64) {})
}

// members walks through the members that the directory claims, and fills in
// where they are and what they hash to. It returns false when it lost its way:
// what follows could not be told apart.
func (w *walk) members(ctx context.Context, members []member, each func(member)) (bool, error) {
	for i := range members {
		m := &members[i]
		m.offset = w.pos
		ok, err := w.local(*m)
		if err != nil || !ok {
			return ok, err
		}
		if m.length > w.size-w.pos {
			w.problem(where(*m, w.pos), faultf(evidence.Malformed, "it should have %d bytes, the file has %d more", m.length, w.size-w.pos))
			return false, nil
		}
		crc, sum := crc32.NewIEEE(), sha256.New()
		if err := copyBytes(ctx, io.MultiWriter(crc, sum), io.LimitReader(w, m.length), w.buffer, func(int64) {}); err != nil {
			return false, err
		}
		m.sum = evidence.Digest(sum.Sum(nil))
		if ok, err := w.descriptor(m, crc.Sum32()); err != nil || !ok {
			return ok, err
		}
		each(*m)
	}
	return true, nil
}

// local compares the local header of m.
func (w *walk) local(m member) (bool, error) {
	start := w.pos
	want := appendLocal(nil, m, w.at)
	got, err := w.take(len(want))
	if err != nil {
		return false, err
	}
	i := firstDifference(want, got)
	if i < 0 {
		return true, nil
	}
	w.problem(where(m, start+int64(i)), faultf(evidence.Malformed, "the header of this member is not the one that it must have"))
	// A member begins here at all, and is the one that the directory names, when
	// signature, lengths and name are right.
	there := len(got) == len(want) && bytes.Equal(got[:4], want[:4]) && bytes.Equal(got[26:], want[26:])
	return there, nil
}

// descriptor compares what follows the content of m, which has the CRC-32 crc.
// Where header and descriptor agree on another one, the content is at fault.
func (w *walk) descriptor(m *member, crc uint32) (bool, error) {
	start := w.pos
	claimed := *m
	m.crc = crc
	want := appendDescriptor(nil, *m)
	got, err := w.take(len(want))
	switch {
	case err != nil:
		return false, err
	case bytes.Equal(want, got):
		return true, nil
	case bytes.Equal(appendDescriptor(nil, claimed), got):
		m.crc = claimed.crc
		w.problem(shown(*m), faultf(evidence.Tampered, "its content is not what was written: the CRC-32 differs"))
		return true, nil
	}
	at := start + int64(firstDifference(want, got))
	w.problem(where(*m, at), faultf(evidence.Malformed, "what follows this member is not the descriptor that it must have"))
	return len(got) == len(want), nil
}

// end compares the central directory and the end with what must be there.
func (w *walk) end(ctx context.Context, members []member) error {
	start := w.pos
	for _, m := range members {
		if ok, err := w.compare(appendCentral(nil, m, w.at), shown(m)); err != nil || !ok {
			return err
		}
	}
	if ok, err := w.compare(appendEnd(nil, len(members), start, w.pos-start), "the end of the zip"); err != nil || !ok {
		return err
	}
	if left := w.size - w.pos; left > 0 {
		w.problem(fmt.Sprintf("offset %d", w.pos), faultf(evidence.Malformed, "%d bytes follow the end of the zip", left))
	}
	return ctx.Err()
}

// compare reads as many bytes as want has. It returns false when the bytes
// that follow cannot be told apart any more.
func (w *walk) compare(want []byte, of string) (bool, error) {
	start := w.pos
	got, err := w.take(len(want))
	if err != nil {
		return false, err
	}
	i := firstDifference(want, got)
	if i < 0 {
		return true, nil
	}
	w.problem(fmt.Sprintf("offset %d", start+int64(i)), faultf(evidence.Malformed, "the zip's directory is not the one that it must have (%s)", of))
	return len(got) == len(want) && bytes.Equal(got[:4], want[:4]), nil
}

// take reads n bytes, or fewer where the file ends.
func (w *walk) take(n int) ([]byte, error) {
	p := make([]byte, n)
	read, err := io.ReadFull(w, p)
	if err == io.EOF || err == io.ErrUnexpectedEOF {
		err = nil
	}
	return p[:read], err
}

// firstDifference returns the index of the first byte of want that got does
// not have, or -1.
func firstDifference(want, got []byte) int {
	for i := range want {
		if i >= len(got) || want[i] != got[i] {
			return i
		}
	}
	return -1
}

// shown returns the name of m within the bag, for people.
func shown(m member) string {
	name := m.name
	if _, rest, ok := strings.Cut(name, "/"); ok {
		name = rest
	}
	return evidence.FileName(name).Display()
}

func where(m member, offset int64) string { return fmt.Sprintf("%s, offset %d", shown(m), offset) }
