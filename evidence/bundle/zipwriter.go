package bundle

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"hash/crc32"
	"io"

	"github.com/sealcase/sealcase/evidence"
)

// zipWriter writes the zip of a bundle as a stream. It keeps a line a member,
// for the manifests and the central directory.
type zipWriter struct {
	to      io.Writer
	at      stamp
	sum     hash.Hash // of everything written
	offset  int64
	members []member
	scratch []byte
}

func newZipWriter(to io.Writer, at stamp) *zipWriter {
	return &zipWriter{to: to, at: at, sum: sha256.New()}
}

// Write writes p as it is; zipWriter's methods use it.
func (z *zipWriter) Write(p []byte) (int, error) {
	n, err := z.to.Write(p)
	z.sum.Write(p[:n])
	z.offset += int64(n)
	return n, err
}

// unknown is the length of a member that is known only once it is written;
// it must stay under 4 GiB.
const unknown = -1

// add writes one member, whose content fill writes.
func (z *zipWriter) add(name string, length int64, fill func(io.Writer) error) (member, error) {
	m := member{name: name, length: max(length, 0), offset: z.offset}
	z.scratch = appendLocal(z.scratch[:0], m, z.at)
	if _, err := z.Write(z.scratch); err != nil {
		return member{}, fmt.Errorf("writing the header of %s: %w", name, err)
	}
	start := z.offset
	crc, sum := crc32.NewIEEE(), sha256.New()
	if err := fill(io.MultiWriter(z, crc, sum)); err != nil {
		return member{}, err
	}
	written := z.offset - start
	switch {
	case length == unknown && written >= limit32:
		return member{}, evidence.Errorf(evidence.TooLarge, "%s has more than 4 GiB", name)
	case length != unknown && written != length:
		return member{}, evidence.Errorf(evidence.Tampered, "%s should have %d bytes and has %d", name, length, written)
	}
	m.length, m.crc, m.sum = written, crc.Sum32(), evidence.Digest(sum.Sum(nil))
	z.scratch = appendDescriptor(z.scratch[:0], m)
	if _, err := z.Write(z.scratch); err != nil {
		return member{}, fmt.Errorf("writing the end of %s: %w", name, err)
	}
	z.members = append(z.members, m)
	return m, nil
}

// close writes the central directory and the end.
func (z *zipWriter) close() error {
	start := z.offset
	for _, m := range z.members {
		z.scratch = appendCentral(z.scratch[:0], m, z.at)
		if _, err := z.Write(z.scratch); err != nil {
			return fmt.Errorf("writing the directory of the zip: %w", err)
		}
	}
	z.scratch = appendEnd(z.scratch[:0], len(z.members), start, z.offset-start)
	if _, err := z.Write(z.scratch); err != nil {
		return fmt.Errorf("writing the end of the zip: %w", err)
	}
	return nil
}
