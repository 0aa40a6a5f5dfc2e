package mirror

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"strings"

	"github.com/sealcase/sealcase/evidence"
)

// Logs yields the logs that are mirrored, the register among them, in the order
// of their identifiers, from the one after the log after ("" for the first).
// Names that are no identifiers are passed over.
func (m *Mirror) Logs(ctx context.Context, after evidence.CaseID) iter.Seq2[evidence.CaseID, error] {
	return func(yield func(evidence.CaseID, error) bool) {
		for name, err := range m.objects.Folders(ctx, m.objects.Buckets().Ledger, LogsFolder, string(after)) {
			if err != nil {
				yield("", err)
				return
			}
			id, err := evidence.ParseID[evidence.CaseID](name)
			if err == nil && !yield(id, nil) {
				return
			}
		}
	}
}

// Mark returns how many entries of a log are here without a gap, as the names
// of its segments have it, where it is known that known are. A name says nothing
// about what is under it: whoever asks believes no more of the mark than a signed
// head covers that is here too. Names of longer segments than are ever written
// do not count.
func (m *Mirror) Mark(ctx context.Context, c evidence.CaseID, known int64) (int64, error) {
	// A segment that begins before known may end after it.
	after, mark := "", known
	if known > SegmentMost {
		after = fmt.Sprintf("%s%012d", entriesFolder(c), known-SegmentMost)
	}
	for v, err := range m.list(ctx, entriesFolder(c), after) {
		if err != nil {
			return 0, err
		}
		from, to, ok := parseSegment(c, v.Ref.Key)
		if ok && !v.Deleted && to-from <= SegmentMost && from <= mark {
			mark = max(mark, to)
		}
	}
	return mark, nil
}

// Heads returns signed heads of a log, not yet checked, the largest size first:
// all that were stored for each of the most largest sizes of size and above.
// What is longer than any head is passed over; what cannot be read is empty.
func (m *Mirror) Heads(ctx context.Context, c evidence.CaseID, size int64, most int) ([]Note, error) {
	after := ""
	if size > 0 {
		after = checkpointKey(c, size-1)
	}
	var largest []evidence.ObjectVersion // by size
	var sizes []int64
	for v, err := range m.list(ctx, checkpointFolder(c), after) {
		if err != nil {
			return nil, err
		}
		n, ok := parseCheckpoint(c, v.Ref.Key)
		if !ok || v.Deleted || v.Length > maxNote {
			continue
		}
		if len(sizes) == 0 || sizes[len(sizes)-1] != n {
			sizes = append(sizes, n)
		}
		largest = append(largest, v)
		if len(sizes) > most {
			sizes = sizes[1:]
			largest = slices.DeleteFunc(largest, func(v evidence.ObjectVersion) bool { return v.Ref.Key < checkpointKey(c, sizes[0]) })
		}
	}
	slices.Reverse(largest) // of one size, the one stored first comes first
	var notes []Note
	for _, v := range largest {
		body, err := m.read(ctx, v)
		if err != nil && !lasting(err) {
			return nil, err
		}
		n, _ := parseCheckpoint(c, v.Ref.Key)
		notes = append(notes, Note{n, body, v.At})
	}
	return notes, nil
}

// list yields the versions under a folder of the bucket after a key.
func (m *Mirror) list(ctx context.Context, folder, after string) iter.Seq2[evidence.ObjectVersion, error] {
	return m.objects.List(ctx, m.objects.Buckets().Ledger, folder, after)
}

// kept is an object of the mirror: what was stored under its key, the oldest
// first, without delete markers.
type kept struct {
	key      string
	versions []evidence.ObjectVersion
	hidden   bool // by a delete marker
}

// objectsIn yields the objects of a folder, by key.
func (m *Mirror) objectsIn(ctx context.Context, folder string) iter.Seq2[kept, error] {
	return func(yield func(kept, error) bool) {
		var now kept
		give := func() bool {
			slices.Reverse(now.versions)
			return now.key == "" || yield(now, nil)
		}
		for v, err := range m.list(ctx, folder, "") {
			if err != nil {
				yield(kept{}, err)
				return
			}
			if v.Ref.Key != now.key {
				if !give() {
					return
				}
				now = kept{key: v.Ref.Key}
			}
			if v.Deleted {
				now.hidden = now.hidden || v.Newest
			} else {
				now.versions = append(now.versions, v)
			}
		}
		give()
	}
}

// first returns what was stored first under a key, and reports what was put
// over it.
func (m *Mirror) first(ctx context.Context, k kept, odd func(Oddity)) ([]byte, error) {
	if k.hidden {
		odd(Oddity{k.key, "a delete marker hides it"})
	}
	if len(k.versions) == 0 {
		odd(Oddity{k.key, "it is gone: nothing but delete markers is left"})
		return nil, nil
	}
	var body []byte
	for _, v := range k.versions {
		read, err := m.read(ctx, v)
		switch {
		case lasting(err):
			odd(Oddity{k.key, "version " + v.Ref.Version + " cannot be read: " + evidence.MessageOf(err)})
		case err != nil:
			return nil, err
		case body == nil:
			body = read
		case !bytes.Equal(body, read):
			odd(Oddity{k.key, "something else was stored over it, as version " + v.Ref.Version})
			return body, nil
		}
	}
	return body, nil
}

// lasting reports whether an object will not be read by a later try either. Who
// reads goes on without it: somebody could otherwise have all reading end there.
func lasting(err error) bool { return err != nil && !evidence.CodeOf(err).Retryable() }

// Disclosures yields the disclosures that became ready.
func (m *Mirror) Disclosures(ctx context.Context, odd func(Oddity)) iter.Seq2[evidence.Disclosure, error] {
	return readAll[evidence.Disclosure](ctx, m, DisclosureFolder, odd)
}

// Alarms yields the alarms that were raised.
func (m *Mirror) Alarms(ctx context.Context, odd func(Oddity)) iter.Seq2[evidence.Alarm, error] {
	return readAll[evidence.Alarm](ctx, m, AlarmFolder, odd)
}

// Anchors yields what outsiders gave for heads of the register.
func (m *Mirror) Anchors(ctx context.Context, odd func(Oddity)) iter.Seq2[evidence.Anchor, error] {
	return readAll[evidence.Anchor](ctx, m, AnchorFolder, odd)
}

// readAll yields the values of a folder of JSON objects, and reports those that
// cannot be read.
func readAll[T any](ctx context.Context, m *Mirror, folder string, odd func(Oddity)) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		var zero T
		for k, err := range m.objectsIn(ctx, folder) {
			if err != nil {
				yield(zero, err)
				return
			}
			if !strings.HasSuffix(k.key, ".json") {
				odd(Oddity{k.key, "nothing of ours has such a name"})
				continue
			}
			body, err := m.first(ctx, k, odd)
			if err != nil {
				yield(zero, err)
				return
			}
			if body == nil {
				continue
			}
			var v T
			if err := json.Unmarshal(body, &v); err != nil {
				odd(Oddity{k.key, "it cannot be read"})
				continue
			}
			if !yield(v, nil) {
				return
			}
		}
	}
}
