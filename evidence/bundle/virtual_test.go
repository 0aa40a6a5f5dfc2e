package bundle_test

import (
	"bytes"
	"io"
	"slices"
)

// virtualFile keeps what is written to it but for long runs of zeros, of which
// it remembers where they are: a file of any size, in memory.
type virtualFile struct {
	parts []part
	size  int64
}

// part is a stretch of a virtualFile; data is nil for zeros.
type part struct {
	from, to int64
	data     []byte
}

var zeros = make([]byte, 1<<20)

// Write implements io.Writer.
func (v *virtualFile) Write(p []byte) (int, error) {
	end := v.size + int64(len(p))
	if len(p) >= 64<<10 && len(p) <= len(zeros) && bytes.Equal(p, zeros[:len(p)]) {
		v.hole(int64(len(p)))
		return len(p), nil
	}
	if n := len(v.parts); n > 0 && v.parts[n-1].data != nil && len(v.parts[n-1].data) < 1<<20 {
		v.parts[n-1].data = append(v.parts[n-1].data, p...)
		v.parts[n-1].to = end
	} else {
		v.parts = append(v.parts, part{v.size, end, slices.Clone(p)})
	}
	v.size = end
	return len(p), nil
}

// hole adds n zeros.
func (v *virtualFile) hole(n int64) {
	if i := len(v.parts); i > 0 && v.parts[i-1].data == nil {
		v.parts[i-1].to += n
	} else {
		v.parts = append(v.parts, part{from: v.size, to: v.size + n})
	}
	v.size += n
}

// ReadAt implements io.ReaderAt.
func (v *virtualFile) ReadAt(p []byte, off int64) (int, error) {
	read := 0
	for read < len(p) {
		i, _ := slices.BinarySearchFunc(v.parts, off, func(x part, off int64) int {
			if x.to <= off {
				return -1
			}
			return 1
		})
		if i == len(v.parts) {
			return read, io.EOF
		}
		x := v.parts[i]
		n := int(min(int64(len(p)-read), x.to-off))
		if x.data == nil {
			clear(p[read : read+n])
		} else {
			copy(p[read:read+n], x.data[off-x.from:])
		}
		read, off = read+n, off+int64(n)
	}
	return read, nil
}

// zeroReader reads left zeros.
type zeroReader struct{ left int64 }

func (z *zeroReader) Read(p []byte) (int, error) {
	if z.left == 0 {
		return 0, io.EOF
	}
	n := int(min(int64(len(p)), z.left))
	clear(p[:n])
	z.left -= int64(n)
	return n, nil
}

func (z *zeroReader) Close() error { return nil }
