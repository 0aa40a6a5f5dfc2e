package session

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
)

// maxWindow bounds what decompression holds. Agents compress with windows of a
// few MiB.
const maxWindow = 32 << 20

// unpacked reads a log that was compressed with Zstandard (RFC 8878).
func (a Analyzer) unpacked(ctx context.Context, src *Source, max int) (*Log, error) {
	stored := &watched{r: src.Reader}
	d, err := zstd.NewReader(stored, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(maxWindow))
	if err != nil {
		return nil, stored.failure()
	}
	defer d.Close()
	content := &watched{r: d, ends: true}
	inner := &Source{Reader: content, Name: src.Name, Size: src.Size}
	head, _ := inner.Peek() // what it fails with is watched
	if err := stored.failure(); err != nil {
		return nil, err
	}
	f, ok := a.detect(head)
	if !ok {
		return nil, nil
	}
	b := NewBuilder(f, max)
	b.log.Unpacked = true
	if err := f.Read(ctx, inner, b); err != nil {
		return nil, err
	}
	if err := stored.failure(); err != nil {
		return nil, err
	}
	if content.err != nil && !errors.Is(content.err, io.EOF) {
		b.Account(Bad("the compressed data cannot be read any further"), Place{Offset: content.n})
	}
	return b.Finish(), nil
}

// watched counts what is read, and remembers how it ended.
type watched struct {
	r    io.Reader
	ends bool // every error is an end
	n    int64
	err  error
}

// Read implements io.Reader.
func (w *watched) Read(p []byte) (int, error) {
	n, err := w.r.Read(p)
	w.n += int64(n)
	if err != nil {
		w.err = err
		if w.ends {
			err = io.EOF
		}
	}
	return n, err
}

// failure returns what reading failed with; the end is no failure.
func (w *watched) failure() error {
	if w.err == nil || errors.Is(w.err, io.EOF) || errors.Is(w.err, io.ErrUnexpectedEOF) {
		return nil
	}
	return fmt.Errorf("reading a log: %w", w.err)
}
