package mirror

import (
	"bytes"
	"cmp"
	"context"
	"iter"
	"slices"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/canon"
)

// Log is one log as the mirror has it.
type Log struct {
	mirror *Mirror
	id     evidence.CaseID
	odd    func(Oddity)
}

// Log returns the log of a case, or the register. odd hears of what is odd; nil
// when nobody wants to.
func (m *Mirror) Log(c evidence.CaseID, odd func(Oddity)) *Log {
	if odd == nil {
		odd = func(Oddity) {}
	}
	return &Log{mirror: m, id: c, odd: odd}
}

// segment is a run of entries, and what was stored of it.
type segment struct {
	kept
	from, to int64
	lines    [][]byte // once it was read
}

// Segments lists what is here of the entries, in the order of their first
// index, of those the one stored first first. About 200 bytes of memory each.
func (l *Log) segments(ctx context.Context) ([]*segment, error) {
	var all []*segment
	for k, err := range l.mirror.objectsIn(ctx, entriesFolder(l.id)) {
		if err != nil {
			return nil, err
		}
		from, to, ok := parseSegment(l.id, k.key)
		switch {
		case !ok || to-from > SegmentMost:
			l.odd(Oddity{k.key, "nothing of ours has such a name"})
		case len(k.versions) == 0:
			l.odd(Oddity{k.key, "it is gone: nothing but delete markers is left"})
		default:
			all = append(all, &segment{kept: k, from: from, to: to})
		}
	}
	slices.SortFunc(all, func(a, b *segment) int {
		return cmp.Or(cmp.Compare(a.from, b.from), a.versions[0].At.Time().Compare(b.versions[0].At.Time()), cmp.Compare(a.to, b.to))
	})
	return all, nil
}

// load reads the lines of a segment; one that does not have as many as its name
// says is odd, and has none.
func (l *Log) load(ctx context.Context, s *segment) error {
	body, err := l.mirror.first(ctx, s.kept, l.odd)
	if err != nil {
		return err
	}
	lines := bytes.SplitAfter(body, []byte("\n"))
	if n := len(lines); n == 0 || len(lines[n-1]) != 0 || int64(n-1) != s.to-s.from {
		l.odd(Oddity{s.key, "it does not hold the entries that its name says"})
		s.to = s.from
		return nil
	}
	for _, line := range lines[:len(lines)-1] {
		s.lines = append(s.lines, bytes.TrimSuffix(line, []byte("\n")))
	}
	return nil
}

// Entries yields the entries of the log in their order, as they were mirrored,
// without asking who signed them: see Read. It ends at the first that is not
// here. Where segments contradict each other the one stored first counts, and
// the others are odd. It holds in memory the segments that overlap at one place,
// as many as openMost and openBytes allow.
func (l *Log) Entries(ctx context.Context) iter.Seq2[evidence.LogEntry, error] {
	return func(yield func(evidence.LogEntry, error) bool) {
		waiting, err := l.segments(ctx)
		if err != nil {
			yield(evidence.LogEntry{}, err)
			return
		}
		var open []*segment
		for index := int64(0); ; index++ {
			open = slices.DeleteFunc(open, func(s *segment) bool { return s.to <= index })
			for len(waiting) > 0 && waiting[0].from <= index {
				if s := waiting[0]; s.to > index || s.from == index {
					if open, err = l.open(ctx, open, s); err != nil {
						yield(evidence.LogEntry{}, err)
						return
					}
				}
				waiting = waiting[1:]
			}
			open = slices.DeleteFunc(open, func(s *segment) bool { return s.to <= index })
			if len(open) == 0 {
				l.gap(index, waiting)
				return
			}
			e := evidence.LogEntry{Index: index, Raw: l.choose(open, index)}
			if err := canon.Unmarshal(e.Raw, &e.Entry); err != nil {
				yield(e, evidence.WrapError(evidence.Tampered, err, "entry %d of the log cannot be read in the mirror", index))
				return
			}
			if !yield(e, nil) {
				return
			}
		}
	}
}

// What is held in memory at once of segments that overlap. Several processes
// mirror the same entries now and then; nobody of ours writes so much to one place.
const (
	openMost  = 32
	openBytes = 256 << 20
)

// open reads a segment and adds it to those that overlap at a place. Where they are
// too many those that were stored last are not read: the first count.
func (l *Log) open(ctx context.Context, open []*segment, s *segment) ([]*segment, error) {
	open = append(open, s)
	for len(open) > openMost || len(open) > 1 && lengthOf(open) > openBytes {
		last := slices.MaxFunc(open, func(a, b *segment) int { return a.versions[0].At.Time().Compare(b.versions[0].At.Time()) })
		l.odd(Oddity{last.key, "more entries were put over others here than we ever do, and these are not read"})
		open = slices.DeleteFunc(open, func(o *segment) bool { return o == last })
		if last == s {
			return open, nil
		}
	}
	return open, l.load(ctx, s)
}

// lengthOf returns how many bytes segments have.
func lengthOf(list []*segment) (n int64) {
	for _, s := range list {
		n += s.versions[0].Length
	}
	return n
}

// gap reports that entries lie behind one that is not here.
func (l *Log) gap(index int64, waiting []*segment) {
	if len(waiting) > 0 {
		l.odd(Oddity{waiting[0].key, "the entries before it, from " + itoa(index) + " on, are not in the mirror"})
	}
}

// choose returns the line of an entry: of the segments that have it, that of
// the one stored first.
func (l *Log) choose(open []*segment, index int64) []byte {
	oldest := slices.MinFunc(open, func(a, b *segment) int { return a.versions[0].At.Time().Compare(b.versions[0].At.Time()) })
	line := oldest.lines[index-oldest.from]
	for _, s := range open {
		if !bytes.Equal(s.lines[index-s.from], line) {
			l.odd(Oddity{s.key, "its entry " + itoa(index) + " is another than in " + oldest.key + ", which was stored before it"})
		}
	}
	return line
}

// Note is a signed head as the mirror has it, not yet checked.
type Note struct {
	Size int64
	Note []byte
	At   evidence.Instant // when it was stored, as the object store says
}

// Notes yields every signed head that is here, by size, of one size in the order
// in which they were stored: different ones, if there are, each once.
func (l *Log) Notes(ctx context.Context) iter.Seq2[Note, error] {
	return func(yield func(Note, error) bool) {
		for k, err := range l.mirror.objectsIn(ctx, checkpointFolder(l.id)) {
			if err != nil {
				yield(Note{}, err)
				return
			}
			size, ok := parseCheckpoint(l.id, k.key)
			if !ok {
				l.odd(Oddity{k.key, "nothing of ours has such a name"})
				continue
			}
			if len(k.versions) == 0 {
				l.odd(Oddity{k.key, "it is gone: nothing but delete markers is left"})
				continue
			}
			if k.hidden {
				l.odd(Oddity{k.key, "a delete marker hides it"})
			}
			var seen [][]byte
			for _, v := range k.versions {
				if v.Length > maxNote {
					l.odd(Oddity{k.key, "it is longer than any head"})
					continue
				}
				body, err := l.mirror.read(ctx, v)
				if lasting(err) {
					l.odd(Oddity{k.key, "it cannot be read: " + evidence.MessageOf(err)})
					continue
				}
				if err != nil {
					yield(Note{}, err)
					return
				}
				if slices.ContainsFunc(seen, func(b []byte) bool { return bytes.Equal(b, body) }) {
					continue
				}
				seen = append(seen, body)
				if !yield(Note{size, body, v.At}, nil) {
					return
				}
			}
		}
	}
}
