package custody

import (
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"io"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/state"
)

// openNamed opens the stored object that an entry of a log names, which the caller
// has from the log (caseLog.recorded) and not from anywhere else: the bytes of an
// item, its seal, or a bundle. It refuses an object that is not, by its key, of
// that entry's item or disclosure. Bytes that are read to the end are held against
// the digest that the entry names, and the last of them are not given out when
// they differ: reading fails with Tampered.
func (s *Service) openNamed(ctx context.Context, e evidence.Entry, offset, length int64) (io.ReadCloser, error) {
	named := state.Objects(e)
	if len(named) != 1 || named[0].Version == "" {
		return nil, evidence.Errorf(evidence.Tampered, "the entry %s names no stored object", e.ID)
	}
	if err := s.ownObject(e, named[0]); err != nil {
		return nil, err
	}
	r, err := s.objects.Open(ctx, named[0], offset, length)
	if err != nil {
		return nil, err
	}
	want, size := state.DigestNamed(e)
	if offset != 0 || length >= 0 && (size < 0 || length != size) || want.IsZero() {
		return r, nil
	}
	return &compared{r: r, hash: sha256.New(), want: want}, nil
}

// ownObject returns nil when an object is, by its place, what an entry may name.
func (s *Service) ownObject(e evidence.Entry, ref evidence.ObjectRef) error {
	var key string
	bucket := s.objects.Buckets().Evidence
	switch e.Act {
	case evidence.ActReceived:
		key = dataKey(e.Case, e.Item)
	case evidence.ActSealed:
		key = sealKey(e.Case, e.Item)
	case evidence.ActDisclosed:
		place := s.bundleRef(evidence.Disclosure{Case: e.Case, ID: evidence.DisclosureID(e.Details["disclosure"])}, bundleName)
		bucket, key = place.Bucket, place.Key
	}
	if ref.Bucket != bucket || ref.Key != key {
		return evidence.Errorf(evidence.Tampered, "the entry %s names an object that is not its own; nothing is read, tell the supervisor", e.ID)
	}
	return nil
}

// ownData returns nil when what is said to be the bytes of an item is, by its
// place, of that item.
func (s *Service) ownData(it evidence.Item) error {
	if it.Data.Bucket != s.objects.Buckets().Evidence || it.Data.Key != dataKey(it.Case, it.ID) || it.Data.Version == "" {
		return evidence.Errorf(evidence.Tampered, "what is said to be the bytes of exhibit %d are those of something else; nothing is read, tell the supervisor", it.Exhibit)
	}
	return nil
}

// compared reads bytes and compares their digest at the end. It gives out each
// block when there is another one after it, and the last when the digest is right.
type compared struct {
	r    io.ReadCloser
	hash hash.Hash
	want evidence.Digest
	held []byte // read and not given out
	err  error  // of the end
}

// comparedBlock is how many bytes are held back at most, but for one read.
const comparedBlock = 64 << 10

// Read implements io.Reader.
func (c *compared) Read(p []byte) (int, error) {
	for c.err == nil && len(c.held) <= comparedBlock {
		block := make([]byte, comparedBlock)
		n, err := io.ReadFull(c.r, block)
		c.hash.Write(block[:n])
		c.held = append(c.held, block[:n]...)
		if errors.Is(err, io.ErrUnexpectedEOF) {
			err = io.EOF
		}
		if errors.Is(err, io.EOF) && evidence.Digest(c.hash.Sum(nil)) != c.want {
			err = evidence.Errorf(evidence.Tampered, "the stored bytes are not those that were recorded: their SHA-256 differs; nothing more is given out, tell the supervisor")
			c.held = nil
		}
		c.err = err
	}
	if len(c.held) == 0 {
		return 0, c.err
	}
	most := len(c.held)
	if c.err == nil {
		most -= comparedBlock
	}
	n := copy(p, c.held[:most])
	c.held = c.held[n:]
	return n, nil
}

// Close implements io.Closer.
func (c *compared) Close() error { return c.r.Close() }
