package analyze

import (
	"context"
	"errors"
	"io"

	"github.com/sealcase/sealcase/evidence"
)

// chunkReader is one analyzer's view of the content. Pieces are shared between
// analyzers, which must not write to them, and cannot: Read copies.
type chunkReader struct {
	ctx    context.Context
	chunks chan []byte
	gone   chan struct{} // closed when the analyzer does not read any more
	rest   []byte
}

func newChunkReader(ctx context.Context) *chunkReader {
	return &chunkReader{ctx: ctx, chunks: make(chan []byte, 1), gone: make(chan struct{})}
}

// Read implements io.Reader.
func (r *chunkReader) Read(p []byte) (int, error) {
	for len(r.rest) == 0 {
		select {
		case c, ok := <-r.chunks:
			if !ok {
				return 0, io.EOF
			}
			r.rest = c
		case <-r.ctx.Done():
			return 0, r.ctx.Err()
		}
	}
	n := copy(p, r.rest)
	r.rest = r.rest[n:]
	return n, nil
}

// distribute reads content once and hands every piece to every reader that
// still wants it, until content ends or nobody does. It goes at the pace of
// the slowest, so that no more than a few pieces are held. Content that ends
// before length bytes is Unavailable: storage was cut off.
func distribute(ctx context.Context, content io.Reader, length int64, readers []*chunkReader) error {
	defer func() {
		for _, r := range readers {
			close(r.chunks)
		}
	}()
	var total int64
	for {
		buffer := make([]byte, chunkSize)
		n, err := fill(content, buffer)
		total += int64(n)
		wanted, handErr := hand(ctx, buffer[:n], readers)
		switch {
		case handErr != nil:
			return handErr
		case errors.Is(err, io.EOF) && total < length:
			return evidence.Errorf(evidence.Unavailable, "storage gave %d of %d bytes", total, length)
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case !wanted:
			return nil
		}
	}
}

// fill reads until buffer is full. Unlike io.ReadFull it leaves the reader's
// own errors apart from the end.
func fill(r io.Reader, buffer []byte) (n int, err error) {
	for n < len(buffer) && err == nil {
		var m int
		m, err = r.Read(buffer[n:])
		n += m
	}
	return n, err
}

// hand gives a piece to all readers; wanted is false when none reads any more.
func hand(ctx context.Context, piece []byte, readers []*chunkReader) (wanted bool, err error) {
	for _, r := range readers {
		if len(piece) == 0 {
			return true, nil
		}
		select {
		case <-r.gone:
			continue
		default:
		}
		select {
		case r.chunks <- piece:
			wanted = true
		case <-r.gone:
		case <-ctx.Done():
			return false, ctx.Err()
		}
	}
	return wanted, nil
}
