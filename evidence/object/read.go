package object

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/sealcase/sealcase/evidence"
)

// Open reads length bytes from offset on, or to the end when length is -1, of
// exactly the version that ref names; fewer only when the object ends earlier.
// A reader that breaks off says so with Unavailable instead of ending: io.EOF
// means that everything came. The caller closes it. Invalid means that offset
// is beyond the end; Tampered, here or from the reader, that the server finds
// the stored bytes damaged.
func (s *Store) Open(ctx context.Context, ref evidence.ObjectRef, offset, length int64) (io.ReadCloser, error) {
	switch {
	case s.locks(ref.Bucket) && ref.Version == "":
		return nil, evidence.Errorf(evidence.Invalid, "reading %s needs its version", ref.Key)
	case offset < 0 || length < -1:
		return nil, evidence.Errorf(evidence.Invalid, "a range begins at 0 or later and has 0 bytes or more")
	case length == 0:
		return s.nothing(ctx, ref, offset)
	}
	opts := minio.GetObjectOptions{VersionID: ref.Version}
	if err := setRange(&opts, offset, length); err != nil {
		return nil, evidence.WrapError(evidence.Invalid, err, "the range %d+%d", offset, length)
	}
	body, info, _, err := s.core.GetObject(ctx, ref.Bucket, ref.Key, opts)
	if err != nil {
		if minio.ToErrorResponse(err).Code == minio.InvalidRange {
			return s.nothing(ctx, ref, offset)
		}
		return nil, s.readError(ctx, err, ref.Key)
	}
	if ref.Version != "" && info.VersionID != ref.Version {
		_ = body.Close() // nothing of it is used
		return nil, evidence.Errorf(evidence.StorageUnsafe,
			"the object store was asked for version %s of %s and gave %q", ref.Version, ref.Key, info.VersionID)
	}
	end := offset + info.Size
	return &reader{body: body, key: ref.Key, left: info.Size, damaged: func(left int64) error { return s.damagedAfter(ctx, ref, end-left, end) }}, nil
}

// nothing is the empty range at offset, which must lie within the object.
func (s *Store) nothing(ctx context.Context, ref evidence.ObjectRef, offset int64) (io.ReadCloser, error) {
	stored, err := s.Stat(ctx, ref)
	if err != nil {
		return nil, err
	}
	if offset > stored.Length {
		return nil, evidence.Errorf(evidence.Invalid, "%s has %d bytes; byte %d is beyond its end", ref.Key, stored.Length, offset)
	}
	return io.NopCloser(bytes.NewReader(nil)), nil
}

func setRange(opts *minio.GetObjectOptions, offset, length int64) error {
	switch {
	case length > 0:
		return opts.SetRange(offset, offset+length-1)
	case offset > 0:
		return opts.SetRange(offset, 0)
	default:
		return nil // the whole object
	}
}

// reader hands on a body and fails when it ends before its stated length.
type reader struct {
	body    io.ReadCloser
	key     string
	left    int64
	damaged func(left int64) error // why it broke off, when that is known
}

func (r *reader) Read(p []byte) (int, error) {
	n, err := r.body.Read(p)
	r.left -= int64(n)
	switch {
	case err == nil, errors.Is(err, io.EOF) && r.left == 0:
		return n, err
	case errors.Is(err, io.EOF):
		err = io.ErrUnexpectedEOF
	}
	if damaged := r.damaged(r.left); damaged != nil {
		return n, damaged
	}
	return n, translate(err, "reading %s: it broke off with %d bytes to come", r.key, r.left)
}

func (r *reader) Close() error { return r.body.Close() }

// Stat returns what the server says of that version, or of the newest when ref
// names none.
func (s *Store) Stat(ctx context.Context, ref evidence.ObjectRef) (evidence.Stored, error) {
	info, err := s.stat(ctx, ref)
	if err != nil {
		return evidence.Stored{}, err
	}
	if ref.Version == "" {
		ref.Version = info.VersionID
	}
	stored := evidence.Stored{Ref: ref, Length: info.Size}
	stored.Lock.Hold = strings.EqualFold(info.Metadata.Get("X-Amz-Object-Lock-Legal-Hold"), string(minio.LegalHoldEnabled))
	if info.Metadata.Get("X-Amz-Object-Lock-Mode") == string(minio.Compliance) { // GOVERNANCE can be bypassed: no lock to us
		until, err := time.Parse(time.RFC3339, info.Metadata.Get("X-Amz-Object-Lock-Retain-Until-Date"))
		if err != nil {
			return evidence.Stored{}, evidence.WrapError(evidence.StorageUnsafe, err, "the object store does not say until when %s is locked", ref.Key)
		}
		stored.Lock.Until = evidence.At(until)
	}
	return stored, nil
}

func (s *Store) stat(ctx context.Context, ref evidence.ObjectRef) (minio.ObjectInfo, error) {
	info, err := s.core.StatObject(ctx, ref.Bucket, ref.Key, minio.StatObjectOptions{VersionID: ref.Version})
	if err != nil {
		return minio.ObjectInfo{}, translate(err, "asking for %s", ref.Key)
	}
	return info, nil
}
