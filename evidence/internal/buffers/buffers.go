// Package buffers hands out memory for bytes on their way into storage.
package buffers

import (
	"context"

	"golang.org/x/sync/semaphore"
)

const (
	// MinPart is the shortest part of a multipart write but the last, by the
	// rule of S3. Shorter uploads are written whole, in one request.
	MinPart = 5 << 20
	// maxParts is how many parts a multipart write may have, by the rule of S3.
	maxParts = 10_000
	mebibyte = 1 << 20
)

// PartSize returns how long the parts of an upload of length bytes are, so
// that maxParts always suffice.
func PartSize(length, standard int64) int64 {
	needed := (length + maxParts - 1) / maxParts
	return max(standard, (needed+mebibyte-1)/mebibyte*mebibyte)
}

// Pool hands out memory for the bytes of uploads, so that however many
// there are they do not take more than they may. Small uploads have a quarter
// to themselves and never wait for large ones.
type Pool struct {
	large, small           *semaphore.Weighted
	largeLimit, smallLimit int64
	standard               int64
	free                   chan []byte // of standard length, to be used again
}

// New returns a Pool of so many bytes, for parts of a standard length.
func New(memory, standard int64) *Pool {
	small := max(memory/4, MinPart)
	large := max(memory-small, 1)
	return &Pool{
		large: semaphore.NewWeighted(large), largeLimit: large,
		small: semaphore.NewWeighted(small), smallLimit: small,
		standard: standard, free: make(chan []byte, max(large/standard, 1)),
	}
}

// Get waits for size bytes. One buffer that is larger than the limit is handed
// out alone. The caller calls release when it is done with it.
func (b *Pool) Get(ctx context.Context, size int64) (buf []byte, release func(), err error) {
	if size < MinPart {
		weight := min(max(size, 1), b.smallLimit)
		if err := b.small.Acquire(ctx, weight); err != nil {
			return nil, nil, err
		}
		return make([]byte, size), func() { b.small.Release(weight) }, nil
	}
	weight := min(size, b.largeLimit)
	if err := b.large.Acquire(ctx, weight); err != nil {
		return nil, nil, err
	}
	if size != b.standard {
		return make([]byte, size), func() { b.large.Release(weight) }, nil
	}
	select {
	case buf = <-b.free:
	default:
		buf = make([]byte, size)
	}
	return buf, func() {
		select {
		case b.free <- buf:
		default:
		}
		b.large.Release(weight)
	}, nil
}
