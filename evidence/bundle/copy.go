package bundle

import (
	"context"
	"io"
)

// chunk is how many bytes are read at a time.
const chunk = 256 << 10

// copyBytes copies in to w through buffer, telling progress how many bytes are
// done. Only io.EOF is an end; a source that breaks off with another error is
// not taken for one that is short.
func copyBytes(ctx context.Context, w io.Writer, in io.Reader, buffer []byte, progress func(int64)) error {
	done := int64(0)
	for {
		if err := ctx.Err(); err != nil {
			return err
		}
		n, err := in.Read(buffer)
		if n > 0 {
			if _, err := w.Write(buffer[:n]); err != nil {
				return err
			}
			done += int64(n)
			progress(done)
		}
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
	}
}
