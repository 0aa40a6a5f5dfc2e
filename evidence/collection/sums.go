package collection

import (
	"crypto/md5"  //nolint:gosec // for lists of known files; nothing is proven by it
	"crypto/sha1" //nolint:gosec // likewise
	"crypto/sha256"
	"fmt"
	"hash"
	"hash/crc32"
	"sync"

	"github.com/sealcase/sealcase/evidence"
)

// sums are the digests of a member.
type sums struct {
	sha256 evidence.Digest
	sha1   SHA1
	md5    MD5
	crc    uint32
}

func crcText(crc uint32) CRC { return CRC(fmt.Sprintf("%08x", crc)) }

// summing computes sums.
type summing struct {
	sha256, sha1, md5 hash.Hash
	crc               uint32
}

func newSumming() *summing {
	return &summing{sha256: sha256.New(), sha1: sha1.New(), md5: md5.New()} //nolint:gosec // as above
}

func (s *summing) reset() {
	s.sha256.Reset()
	s.sha1.Reset()
	s.md5.Reset()
	s.crc = 0
}

// sideBySide is how many bytes are worth hashing in several goroutines.
const sideBySide = 256 << 10

// Write implements io.Writer.
func (s *summing) Write(b []byte) (int, error) {
	s.crc = crc32.Update(s.crc, crc32.IEEETable, b)
	if len(b) < sideBySide {
		s.sha256.Write(b)
		s.sha1.Write(b)
		s.md5.Write(b)
		return len(b), nil
	}
	var wait sync.WaitGroup
	wait.Go(func() { s.md5.Write(b) })
	s.sha256.Write(b)
	s.sha1.Write(b)
	wait.Wait()
	return len(b), nil
}

func (s *summing) sums() sums {
	out := sums{crc: s.crc}
	s.sha256.Sum(out.sha256[:0])
	s.sha1.Sum(out.sha1[:0])
	s.md5.Sum(out.md5[:0])
	return out
}
