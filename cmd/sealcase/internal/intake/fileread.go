package intake

import (
	"bytes"
	"crypto/sha256"
	"hash"
	"io"
	"os"

	"github.com/sealcase/sealcase/evidence"
)

// fileContent is a file that is being sent by itself.
type fileContent struct {
	source Source
	file   *os.File
	data   io.Reader // of the file, or what was read of one whose length the system does not know
	hash   hash.Hash
	size   int64
	pos    int64
}

// read prepares an open file to be sent. A file of which the system does not know
// the length, as those of /proc, is read to its end first.
func (s Source) read(file *os.File) (*fileContent, error) {
	c := &fileContent{source: s, file: file, data: file, hash: sha256.New(), size: s.Info.Size()}
	if !virtual(s.Info) {
		return c, nil
	}
	data, err := readToEnd(file)
	if err != nil {
		return nil, evidence.WrapError(evidence.Incomplete, err, "the file cannot be read: %s", reason(err))
	}
	c.data, c.size = bytes.NewReader(data), int64(len(data))
	return c, nil
}

// Read implements io.Reader.
func (c *fileContent) Read(b []byte) (int, error) {
	n, err := c.data.Read(b)
	c.hash.Write(b[:n])
	c.pos += int64(n)
	return n, err
}

// Close implements io.Closer.
func (c *fileContent) Close() error { return c.file.Close() }

func (c *fileContent) seek(offset int64) error {
	if offset < c.pos {
		if _, err := c.data.(io.Seeker).Seek(0, io.SeekStart); err != nil {
			return err
		}
		c.hash.Reset()
		c.pos = 0
	}
	_, err := io.CopyN(io.Discard, c, offset-c.pos)
	return err
}

func (c *fileContent) unchanged() error {
	if c.data != c.file { // its size says nothing
		return nil
	}
	return c.source.unchanged(c.file)
}

func (c *fileContent) digest() evidence.Digest { return evidence.Digest(c.hash.Sum(nil)) }

func (c *fileContent) collection() evidence.Collection { return evidence.Collection{} }

func (c *fileContent) finish(*progress) {}
