package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"time"

	"github.com/sealcase/sealcase/evidence"
)

// keepLimit is how long storing what was received may take after its request
// is gone.
const keepLimit = 5 * time.Minute

// WriteUpload stores what r gives from offset on, until EOF or an error, and
// returns how many bytes of it are safe now: when r fails in between, what it
// gave is kept all the same. It fails with Conflict when offset is not the
// upload's, with LengthMismatch when r gives more than was declared (what fits
// is kept).
func (s *Uploads) WriteUpload(ctx context.Context, actor evidence.Actor, id evidence.UploadID, offset int64, r io.Reader) (written int64, err error) {
	u, err := s.hold(ctx, actor, id)
	if err != nil {
		return 0, err
	}
	defer u.release()
	switch {
	case u.outcome != "":
		return 0, evidence.Errorf(evidence.Conflict, "this upload has ended")
	case u.Offset != offset:
		s.journal.forget(id) // it may have been carried on elsewhere
		return 0, evidence.Errorf(evidence.Conflict, "this upload continues at byte %d, not at %d", u.Offset, offset)
	}
	err = s.receive(ctx, u, r)
	written = u.Offset - offset
	if err != nil {
		// The hash may have run ahead of what is safe.
		s.journal.forget(id)
	}
	return written, err
}

// receive reads r into parts. Whatever is not enough for one is kept in
// staging, and is the beginning of the next.
func (s *Uploads) receive(ctx context.Context, u *upload, r io.Reader) error {
	buf, release, err := s.buffers.Get(ctx, min(u.PartSize, max(u.Length, 1)))
	if err != nil {
		return evidence.WrapError(evidence.Unavailable, err, "too many uploads at a time; try again")
	}
	defer release()
	filled, err := s.readTail(ctx, u, buf)
	if evidence.CodeOf(err) == evidence.NotFound {
		return s.lostTail(ctx, u)
	}
	if err != nil {
		return err
	}
	for {
		room := min(int64(len(buf)), u.Length-(u.Offset-int64(filled)))
		n, readErr := readInto(r, buf[filled:room])
		u.hash.Write(buf[filled : filled+n])
		filled += n
		full := int64(filled) == room && n > 0
		switch {
		case full:
			if err := s.keeping(ctx, u, buf[:filled], n, s.keep); err != nil {
				return err
			}
			filled = 0
		case n > 0:
			if err := s.keeping(ctx, u, buf[:filled], n, s.keepTail); err != nil {
				return err
			}
		}
		if readErr != nil && !errors.Is(readErr, io.EOF) {
			return evidence.WrapError(evidence.Incomplete, readErr, "the connection broke; %d bytes are kept: continue there", u.Offset)
		}
		if readErr != nil {
			return nil
		}
		if u.Offset == u.Length {
			return noMore(r, u.Length)
		}
	}
}

// keeping stores what has arrived even when its request is gone.
func (s *Uploads) keeping(ctx context.Context, u *upload, body []byte, n int, keep func(context.Context, *upload, []byte, int) error) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), keepLimit)
	defer cancel()
	return keep(ctx, u, body, n)
}

// readInto reads until buf is full or r ends.
func readInto(r io.Reader, buf []byte) (n int, err error) {
	for idle := 0; n < len(buf) && err == nil; idle++ {
		var m int
		m, err = r.Read(buf[n:])
		n += m
		if m > 0 {
			idle = 0
		} else if err == nil && idle > 100 {
			return n, io.ErrNoProgress
		}
	}
	return n, err
}

// noMore returns nil when r has ended.
func noMore(r io.Reader, length int64) error {
	if n, _ := readInto(r, make([]byte, 1)); n > 0 {
		return evidence.Errorf(evidence.LengthMismatch, "more bytes came than the %d that were declared; the file may have grown: begin anew", length)
	}
	return nil
}

// keep stores a part that is full, or the last one, of which n bytes are new.
func (s *Uploads) keep(ctx context.Context, u *upload, body []byte, n int) error {
	if u.Multipart == "" {
		return s.keepWhole(ctx, u, body, n)
	}
	part, err := s.objects.PutPart(ctx, u.Object, u.Multipart, len(u.parts)+1, body)
	if evidence.CodeOf(err) == evidence.NotFound { // servers drop what lies unfinished for long
		return errors.Join(tooOld(err), s.discard(ctx, u, aborted))
	}
	if err != nil {
		return err
	}
	tail := u.tail
	if err := s.journal.take(ctx, u, uploadStep{Offset: u.Offset + int64(n), Part: &part}); err != nil {
		return err
	}
	s.removeTail(ctx, tail)
	return nil
}

// keepWhole stores a small upload. Where the digest was declared before, the
// bytes go straight to their final place if they are right, and nowhere if they
// are not; else they wait in staging for the declaration.
func (s *Uploads) keepWhole(ctx context.Context, u *upload, body []byte, n int) error {
	step := uploadStep{Offset: u.Offset + int64(n)}
	switch {
	case u.Declared.IsZero():
		return s.keepTail(ctx, u, body, n)
	case evidence.Digest(u.hash.Sum(nil)) == u.Declared:
		// When it cannot be signed now it is when the upload is completed.
		_ = s.bring(ctx, u, u.Declared)
		stored, err := s.putData(ctx, u, body)
		if err != nil {
			return err
		}
		step.Stored = &stored
	}
	tail := u.tail
	if err := s.journal.take(ctx, u, step); err != nil {
		return err
	}
	s.removeTail(ctx, tail)
	return nil
}

// putData writes the bytes of a small upload at their final place, once.
func (s *Uploads) putData(ctx context.Context, u *upload, body []byte) (evidence.Stored, error) {
	if !u.fresh {
		stored, err := s.objects.Stat(ctx, u.Object)
		if err == nil && stored.Length == int64(len(body)) {
			return stored, nil
		}
		if err != nil && evidence.CodeOf(err) != evidence.NotFound {
			return evidence.Stored{}, err
		}
	}
	u.fresh = false // from here on it may be in storage without being recorded
	return s.objects.Put(ctx, u.Object, body, dataType, u.Lock)
}

// keepTail stores bytes in staging that are not enough for a part yet.
func (s *Uploads) keepTail(ctx context.Context, u *upload, body []byte, n int) error {
	ref := evidence.ObjectRef{Bucket: s.objects.Buckets().Staging, Key: fmt.Sprintf("%s/%06d", u.ID, u.steps+1)}
	stored, err := s.objects.Put(ctx, ref, body, dataType, evidence.Lock{})
	if err != nil {
		return err
	}
	before := u.tail
	if err := s.journal.take(ctx, u, uploadStep{Offset: u.Offset + int64(n), Tail: stored.Ref}); err != nil {
		return err
	}
	s.removeTail(ctx, before)
	return nil
}

// readTail reads the bytes after the last part into buf and returns how many.
func (s *Uploads) readTail(ctx context.Context, u *upload, buf []byte) (int, error) {
	if u.tail.IsZero() {
		return 0, nil
	}
	length := u.Offset - int64(len(u.parts))*u.PartSize
	if length < 0 || length > int64(len(buf)) {
		return 0, evidence.Errorf(evidence.Tampered, "the record of an upload contradicts itself")
	}
	r, err := s.objects.Open(ctx, u.tail, 0, length)
	if err != nil {
		return 0, err
	}
	defer r.Close()
	if _, err := io.ReadFull(r, buf[:length]); err != nil {
		return 0, evidence.WrapError(evidence.Unavailable, err, "reading back what was kept of a broken upload")
	}
	return int(length), nil
}

// lostTail says what it means that the bytes after the last part are gone:
// another process carried the upload on, or they expired.
func (s *Uploads) lostTail(ctx context.Context, u *upload) error {
	s.journal.forget(u.ID)
	now, err := s.journal.load(ctx, u.ID)
	if err != nil {
		return err
	}
	if now.steps > u.steps {
		return carriedOn()
	}
	return errors.Join(tooOld(nil), s.discard(ctx, u, aborted))
}

// carriedOn is what the slower of two requests on one upload hears.
func carriedOn() error {
	return evidence.Errorf(evidence.Conflict, "another request carried this upload on; ask for its offset")
}

// tooOld is what is said of an upload of which storage dropped a part.
func tooOld(err error) error {
	return evidence.WrapError(evidence.NotFound, err, "this upload lay unfinished for so long that storage dropped it; begin anew")
}

// removeTail removes a staging object. What stays behind expires by itself.
func (s *Uploads) removeTail(ctx context.Context, tail evidence.ObjectRef) {
	if tail.IsZero() {
		return
	}
	if err := s.objects.Remove(ctx, tail); err != nil {
		s.logger.WarnContext(ctx, "removing a staging object", slog.String("key", tail.Key), slog.Any("error", err))
	}
}
