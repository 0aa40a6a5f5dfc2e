package object

import (
	"bytes"
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"github.com/minio/minio-go/v7"

	"github.com/sealcase/sealcase/evidence"
)

// probePrefix begins the keys of probe objects, by which they expire.
const probePrefix = evidence.ProbeFolder

// How long a probe object is locked, by how much the probe tries to shorten
// that, and how much of it must be left at the end: a lock that ran out
// meanwhile would look like one that was broken.
const (
	probeLock    = 75 * time.Second
	probeShorter = 20 * time.Second
	probeSpare   = 5 * time.Second
)

// probe is one attempt at breaking the word of one bucket.
type probe struct {
	store   *Store
	key     string
	ref     evidence.ObjectRef // of the locked version
	body    []byte
	until   evidence.Instant
	hidden  bool     // the store does not show how that version is locked
	reasons []string // what went wrong, in plain words
}

// probe returns nil, StorageUnsafe with every reason found, or another error
// when it could not find out.
func (s *Store) probe(ctx context.Context, bucket string) error {
	if err := checkBucket(ctx, s.core, bucket); err != nil {
		return err
	}
	p, err := s.newProbe(bucket)
	if err != nil {
		return err
	}
	begun := s.now()
	for _, step := range []func(context.Context) error{
		p.writeLocked, p.readLock, p.tryForbidden, p.overwrite, p.stillThere, p.extend, p.multipart, p.hold,
	} {
		if err := step(ctx); err != nil {
			return err
		}
		if p.ref.Version == "" { // there is nothing to try the rest on
			break
		}
	}
	if len(p.reasons) > 0 {
		return evidence.Errorf(evidence.StorageUnsafe,
			"The object store does not keep the word of Object Lock in bucket %s, so evidence is not written there: %s.", bucket, strings.Join(p.reasons, "; "))
	}
	if s.now().Sub(begun) > probeLock-probeSpare {
		return evidence.Errorf(evidence.Unavailable, "Probing the object store took too long to tell anything. Try again.")
	}
	return nil
}

func (s *Store) newProbe(bucket string) (*probe, error) {
	var nonce [8]byte
	if _, err := io.ReadFull(s.random, nonce[:]); err != nil {
		return nil, fmt.Errorf("drawing the key of a probe: %w", err)
	}
	now := s.now()
	p := &probe{store: s, until: evidence.At(wholeSeconds(evidence.At(now.Add(probeLock))))}
	p.key = probePrefix + now.UTC().Format("20060102T150405Z-") + hex.EncodeToString(nonce[:])
	p.ref = evidence.ObjectRef{Bucket: bucket, Key: p.key}
	p.body = []byte("Sealcase tries here whether this store lets a locked object go. Locked until " + p.until.String() + ".\n")
	return p, nil
}

// blame notes what went wrong; the server is not to be trusted.
func (p *probe) blame(format string, args ...any) {
	p.reasons = append(p.reasons, fmt.Sprintf(format, args...))
}

// writeLocked writes the object that the others try to get rid of.
func (p *probe) writeLocked(ctx context.Context) error {
	ref, err := p.store.write(ctx, p.ref, p.body, "text/plain", evidence.Lock{Until: p.until})
	switch {
	case err == nil && ref.Version == "":
		p.blame("it gives objects no version")
	case isUnknown(err):
		return err
	case err != nil:
		p.blame("it does not take a locked object (%s)", evidence.MessageOf(err))
	}
	p.ref = ref
	return nil
}

// readLock asks in both ways that S3 has how the object is locked.
func (p *probe) readLock(ctx context.Context) error {
	mode, until, err := p.store.core.GetObjectRetention(ctx, p.ref.Bucket, p.key, p.ref.Version)
	switch {
	case err != nil && isSilent(err):
		return translate(err, "reading the retention of a probe object")
	case err != nil && isRefusal(err):
		p.blame("it does not report the retention of an object")
	case err != nil:
		p.blame("it reports the retention of an object in a form that is not S3's")
	case mode == nil || *mode != minio.Compliance || until == nil || until.Before(p.until.Time()):
		p.blame("it reports another retention than the object was given")
	}
	stored, err := p.store.Stat(ctx, p.ref)
	switch {
	case isUnknown(err):
		return err
	case err != nil || stored.Lock.Until.Time().Before(p.until.Time()):
		p.blame("it does not show the lock with the object")
	}
	return nil
}

// overwrite writes and deletes under the same key, as a careless program would:
// neither may touch the locked version.
func (p *probe) overwrite(ctx context.Context) error {
	over, err := p.store.write(ctx, evidence.ObjectRef{Bucket: p.ref.Bucket, Key: p.key}, []byte("overwritten\n"), "text/plain", evidence.Lock{})
	switch {
	case isUnknown(err):
		return err
	case err == nil && over.Version == p.ref.Version:
		p.blame("overwriting a locked object replaced it")
	}
	err = p.store.core.RemoveObject(ctx, p.ref.Bucket, p.key, minio.RemoveObjectOptions{})
	if err != nil && isSilent(err) { // a refusal is as good as a delete marker
		return translate(err, "deleting a probe object without its version")
	}
	return nil
}

// stillThere checks that after all of it the locked version is what it was.
func (p *probe) stillThere(ctx context.Context) error {
	body, err := p.store.Open(ctx, p.ref, 0, -1)
	if err == nil {
		defer body.Close()
		var read []byte
		if read, err = io.ReadAll(io.LimitReader(body, int64(len(p.body))+1)); err == nil && !bytes.Equal(read, p.body) {
			p.blame("a locked version was changed")
		}
	}
	if isUnknown(err) {
		return err
	}
	if err != nil {
		p.blame("a locked version is gone")
		return nil
	}
	stored, err := p.store.Stat(ctx, p.ref)
	switch {
	case isUnknown(err):
		return err
	case err == nil && stored.Lock.Until.IsZero():
		p.hidden = true
		p.blame("it does not show the lock of a version that was overwritten")
	case err != nil || stored.Lock.Until.Time().Before(p.until.Time()):
		p.blame("the lock of a version was weakened")
	}
	return nil
}

// extend checks that a lock can be made longer, which a schedule relies on. Of a
// lock that is not shown nobody can tell.
func (p *probe) extend(ctx context.Context) error {
	if p.hidden {
		return nil
	}
	later := evidence.At(p.until.Time().Add(time.Second))
	err := p.store.Extend(ctx, p.ref, later)
	if err == nil {
		var stored evidence.Stored
		if stored, err = p.store.Stat(ctx, p.ref); err == nil && stored.Lock.Until.Time().Before(later.Time()) {
			p.blame("it does not make a lock longer")
		}
	}
	if isUnknown(err) {
		return err
	}
	if err != nil {
		p.blame("it does not make a lock longer (%s)", evidence.MessageOf(err))
	}
	return nil
}

// isUnknown reports whether one of our errors means that the server could not
// be asked, or had no room to show what it does.
func isUnknown(err error) bool {
	code := evidence.CodeOf(err)
	return code == evidence.Unavailable || code == evidence.StorageFull
}

// isSilent reports whether an error of the driver means that the server could
// not be asked, and not that it refused or that its answer makes no sense.
func isSilent(err error) bool {
	if _, answered := errors.AsType[minio.ErrorResponse](err); answered {
		return !isRefusal(err)
	}
	_, network := errors.AsType[net.Error](err)
	return network || errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, io.ErrUnexpectedEOF)
}
