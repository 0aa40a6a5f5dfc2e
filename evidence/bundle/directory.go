package bundle

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/sealcase/sealcase/evidence"
)

// Limits of what a verifier takes in, so that a hostile file cannot exhaust
// its memory. FORMAT.md states them.
const (
	maxMembers = 1 << 20
	maxName    = 255 // of a member, with the base directory
)

// directory is the central directory of a zip as the file has it: claims that
// the walk through the file compares with what is there.
type directory struct {
	members []member
	stamps  []stamp
	offset  int64 // where it begins, by its own account
}

// readDirectory reads the end of the file and the central directory. A fault
// means that they cannot be read; an error is the reader's.
func readDirectory(r io.ReaderAt, size int64) (directory, *fault, error) {
	count, offset, length, f, err := readEnd(r, size)
	if f != nil || err != nil {
		return directory{}, f, err
	}
	d := directory{offset: offset}
	in := bufio.NewReaderSize(io.NewSectionReader(r, offset, length), 64<<10)
	for i := range count {
		m, at, err := readRecord(in)
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, errRecord) {
			f := faultf(evidence.Malformed, "record %d of the zip's directory cannot be read", i)
			return directory{}, &f, nil
		}
		if err != nil {
			return directory{}, nil, err
		}
		d.members, d.stamps = append(d.members, m), append(d.stamps, at)
	}
	if _, err := in.Peek(1); err != io.EOF {
		f := faultf(evidence.Malformed, "the zip's directory has more in it than the %d records that its end announces", count)
		return directory{}, &f, nil
	}
	return d, nil, nil
}

// readEnd returns what the end of the file says of the central directory.
func readEnd(r io.ReaderAt, size int64) (count int, offset, length int64, _ *fault, _ error) {
	le := binary.LittleEndian
	broken := func(format string, args ...any) (int, int64, int64, *fault, error) {
		f := faultf(evidence.Malformed, format, args...)
		return 0, 0, 0, &f, nil
	}
	var tail [end64Size + locatorSize + endSize]byte
	n := min(size, int64(len(tail)))
	if err := readAt(r, tail[int64(len(tail))-n:], size-n); err != nil {
		return 0, 0, 0, nil, err
	}
	end := tail[end64Size+locatorSize:]
	if size < endSize || le.Uint32(end) != endSignature {
		return broken("the file does not end as a zip does: it is cut off, something was added to it, or it is another kind of file")
	}
	records, begin, long := uint64(le.Uint16(end[10:])), uint64(le.Uint32(end[16:])), uint64(le.Uint32(end[12:]))
	after := int64(endSize)
	if records == limit16 || begin == limit32 || long == limit32 {
		if le.Uint32(tail[:]) != end64Signature {
			return broken("the zip's end says that a zip64 end stands before it, and there is none")
		}
		records, begin, long = le.Uint64(tail[32:]), le.Uint64(tail[48:]), le.Uint64(tail[40:])
		after = int64(len(tail))
	}
	if records > maxMembers {
		return broken("the zip has %d members; at most %d are read", records, maxMembers)
	}
	if records == 0 || long > uint64(size) || begin > uint64(size) || int64(begin+long) > size-after {
		return broken("the zip's directory is not where its end says")
	}
	return int(records), int64(begin), int64(long), nil, nil
}

// readAt fills p from offset on.
func readAt(r io.ReaderAt, p []byte, offset int64) error {
	n, err := r.ReadAt(p, offset)
	if n == len(p) {
		return nil
	}
	return fmt.Errorf("reading %d bytes at offset %d: %w", len(p), offset, err)
}

// errRecord says that bytes are not a record of a central directory.
var errRecord = evidence.Errorf(evidence.Malformed, "not a record of the directory")

// notInMember reports whether r has no place in the name of a member.
func notInMember(r rune) bool {
	return (r < 'a' || r > 'z') && (r < 'A' || r > 'Z') && (r < '0' || r > '9') && !strings.ContainsRune("._-/", r)
}

// readRecord reads one record of the central directory.
func readRecord(in io.Reader) (member, stamp, error) {
	le := binary.LittleEndian
	var h [centralSize]byte
	if _, err := io.ReadFull(in, h[:]); err != nil {
		return member{}, 0, err
	}
	nameLength, extraLength := int(le.Uint16(h[28:])), int(le.Uint16(h[30:]))
	if le.Uint32(h[:]) != centralSignature || nameLength > maxName || extraLength > 28 || le.Uint16(h[32:]) != 0 {
		return member{}, 0, errRecord
	}
	text := make([]byte, nameLength+extraLength)
	if _, err := io.ReadFull(in, text); err != nil {
		return member{}, 0, err
	}
	m := member{
		name: string(text[:nameLength]), crc: le.Uint32(h[16:]),
		length: int64(le.Uint32(h[24:])), offset: int64(le.Uint32(h[42:])),
	}
	extra := bytes.TrimPrefix(text[nameLength:], []byte{1, 0, byte(max(extraLength-4, 0)), 0})
	if m.length == limit32 && len(extra) >= 16 {
		m.length, extra = int64(le.Uint64(extra)), extra[16:]
	}
	if m.offset == limit32 && len(extra) >= 8 {
		m.offset = int64(le.Uint64(extra))
	}
	if m.length < 0 || m.offset < 0 || strings.ContainsFunc(m.name, notInMember) {
		return member{}, 0, errRecord
	}
	return m, stamp(uint32(le.Uint16(h[14:]))<<16 | uint32(le.Uint16(h[12:]))), nil
}
