package collection

import "encoding/binary"

// The zip (APPNOTE 6.3) is fixed to the byte. A member of up to maxWhole bytes
// has its length and CRC-32 in its header, so that readers of a zip as a stream
// can read it; a longer one has them in a descriptor behind it, for it is not
// read twice, and is always in the zip64 form, so that nobody has to guess how
// long the descriptor is.
const (
	maxWhole = 16 << 20

	zipVersion = 45         // needed to extract: 4.5, the first with zip64
	zipMadeBy  = 0x032d     // Unix, 4.5
	zipMode    = 0x81240000 // external attributes: a regular file, read-only for all
	zipDate    = 1<<5 | 1   // 1980-01-01: the times are in the manifest
	flagUTF8   = 1 << 11
	flagAfter  = 1 << 3 // CRC-32 and lengths follow the content
	limit32    = 0xffffffff
	limit16    = 0xffff

	localSize      = 30
	centralSize    = 46
	endSize        = 22
	end64Size      = 56
	locatorSize    = 20
	descriptorSize = 24
	localExtra     = 20

	localSignature      = 0x04034b50
	descriptorSignature = 0x08074b50
	centralSignature    = 0x02014b50
	end64Signature      = 0x06064b50
	locatorSignature    = 0x07064b50
	endSignature        = 0x06054b50
)

// member is what the zip says of one of its members.
type member struct {
	name   string
	length int64
	crc    uint32
	offset int64 // of the local header
}

// after reports whether the CRC-32 and the length follow the content.
func (m member) after() bool { return m.length > maxWhole }

// content returns the offset of the first byte of the content.
func (m member) content() int64 {
	n := m.offset + localSize + int64(len(m.name))
	if m.after() {
		n += localExtra
	}
	return n
}

// end returns the offset of what follows the member.
func (m member) end() int64 {
	if m.after() {
		return m.content() + m.length + descriptorSize
	}
	return m.content() + m.length
}

func (m member) flags() uint16 {
	if m.after() {
		return flagUTF8 | flagAfter
	}
	return flagUTF8
}

// appendLocal appends the header before the content.
func appendLocal(b []byte, m member) []byte {
	le := binary.LittleEndian
	b = le.AppendUint32(b, localSignature)
	b = le.AppendUint16(b, zipVersion)
	b = le.AppendUint16(b, m.flags())
	b = le.AppendUint32(b, 0) // stored; time 00:00:00
	b = le.AppendUint16(b, zipDate)
	if m.after() {
		b = le.AppendUint32(b, 0)
		b = le.AppendUint64(b, limit32<<32|limit32)
	} else {
		b = le.AppendUint32(b, m.crc)
		b = le.AppendUint32(b, uint32(m.length))
		b = le.AppendUint32(b, uint32(m.length))
	}
	b = le.AppendUint16(b, uint16(len(m.name)))
	if !m.after() {
		b = le.AppendUint16(b, 0)
		return append(b, m.name...)
	}
	b = le.AppendUint16(b, localExtra)
	b = append(b, m.name...)
	b = append(b, 1, 0, 16, 0)
	return append(b, make([]byte, 16)...)
}

// appendDescriptor appends what follows the content of a member that is longer
// than maxWhole.
func appendDescriptor(b []byte, m member) []byte {
	le := binary.LittleEndian
	b = le.AppendUint32(b, descriptorSignature)
	b = le.AppendUint32(b, m.crc)
	b = le.AppendUint64(b, uint64(m.length))
	return le.AppendUint64(b, uint64(m.length))
}

// extraSize returns the length of the extra field of m's central record.
func (m member) extraSize() int64 {
	n := int64(0)
	if m.after() {
		n += 16
	}
	if m.offset >= limit32 {
		n += 8
	}
	if n > 0 {
		n += 4
	}
	return n
}

// appendCentral appends m's record of the central directory.
func appendCentral(b []byte, m member) []byte {
	le := binary.LittleEndian
	size, offset := uint32(min(m.length, limit32)), uint32(min(m.offset, limit32))
	if m.after() {
		size = limit32
	}
	b = le.AppendUint32(b, centralSignature)
	b = le.AppendUint16(b, zipMadeBy)
	b = le.AppendUint16(b, zipVersion)
	b = le.AppendUint16(b, m.flags())
	b = le.AppendUint32(b, 0)
	b = le.AppendUint16(b, zipDate)
	b = le.AppendUint32(b, m.crc)
	b = le.AppendUint32(b, size)
	b = le.AppendUint32(b, size)
	b = le.AppendUint16(b, uint16(len(m.name)))
	b = le.AppendUint16(b, uint16(m.extraSize()))
	b = append(b, make([]byte, 6)...) // comment length, disk, internal attributes
	b = le.AppendUint32(b, zipMode)
	b = le.AppendUint32(b, offset)
	b = append(b, m.name...)
	if n := m.extraSize(); n > 0 {
		b = append(b, 1, 0, byte(n-4), 0)
		if m.after() {
			b = le.AppendUint64(b, uint64(m.length))
			b = le.AppendUint64(b, uint64(m.length))
		}
		if m.offset >= limit32 {
			b = le.AppendUint64(b, uint64(m.offset))
		}
	}
	return b
}

// directory is the size of the central directory so far, as its records are
// added up.
type directory struct {
	count int64
	size  int64
}

func (d *directory) add(m member) {
	d.count++
	d.size += centralSize + int64(len(m.name)) + m.extraSize()
}

// far reports whether the end needs its zip64 form, where the directory begins
// at offset.
func (d directory) far(offset int64) bool {
	return d.count >= limit16 || d.size >= limit32 || offset >= limit32
}

// endLength returns how many bytes follow the central directory.
func (d directory) endLength(offset int64) int64 {
	if d.far(offset) {
		return end64Size + locatorSize + endSize
	}
	return endSize
}

// appendEnd appends what follows the central directory, which begins at offset.
func (d directory) appendEnd(b []byte, offset int64) []byte {
	le := binary.LittleEndian
	if d.far(offset) {
		b = le.AppendUint32(b, end64Signature)
		b = le.AppendUint64(b, end64Size-12)
		b = le.AppendUint16(b, zipMadeBy)
		b = le.AppendUint16(b, zipVersion)
		b = append(b, make([]byte, 8)...) // disks
		b = le.AppendUint64(b, uint64(d.count))
		b = le.AppendUint64(b, uint64(d.count))
		b = le.AppendUint64(b, uint64(d.size))
		b = le.AppendUint64(b, uint64(offset))
		b = le.AppendUint32(b, locatorSignature)
		b = le.AppendUint32(b, 0)
		b = le.AppendUint64(b, uint64(offset+d.size))
		b = le.AppendUint32(b, 1)
	}
	b = le.AppendUint32(b, endSignature)
	b = append(b, make([]byte, 4)...) // disks
	b = le.AppendUint16(b, uint16(min(d.count, limit16)))
	b = le.AppendUint16(b, uint16(min(d.count, limit16)))
	b = le.AppendUint32(b, uint32(min(d.size, limit32)))
	b = le.AppendUint32(b, uint32(min(offset, limit32)))
	return le.AppendUint16(b, 0) // comment
}
