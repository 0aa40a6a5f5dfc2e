package intake

import (
	"bytes"
	"context"
	"fmt"
	"io"

	"github.com/sealcase/sealcase/evidence"
)

// large sends a file from where the server has it: first all but the end, hashed
// while it is read, then the end with the digest before it.
func (u *upload) large(ctx context.Context) error {
	offset, err := u.begin(ctx)
	if err != nil {
		return err
	}
	// What the server has is read again: the digest is of what is there now.
	if err := u.skip(offset); err != nil {
		return err
	}
	size := u.source.Info.Size()
	if middle := size - lastChunk - offset; middle > 0 {
		body := &metered{r: io.TeeReader(io.LimitReader(u.file, middle), u.hash), tell: u.tell}
		sent, err := u.sender.Server.SendChunk(ctx, u.progress.Upload, offset, body, middle, evidence.Digest{})
		if err != nil {
			return err
		}
		if sent.Offset != offset+middle {
			return evidence.Errorf(evidence.Incomplete, "the server has %d bytes of %d", sent.Offset, size)
		}
		offset = sent.Offset
	}
	end := make([]byte, size-offset)
	if _, err := io.ReadFull(u.file, end); err != nil {
		return evidence.WrapError(evidence.Conflict, err, "%s", errChanged().Error())
	}
	if err := u.source.unchanged(u.file); err != nil {
		return err
	}
	u.hash.Write(end)
	sent, err := u.sender.Server.SendChunk(ctx, u.progress.Upload, offset, bytes.NewReader(end), int64(len(end)), u.digest())
	if err != nil {
		return err
	}
	if sent.Item == "" {
		return evidence.Errorf(evidence.Incomplete, "the server has %d bytes of %d", sent.Offset, size)
	}
	u.tell(int64(len(end)))
	return u.done(sent)
}

// begin returns the server's offset of the upload, which it begins if needed.
func (u *upload) begin(ctx context.Context) (int64, error) {
	if u.progress.Upload != "" {
		sent, err := u.sender.Server.UploadOffset(ctx, u.progress.Upload)
		return sent.Offset, err
	}
	sent, err := u.sender.Server.CreateUpload(ctx, u.key(), u.about(), nil, evidence.Digest{})
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

// skip hashes n bytes that need not be sent.
func (u *upload) skip(n int64) error {
	if n > u.source.Info.Size() {
		return evidence.Errorf(evidence.Conflict, "%s", errChanged().Error())
	}
	if _, err := io.CopyN(u.hash, u.file, n); err != nil {
		return fmt.Errorf("reading the file again: %w", err)
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
