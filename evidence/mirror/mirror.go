package mirror

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
)

// Objects is what the mirror needs of an object store (package object).
type Objects interface {
	// Put writes body whole, locked from birth.
	Put(ctx context.Context, to evidence.ObjectRef, body []byte, mediaType string, lock evidence.Lock) (evidence.Stored, error)
	// Open reads length bytes (-1: to the end) of exactly that version.
	Open(ctx context.Context, ref evidence.ObjectRef, offset, length int64) (io.ReadCloser, error)
	// List yields every version of the objects under prefix after a key, delete
	// markers too: by key, of one key the newest first.
	List(ctx context.Context, bucket, prefix, after string) iter.Seq2[evidence.ObjectVersion, error]
	// Folders yields what follows prefix up to the next "/", each once, in order.
	Folders(ctx context.Context, bucket, prefix, after string) iter.Seq2[string, error]
	Buckets() evidence.Buckets
}

// Mirror writes and reads the ledger bucket. It is safe for concurrent use, by
// several processes. Methods fail with Unavailable, StorageFull or
// StorageUnsafe as the object store does; all may be repeated.
type Mirror struct {
	objects   Objects
	retention time.Duration
	clock     func() time.Time
}

// New returns a Mirror whose objects are locked that far ahead, and held
// besides. clock is time.Now when nil.
func New(objects Objects, retention time.Duration, clock func() time.Time) *Mirror {
	if clock == nil {
		clock = time.Now
	}
	return &Mirror{objects: objects, retention: retention, clock: clock}
}

// SegmentMost is how many entries a segment has at most.
const SegmentMost = 4096

// The longest object of the mirror that is read, and the longest head, in bytes.
const (
	maxObject = 64 << 20
	maxNote   = 64 << 10
)

// AddEntries writes the entries that have index from and on as one segment.
// They are 1 to SegmentMost, and no leaf contains a line feed: canonical JSON
// has none.
func (m *Mirror) AddEntries(ctx context.Context, c evidence.CaseID, from int64, raw [][]byte) error {
	if len(raw) == 0 || len(raw) > SegmentMost || from < 0 {
		return evidence.Errorf(evidence.Invalid, "a segment of the mirror has 1 to %d entries, not %d", SegmentMost, len(raw))
	}
	var body bytes.Buffer
	for _, line := range raw {
		if bytes.IndexByte(line, '\n') >= 0 || len(line) == 0 {
			return evidence.Errorf(evidence.Malformed, "an entry that is not canonical cannot be mirrored")
		}
		body.Write(line)
		body.WriteByte('\n')
	}
	return m.put(ctx, segmentKey(c, from, from+int64(len(raw))), body.Bytes(), "application/jsonl")
}

// AddCheckpoint writes the signed head of a log whose entries are here.
func (m *Mirror) AddCheckpoint(ctx context.Context, c evidence.CaseID, size int64, note []byte) error {
	return m.put(ctx, checkpointKey(c, size), note, "text/plain; charset=utf-8")
}

// AddDisclosure writes a disclosure that is ready.
func (m *Mirror) AddDisclosure(ctx context.Context, d evidence.Disclosure) error {
	return m.putJSON(ctx, disclosureKey(d), d)
}

// AddAlarm writes an alarm as it was raised.
func (m *Mirror) AddAlarm(ctx context.Context, a evidence.Alarm) error {
	return m.putJSON(ctx, alarmKey(a), a)
}

// AddAnchor writes what an outsider gave for a head of the register.
func (m *Mirror) AddAnchor(ctx context.Context, a evidence.Anchor) error {
	return m.putJSON(ctx, anchorKey(a), a)
}

func (m *Mirror) putJSON(ctx context.Context, key string, v any) error {
	body, err := canon.Marshal(v)
	if err != nil {
		return fmt.Errorf("mirroring %s: %w", key, err)
	}
	return m.put(ctx, key, body, "application/json")
}

func (m *Mirror) put(ctx context.Context, key string, body []byte, mediaType string) error {
	lock := evidence.Lock{Until: evidence.At(m.clock().Add(m.retention)), Hold: true}
	if _, err := m.objects.Put(ctx, m.ref(key), body, mediaType, lock); err != nil {
		return fmt.Errorf("mirroring %s: %w", key, err)
	}
	return nil
}

func (m *Mirror) ref(key string) evidence.ObjectRef {
	return evidence.ObjectRef{Bucket: m.objects.Buckets().Ledger, Key: key}
}

// read returns a version whole.
func (m *Mirror) read(ctx context.Context, v evidence.ObjectVersion) ([]byte, error) {
	if v.Length > maxObject {
		return nil, evidence.Errorf(evidence.TooLarge, "%s in the mirror has %d bytes; nothing of ours is that long", v.Ref.Key, v.Length)
	}
	r, err := m.objects.Open(ctx, v.Ref, 0, -1)
	if err != nil {
		return nil, fmt.Errorf("reading the mirror: %w", err)
	}
	defer r.Close()
	body, err := io.ReadAll(io.LimitReader(r, maxObject+1))
	if _, ours := errors.AsType[*evidence.Error](err); err != nil && !ours {
		return nil, evidence.WrapError(evidence.Unavailable, err, "reading %s of the mirror broke off", v.Ref.Key)
	}
	return body, err
}

// Oddity is something in the mirror that nobody of ours can have put there, or
// that hides what was: who reads goes on without it.
type Oddity struct {
	Key  string // of the object
	What string // in plain words
}
