package bundle

import (
	"encoding/binary"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

// The zip of a bundle is fixed to the byte (FORMAT.md section 2). Writer and
// verifier both take the bytes from here, so that they cannot disagree.
const (
	zipVersion  = 45         // needed to extract: 4.5, the first with zip64
	zipMadeBy   = 0x032d     // Unix, 4.5
	zipFlags    = 0x0808     // bit 3: sizes follow the data; bit 11: names are UTF-8
	zipMode     = 0x81240000 // external attributes: a regular file, read-only for all
	limit32     = 0xffffffff // a value that reaches it is in the zip64 form
	limit16     = 0xffff
	localSize   = 30
	centralSize = 46
	endSize     = 22
	end64Size   = 56
	locatorSize = 20

	localSignature      = 0x04034b50
	descriptorSignature = 0x08074b50
	centralSignature    = 0x02014b50
	end64Signature      = 0x06064b50
	locatorSignature    = 0x07064b50
	endSignature        = 0x06054b50
)

// stamp is a date (high half) and a time (low half) as MS-DOS has them.
type stamp uint32

// stampOf returns at, in UTC and cut to two seconds, as a stamp; ok is false
// outside of the years 1980 to 2107.
func stampOf(at evidence.Instant) (s stamp, ok bool) {
	t := at.Time().UTC()
	year := t.Year() - 1980
	if at.IsZero() || year < 0 || year > 127 {
		return 0, false
	}
	date := year<<9 | int(t.Month())<<5 | t.Day()
	clock := t.Hour()<<11 | t.Minute()<<5 | t.Second()/2
	return stamp(date<<16 | clock), true
}

// Time returns the stamp as a time in UTC.
func (s stamp) Time() time.Time {
	d, c := int(s>>16), int(s&limit16)
	return time.Date(1980+d>>9, time.Month(d>>5&15), d&31, c>>11, c>>5&63, c&31*2, 0, time.UTC)
}

// member is one file of a bundle, as its zip describes it.
type member struct {
	name   string // with the base directory
	length int64
	offset int64 // of the local header
	crc    uint32
	sum    evidence.Digest // of the content; not part of the zip
}

func (m member) large() bool { return m.length >= limit32 }

// descriptorSize is the length of what follows the content of m.
func (m member) descriptorSize() int64 {
	if m.large() {
		return 24
	}
	return 16
}

// appendLocal appends the local header of m, name included.
func appendLocal(b []byte, m member, at stamp) []byte {
	le := binary.LittleEndian
	b = le.AppendUint32(b, localSignature)
	b = le.AppendUint16(b, zipVersion)
	b = le.AppendUint16(b, zipFlags)
	b = le.AppendUint16(b, 0) // stored
	b = le.AppendUint16(b, uint16(at))
	b = le.AppendUint16(b, uint16(at>>16))
	b = le.AppendUint32(b, 0) // CRC-32: in the descriptor
	size, extra := uint32(0), uint16(0)
	if m.large() {
		size, extra = limit32, 20
	}
	b = le.AppendUint32(b, size)
	b = le.AppendUint32(b, size)
	b = le.AppendUint16(b, uint16(len(m.name)))
	b = le.AppendUint16(b, extra)
	b = append(b, m.name...)
	if m.large() {
		b = le.AppendUint16(b, 1) // zip64
		b = le.AppendUint16(b, 16)
		b = append(b, make([]byte, 16)...)
	}
	return b
}

// appendDescriptor appends the data descriptor, which follows m's content.
func appendDescriptor(b []byte, m member) []byte {
	le := binary.LittleEndian
	b = le.AppendUint32(b, descriptorSignature)
	b = le.AppendUint32(b, m.crc)
	if m.large() {
		b = le.AppendUint64(b, uint64(m.length))
		return le.AppendUint64(b, uint64(m.length))
	}
	b = le.AppendUint32(b, uint32(m.length))
	return le.AppendUint32(b, uint32(m.length))
}

// appendCentral appends m's record of the central directory.
func appendCentral(b []byte, m member, at stamp) []byte {
	le := binary.LittleEndian
	var extra []byte
	size, offset := uint32(m.length), uint32(m.offset)
	if m.large() {
		size = limit32
		extra = le.AppendUint64(extra, uint64(m.length))
		extra = le.AppendUint64(extra, uint64(m.length))
	}
	if m.offset >= limit32 {
		offset = limit32
		extra = le.AppendUint64(extra, uint64(m.offset))
	}
	if len(extra) > 0 {
		extra = append([]byte{1, 0, byte(len(extra)), 0}, extra...)
	}
	b = le.AppendUint32(b, centralSignature)
	b = le.AppendUint16(b, zipMadeBy)
	b = le.AppendUint16(b, zipVersion)
	b = le.AppendUint16(b, zipFlags)
	b = le.AppendUint16(b, 0) // stored
	b = le.AppendUint16(b, uint16(at))
	b = le.AppendUint16(b, uint16(at>>16))
	b = le.AppendUint32(b, m.crc)
	b = le.AppendUint32(b, size)
	b = le.AppendUint32(b, size)
	b = le.AppendUint16(b, uint16(len(m.name)))
	b = le.AppendUint16(b, uint16(len(extra)))
	b = append(b, make([]byte, 6)...) // comment length, disk, internal attributes
	b = le.AppendUint32(b, zipMode)
	b = le.AppendUint32(b, offset)
	b = append(b, m.name...)
	return append(b, extra...)
}

// appendEnd appends what follows a central directory of count records that
// begins at offset and has size bytes.
func appendEnd(b []byte, count int, offset, size int64) []byte {
	le := binary.LittleEndian
	if count >= limit16 || offset >= limit32 || size >= limit32 {
		b = le.AppendUint32(b, end64Signature)
		b = le.AppendUint64(b, end64Size-12)
		b = le.AppendUint16(b, zipMadeBy)
		b = le.AppendUint16(b, zipVersion)
		b = append(b, make([]byte, 8)...) // disks
		b = le.AppendUint64(b, uint64(count))
		b = le.AppendUint64(b, uint64(count))
		b = le.AppendUint64(b, uint64(size))
		b = le.AppendUint64(b, uint64(offset))
		b = le.AppendUint32(b, locatorSignature)
		b = le.AppendUint32(b, 0)
		b = le.AppendUint64(b, uint64(offset+size))
		b = le.AppendUint32(b, 1)
	}
	b = le.AppendUint32(b, endSignature)
	b = append(b, make([]byte, 4)...) // disks
	b = le.AppendUint16(b, uint16(min(count, limit16)))
	b = le.AppendUint16(b, uint16(min(count, limit16)))
	b = le.AppendUint32(b, uint32(min(size, limit32)))
	b = le.AppendUint32(b, uint32(min(offset, limit32)))
	return le.AppendUint16(b, 0) // comment
}
