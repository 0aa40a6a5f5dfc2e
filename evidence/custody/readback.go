package custody

import (
	"context"
	"crypto/sha256"
	"encoding"
	"encoding/binary"
	"errors"
	"hash"
	"io"
	"log/slog"

	"github.com/sealcase/sealcase/evidence"
)

// ReadProgress is told, while stored bytes are hashed, how many were read and
// the state from which the hashing can be resumed by another process.
type ReadProgress func(state []byte, read int64)

// progressEvery is how many bytes are hashed between two reports.
const progressEvery = 8 << 20

// ReadBack hashes what is stored for an item, from resume on (nil: from the
// beginning), and returns the digest and the number of bytes that storage gave
// in all. Bytes that are gone are 0 bytes and a zero digest, and no error:
// that is what storage gives. progress may be nil. Only a service may.
func (s *Service) ReadBack(ctx context.Context, actor evidence.Actor, item evidence.Item, resume []byte, progress ReadProgress) (evidence.Digest, int64, error) {
	if err := onlyService(actor); err != nil {
		return evidence.Digest{}, 0, err
	}
	if err := s.ownData(item); err != nil { // storage has nothing of it
		s.logger.ErrorContext(ctx, "an item is not read back", slog.String("item", string(item.ID)), slog.Any("error", err))
		return evidence.Digest{}, 0, nil
	}
	digest, read, err := s.rehash(ctx, item.Data, resume, progress)
	if isLoss(err) {
		return evidence.Digest{}, read, nil
	}
	return digest, read, err
}

// isLoss reports whether err says that storage does not have the bytes, rather
// than that it does not answer.
func isLoss(err error) bool {
	switch evidence.CodeOf(err) {
	case evidence.NotFound, evidence.Tampered, evidence.Incomplete, evidence.Malformed:
		return true
	default:
		return false
	}
}

// rehash hashes a stored object.
func (s *Service) rehash(ctx context.Context, ref evidence.ObjectRef, resume []byte, progress ReadProgress) (evidence.Digest, int64, error) {
	h := sha256.New()
	read, err := resumeHash(h, resume)
	if err != nil {
		return evidence.Digest{}, 0, err
	}
	r, err := s.objects.Open(ctx, ref, read, -1)
	if err != nil {
		return evidence.Digest{}, read, err
	}
	defer r.Close()
	for {
		n, err := io.CopyN(h, r, progressEvery)
		read += n
		if errors.Is(err, io.EOF) {
			return evidence.Digest(h.Sum(nil)), read, nil
		}
		if err != nil {
			if _, ok := errors.AsType[*evidence.Error](err); ok {
				return evidence.Digest{}, read, err
			}
			return evidence.Digest{}, read, evidence.WrapError(evidence.Unavailable, err, "reading stored evidence failed after %d bytes; try again", read)
		}
		if progress != nil {
			state, err := hashState(h, read)
			if err != nil {
				return evidence.Digest{}, read, err
			}
			progress(state, read)
		}
	}
}

// hashState writes the state of a hash of the first read bytes: their number
// in eight bytes, then what the hash marshals to.
func hashState(h hash.Hash, read int64) ([]byte, error) {
	state, err := h.(encoding.BinaryAppender).AppendBinary(binary.BigEndian.AppendUint64(nil, uint64(read)))
	if err != nil {
		return nil, evidence.WrapError(evidence.Internal, err, "keeping the state of a hash")
	}
	return state, nil
}

// resumeHash reads what hashState wrote.
func resumeHash(h hash.Hash, state []byte) (read int64, err error) {
	if len(state) == 0 {
		return 0, nil
	}
	if len(state) < 8 {
		return 0, evidence.Errorf(evidence.Invalid, "the state of the hash cannot be resumed")
	}
	if err := h.(encoding.BinaryUnmarshaler).UnmarshalBinary(state[8:]); err != nil {
		return 0, evidence.WrapError(evidence.Invalid, err, "the state of the hash cannot be resumed")
	}
	return int64(binary.BigEndian.Uint64(state)), nil
}
