package exhibit

import (
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"io"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/state"
)

// OpenNamed opens the stored object that an entry of a log names, which the caller
// has from the log (logbook.Log.Entry) and not from anywhere else: the bytes of an
// item, its seal, or a bundle. It refuses an object that is not, by its key, of
// that entry's item or disclosure. Bytes that are read to the end are held against
// the digest that the entry names, and the last of them are not given out when
// they differ: reading fails with Tampered.
func (x *Exhibits) OpenNamed(ctx context.Context, e evidence.Entry, offset, length int64) (io.ReadCloser, error) {
	named := state.Objects(e)
	if len(named) != 1 || named[0].Version == "" {
		return nil, evidence.Errorf(evidence.Tampered, "the entry %s names no stored object", e.ID)
	}
	if err := x.ownObject(e, named[0]); err != nil {
		return nil, err
	}
	r, err := x.objects.Open(ctx, named[0], offset, length)
	if err != nil {
		return nil, err
	}
	want, size := state.DigestNamed(e)
	if offset != 0 || length >= 0 && (size < 0 || length != size) || want.IsZero() {
		return r, nil
	}
	return newCompared(r, want), nil
}

// ownObject returns nil when an object is, by its place, what an entry may name.
func (x *Exhibits) ownObject(e evidence.Entry, ref evidence.ObjectRef) error {
	var key string
	bucket := x.objects.Buckets().Evidence
	switch e.Act {
	case evidence.ActReceived:
		key = evidence.DataKey(e.Case, e.Item)
	case evidence.ActSealed:
		key = evidence.SealKey(e.Case, e.Item)
	case evidence.ActDisclosed:
		bucket = x.objects.Buckets().Bundles
		key = evidence.BundleKey(e.Case, evidence.DisclosureID(e.Details["disclosure"]), evidence.BundleName)
	}
	if ref.Bucket != bucket || ref.Key != key {
		return evidence.Errorf(evidence.Tampered, "the entry %s names an object that is not its own; nothing is read, tell the supervisor", e.ID)
	}
	return nil
}

// OwnData returns nil when what is said to be the bytes of an item is, by its
// place, of that item.
func (x *Exhibits) OwnData(it evidence.Item) error {
	if it.Data.Bucket != x.objects.Buckets().Evidence || it.Data.Key != evidence.DataKey(it.Case, it.ID) || it.Data.Version == "" {
		return evidence.Errorf(evidence.Tampered, "what is said to be the bytes of exhibit %d are those of something else; nothing is read, tell the supervisor", it.Exhibit)
	}
	return nil
}

// compared reads bytes and compares their digest at the end. It gives out what it
// read when there is more behind it, and the last block when the digest is right.
type compared struct {
	r          io.ReadCloser
	hash       hash.Hash
	want       evidence.Digest
	buf        []byte // two blocks
	start, end int    // in buf, of what was read and not given out
	err        error  // of the end
}

// comparedBlock is how many bytes are held back at most.
const comparedBlock = 64 << 10

func newCompared(r io.ReadCloser, want evidence.Digest) *compared {
	return &compared{r: r, hash: sha256.New(), want: want, buf: make([]byte, 2*comparedBlock)}
}

// Read implements io.Reader.
func (c *compared) Read(p []byte) (int, error) {
	for c.err == nil && c.end-c.start <= comparedBlock {
		c.fill()
	}
	most := c.end - c.start
	if c.err == nil {
		most -= comparedBlock
	}
	if most == 0 {
		return 0, c.err
	}
	n := copy(p, c.buf[c.start:c.start+most])
	c.start += n
	return n, nil
}

// fill reads the next block behind what is held.
func (c *compared) fill() {
	c.end = copy(c.buf, c.buf[c.start:c.end])
	c.start = 0
	n, err := io.ReadFull(c.r, c.buf[c.end:c.end+comparedBlock])
	c.hash.Write(c.buf[c.end : c.end+n])
	c.end += n
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		c.err = io.EOF
		if evidence.Digest(c.hash.Sum(nil)) != c.want {
			c.start = c.end
			c.err = evidence.Errorf(evidence.Tampered, "the stored bytes are not those that were recorded: their SHA-256 differs; nothing more is given out, tell the supervisor")
		}
	case err != nil:
		c.err = err
	}
}

// Close implements io.Closer.
func (c *compared) Close() error { return c.r.Close() }
