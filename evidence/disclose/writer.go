package disclose

import (
	"context"
	"sync"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/internal/buffers"
)

// objectWriter writes an object of unknown length in parts. Until complete
// returns there is no object.
type objectWriter struct {
	ctx       context.Context // an io.Writer has no other way to be cancelled
	objects   Objects
	to        evidence.ObjectRef
	multipart string
	parts     []evidence.Part
	buf       []byte
	filled    int
	release   func() // gives buf back
}

// newObjectWriter begins an object of about estimate bytes. The caller ends
// with complete, or with abort.
func (s *Service) newObjectWriter(ctx context.Context, to evidence.ObjectRef, mediaType string, lock evidence.Lock, estimate int64) (*objectWriter, error) {
	// A quarter more than estimated still fits into the parts that there may be.
	buf, release, err := s.buffers.Get(ctx, buffers.PartSize(estimate+estimate/4, s.partSize))
	if err != nil {
		return nil, evidence.WrapError(evidence.Unavailable, err, "waiting for memory took longer than the request may")
	}
	multipart, err := s.objects.Begin(ctx, to, mediaType, lock)
	if err != nil {
		release()
		return nil, err
	}
	return &objectWriter{ctx: ctx, objects: s.objects, to: to, multipart: multipart, buf: buf, release: sync.OnceFunc(release)}, nil
}

// Write implements io.Writer.
func (w *objectWriter) Write(p []byte) (n int, err error) {
	for len(p) > 0 {
		m := copy(w.buf[w.filled:], p)
		w.filled, n, p = w.filled+m, n+m, p[m:]
		if w.filled == len(w.buf) {
			if err := w.flush(); err != nil {
				return n, err
			}
		}
	}
	return n, nil
}

func (w *objectWriter) flush() error {
	part, err := w.objects.PutPart(w.ctx, w.to, w.multipart, len(w.parts)+1, w.buf[:w.filled])
	if err != nil {
		return err
	}
	w.parts, w.filled = append(w.parts, part), 0
	return nil
}

// complete makes what was written an object.
func (w *objectWriter) complete() (evidence.Stored, error) {
	if w.filled > 0 || len(w.parts) == 0 {
		if err := w.flush(); err != nil {
			return evidence.Stored{}, err
		}
	}
	w.release()
	return w.objects.Complete(w.ctx, w.to, w.multipart, w.parts)
}

// abort throws what was written away.
func (w *objectWriter) abort() error {
	w.release()
	ctx, cancel := context.WithTimeout(context.WithoutCancel(w.ctx), abortLimit)
	defer cancel()
	return w.objects.Abort(ctx, w.to, w.multipart)
}

// abortLimit is how long throwing a bundle away may take after its request is gone.
const abortLimit = 5 * time.Minute
