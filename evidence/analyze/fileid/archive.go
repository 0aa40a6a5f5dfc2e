package fileid

import (
	"bytes"
	"encoding/binary"
	"io"
	"strings"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/analyze"
)

// A zip says what it holds in its central directory, at the end. The tail that
// is kept bounds the memory; a directory that does not fit is counted as far
// as it does, and the finding says so.
const (
	tailSize     = 4 << 20
	maxExpansion = 100            // times the archive's length ...
	minExpansion = int64(1 << 30) // ... and at least this much, is a bomb

	endRecord = "PK\x05\x06" // end of central directory (APPNOTE 4.3.16)
	dirRecord = "PK\x01\x02" // one member of it (APPNOTE 4.3.12)
)

// archive counts the members of a zip and adds up what they claim to hold.
func archive(content io.Reader, emit func(evidence.Finding) error) error {
	tail, length, err := readTail(content)
	if err != nil {
		return err
	}
	end := bytes.LastIndex(tail, []byte(endRecord))
	if end < 0 || len(tail)-end < 22 {
		return emit(evidence.Finding{Kind: KindArchive, Value: "unknown", Length: length,
			Details: map[string]string{"note": "the archive has no directory: it is cut off or damaged"}})
	}
	declared := int(binary.LittleEndian.Uint16(tail[end+10:]))
	size := int(binary.LittleEndian.Uint32(tail[end+12:]))
	m := walk(tail[max(0, end-min(size, end)):end])
	details := map[string]string{"unpacked": count(m.bytes), "encrypted": count(m.encrypted)}
	if m.members != int64(declared) && declared != 0xFFFF { // which stands for zip64
		details["note"] = "the directory declares " + count(int64(declared)) + " members; this many are there to read"
	}
	if m.unsafe > 0 {
		details["unsafe_names"] = count(m.unsafe)
	}
	found := evidence.Finding{Kind: KindArchive, Value: count(m.members), Length: length, Details: details}
	if err := emit(found); err != nil {
		return err
	}
	if m.bytes >= minExpansion && m.bytes/max(length, 1) >= maxExpansion {
		return emit(evidence.Finding{Kind: KindBomb, Value: count(m.bytes / max(length, 1)), Length: length,
			Details: map[string]string{"unpacked": count(m.bytes)}})
	}
	return nil
}

// members is what a central directory says.
type members struct {
	members, bytes, encrypted, unsafe int64
}

func walk(dir []byte) members {
	var m members
	if i := bytes.Index(dir, []byte(dirRecord)); i > 0 {
		dir = dir[i:]
	}
	for len(dir) >= 46 && bytes.HasPrefix(dir, []byte(dirRecord)) {
		name := int(binary.LittleEndian.Uint16(dir[28:]))
		next := 46 + name + int(binary.LittleEndian.Uint16(dir[30:])) + int(binary.LittleEndian.Uint16(dir[32:]))
		if len(dir) < next {
			break
		}
		m.members++
		m.bytes = min(m.bytes+unpacked(dir[:next]), 1<<60)
		if binary.LittleEndian.Uint16(dir[8:])&1 != 0 {
			m.encrypted++
		}
		if escapes(string(dir[46 : 46+name])) {
			m.unsafe++
		}
		dir = dir[next:]
	}
	return m
}

// unpacked returns the length that a member claims to have: that of the zip64
// field (APPNOTE 4.5.3) when it does not fit.
func unpacked(member []byte) int64 {
	length := binary.LittleEndian.Uint32(member[24:])
	if length != 0xFFFFFFFF {
		return int64(length)
	}
	extra := member[46+int(binary.LittleEndian.Uint16(member[28:])):]
	for len(extra) >= 12 {
		size := int(binary.LittleEndian.Uint16(extra[2:]))
		if binary.LittleEndian.Uint16(extra) == 1 && size >= 8 {
			return int64(min(binary.LittleEndian.Uint64(extra[4:]), 1<<60))
		}
		extra = extra[min(len(extra), 4+size):]
	}
	return int64(length)
}

// escapes reports whether a member's name would leave the folder into which
// it is unpacked.
func escapes(name string) bool {
	name = strings.ReplaceAll(name, `\`, "/")
	return strings.HasPrefix(name, "/") || strings.Contains("/"+name+"/", "/../") || strings.ContainsRune(name, 0)
}

// readTail reads to the end and returns the last bytes and the length of all.
func readTail(r io.Reader) (tail []byte, length int64, err error) {
	buffer := make([]byte, 0, 64<<10)
	piece := make([]byte, 64<<10)
	for {
		n, err := r.Read(piece)
		length += int64(n)
		buffer = append(buffer, piece[:n]...)
		if len(buffer) > 2*tailSize {
			buffer = append(buffer[:0], buffer[len(buffer)-tailSize:]...)
		}
		if err == io.EOF {
			return buffer[max(0, len(buffer)-tailSize):], length, nil
		}
		if err != nil {
			return nil, length, err
		}
	}
}

var _ analyze.Analyzer = Analyzer{}
