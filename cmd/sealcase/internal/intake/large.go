package intake

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/sealcase/sealcase/cmd/sealcase/internal/client"
	"github.com/sealcase/sealcase/evidence"
)

// content is what is sent, from its first byte to its last.
type content interface {
	io.ReadCloser
	// seek goes to an offset, with all before it hashed.
	seek(offset int64) error
	// unchanged fails when what was read cannot be kept.
	unchanged() error
	// digest returns the SHA-256 of what was read.
	digest() evidence.Digest
	// collection returns what was read when it is one; complete at the end.
	collection() evidence.Collection
	// finish adds to the record of what is in the case.
	finish(p *progress)
}

// large sends from where the server has it: first all but the end, hashed while
// it is read, then the end with the digest before it.
func (u *upload) large(ctx context.Context) error {
	offset, err := u.begin(ctx)
	if err != nil {
		return err
	}
	// What the server has is read again: the digest is of what is there now.
	if err := u.skip(offset); err != nil {
		return err
	}
	if middle := u.size - lastChunk - offset; middle > 0 {
		body := &metered{r: io.LimitReader(u.content, middle), tell: u.tell}
		sent, err := u.sender.Server.SendChunk(ctx, u.progress.Upload, offset, body, middle, client.Ending{})
		if err != nil {
			return err
		}
		if sent.Offset != offset+middle {
			return evidence.Errorf(evidence.Incomplete, "the server has %d bytes of %d", sent.Offset, u.size)
		}
		offset = sent.Offset
	}
	end := make([]byte, u.size-offset)
	if err := u.readEnd(end); err != nil {
		return err
	}
	sent, err := u.sender.Server.SendChunk(ctx, u.progress.Upload, offset, bytes.NewReader(end), int64(len(end)), u.ending())
	if err != nil {
		return err
	}
	if sent.Item == "" {
		return evidence.Errorf(evidence.Incomplete, "the server has %d bytes of %d", sent.Offset, u.size)
	}
	u.tell(int64(len(end)))
	return u.done(sent)
}

// readEnd reads what is left, which must be that many bytes, and holds the whole
// against the source.
func (u *upload) readEnd(end []byte) error {
	if _, err := io.ReadFull(u.content, end); err != nil {
		if evidence.CodeOf(err) == evidence.Internal && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, io.EOF) {
			return fmt.Errorf("reading what is to be sent: %w", err)
		}
		return evidence.WrapError(evidence.Conflict, err, "%s", errChanged().Error())
	}
	return u.content.unchanged()
}

// begin returns the server's offset of the upload, which it begins if needed.
func (u *upload) begin(ctx context.Context) (int64, error) {
	if u.progress.Upload != "" {
		sent, err := u.sender.Server.UploadOffset(ctx, u.progress.Upload)
		return sent.Offset, err
	}
	sent, err := u.sender.Server.CreateUpload(ctx, u.key(), u.about, nil, client.Ending{})
	if err != nil {
		return 0, err
	}
	u.progress.Upload = sent.Upload
	if err := u.sender.Journal.note(*u.progress); err != nil {
		return 0, err
	}
	// A repeated beginning may find bytes there already.
	sent, err = u.sender.Server.UploadOffset(ctx, u.progress.Upload)
	return sent.Offset, err
}

// skip passes over n bytes that need not be sent.
func (u *upload) skip(n int64) error {
	if n > u.size {
		return evidence.Errorf(evidence.Conflict, "%s", errChanged().Error())
	}
	if err := u.content.seek(n); err != nil {
		return fmt.Errorf("reading the source again: %w", err)
	}
	u.tell(n)
	return nil
}

// metered tells of bytes as they are read to be sent.
type metered struct {
	r    io.Reader
	tell func(int64)
}

// Read implements io.Reader.
func (m *metered) Read(b []byte) (int, error) {
	n, err := m.r.Read(b)
	m.tell(int64(n))
	return n, err
}
