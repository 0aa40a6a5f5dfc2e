package bundle_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/sealcase/sealcase/evidence"
	"github.com/sealcase/sealcase/evidence/bundle"
)

// TestWriteRefuses holds the writer to its word: what a verifier would refuse
// is never finished.
func TestWriteRefuses(t *testing.T) {
	for _, c := range []struct {
		name  string
		code  evidence.Code
		words string
		spoil func(f *fixture)
	}{
		{"bytes of another digest", evidence.Tampered, "E-00001", func(f *fixture) { f.contents[f.items[0].ID] = bytes.Repeat([]byte("x"), 36) }},
		{"too few bytes", evidence.Tampered, "should have 36 bytes and has 35", func(f *fixture) { f.contents[f.items[0].ID] = make([]byte, 35) }},
		{"too many bytes", evidence.Tampered, "should have 36 bytes and has 37", func(f *fixture) { f.contents[f.items[0].ID] = make([]byte, 99) }},
		{"an entry less", evidence.Incomplete, "the source has 29 entries", func(f *fixture) { f.entries = f.entries[:29] }},
		{"an entry more", evidence.Conflict, "more entries", func(f *fixture) { f.entries = append(f.entries, f.entries[9]) }},
		{"entries swapped", evidence.Tampered, "the signed checkpoint says", func(f *fixture) { f.entries[9], f.entries[16] = f.entries[16], f.entries[9] }},
		{"an entry edited", evidence.Tampered, "not good", func(f *fixture) {
			f.entries[9] = bytes.Replace(f.entries[9], []byte("page 1"), []byte("page 2"), 1)
		}},
		{"an entry signed by somebody else", evidence.Tampered, "is signed by person-pia", func(f *fixture) {
			e := must(decoded(f.entries[9]))
			f.entries[9] = f.signedBy(f.people[f.lawyer.ID], e)
		}},
		{"a roster withheld", evidence.Invalid, "cannot be withheld", func(f *fixture) { f.reasons[0] = "Names of staff" }},
		{"the receipt of an exhibit withheld", evidence.Invalid, "withhold the exhibit", func(f *fixture) { f.reasons[3] = "Confidential" }},
		{"an entry about a withheld exhibit shown", evidence.Conflict, "is withheld with all its entries", func(f *fixture) { delete(f.reasons, 20) }},
		{"another number of withheld entries", evidence.Conflict, "announced 5 withheld entries and has 4", func(f *fixture) { f.facts.Entries++ }},
		{"an earlier disclosure forgotten", evidence.Incomplete, "whose head of the log is not listed", func(f *fixture) { f.facts.Earlier = nil }},
		{"an earlier disclosure of another log", evidence.Tampered, "stands on another log", func(f *fixture) { f.facts.Earlier[0].Checkpoint = resigned(f) }},
		{"an earlier head that is not of this log", evidence.Tampered, "does not continue", func(f *fixture) {
			f.facts.Earlier[0].Checkpoint = f.head(f.facts.Case.ID, f.entries[1:13])
		}},
		{"an entry that is none", evidence.Malformed, "entry 9", func(f *fixture) { f.entries[9] = []byte("{}") }},
		{"an entry of another case", evidence.Tampered, "entry 9: the entry belongs to another case", func(f *fixture) { f.entries[9] = small().entries[0] }},
		{"a seal of another item", evidence.Tampered, "E-00001: the seal", func(f *fixture) { f.seals[f.items[0].ID] = f.seals[f.items[1].ID] }},
		{"no seal", evidence.Tampered, "E-00001: the seal", func(f *fixture) { f.seals[f.items[0].ID] = nil }},
		{"an item that is not sealed", evidence.Incomplete, "not sealed", func(f *fixture) { f.items[0].State = evidence.ItemReceived }},
		{"a quarantined item", evidence.Tampered, "quarantined", func(f *fixture) {
			it := f.facts.Withheld[1].Item
			it.State = evidence.ItemSealed
			f.items = append(f.items[:4:4], it, f.items[4])
			f.facts.Withheld = f.facts.Withheld[:1]
		}},
		{"a quarantined item forgotten", evidence.Invalid, "one is missing", func(f *fixture) { f.facts.Withheld = f.facts.Withheld[:1] }},
		{"the last item forgotten", evidence.Conflict, "announced 5 items and has 4", func(f *fixture) { f.items = f.items[:4]; f.facts.Withheld = f.facts.Withheld[:2] }},
		{"a withheld item without a reason", evidence.Malformed, "reason", func(f *fixture) { f.facts.Withheld[0].Reason = "" }},
		{"items out of order", evidence.Invalid, "not in order", func(f *fixture) { f.items[0], f.items[1] = f.items[1], f.items[0] }},
		{"other totals", evidence.Conflict, "announced 5 items of 1 bytes", func(f *fixture) { f.facts.Bytes = 1 }},
		{"another case's checkpoint", evidence.Invalid, "is not of the case", func(f *fixture) { f.facts.Checkpoint = resigned(f) }},
		{"keys that did not sign", evidence.UntrustedKey, "", func(f *fixture) { f.facts.Keys = small().facts.Keys }},
		{"another disclosure", evidence.Invalid, "is not of the case", func(f *fixture) { f.facts.Disclosure.Case = small().facts.Case.ID }},
		{"no time", evidence.Invalid, "1980", func(f *fixture) { f.facts.At = evidence.Instant{} }},
		{"a generator on two lines", evidence.Invalid, "printable", func(f *fixture) { f.facts.Generator = "a\nPayload-Oxum: 1.1" }},
		{"another case number", evidence.Tampered, "number", func(f *fixture) { f.facts.Case.Number = "2026-0008" }},
	} {
		t.Run(c.name, func(t *testing.T) {
			f := golden()
			c.spoil(f)
			var out bytes.Buffer
			_, err := bundle.Write(t.Context(), &out, f, nil)
			if evidence.CodeOf(err) != c.code || !strings.Contains(err.Error(), c.words) {
				t.Fatalf("Write: %v (%s), want %s with %q", err, evidence.CodeOf(err), c.code, c.words)
			}
			if r := f.verify(t, out.Bytes(), bundle.Options{}); r.Outcome != bundle.Malformed {
				t.Errorf("what was written before the error is %s, want malformed", r.Outcome)
			}
		})
	}
}

// resigned returns a good checkpoint of another case by the fixture's key.
func resigned(f *fixture) []byte {
	other := newFixture(3)
	other.log = f.log
	return other.close().facts.Checkpoint
}

// TestWriteLiving writes while items change in what may change: a lock gets
// longer, an analysis finds the media type.
func TestWriteLiving(t *testing.T) {
	f := golden()
	calls := 0
	src := &living{fixture: f, change: func() {
		if calls++; calls == 2 {
			f.items[1].MediaType, f.items[1].Version = "text/plain", 9
			f.items[1].Locked = evidence.At(f.items[1].Locked.Time().AddDate(1, 0, 0))
		}
	}}
	var out bytes.Buffer
	if _, err := bundle.Write(t.Context(), &out, src, nil); err != nil {
		t.Fatalf("Write: %v", err)
	}
	if r := f.verify(t, out.Bytes(), bundle.Options{}); r.Outcome != bundle.OK {
		t.Errorf("the bundle is %s: %v", r.Outcome, r.Problems)
	}
}

// living is a fixture that changes before each of its calls of Facts and Seal.
type living struct {
	*fixture
	change func()
}

func (l *living) Facts(ctx context.Context) (bundle.Facts, error) {
	l.change()
	return l.fixture.Facts(ctx)
}

func (l *living) Seal(ctx context.Context, it evidence.Item) ([]byte, error) {
	l.change()
	return l.fixture.Seal(ctx, it)
}

// TestWriteBreaks lets the source and the destination break off: the error
// comes through, with its code.
func TestWriteBreaks(t *testing.T) {
	gone := evidence.Errorf(evidence.Unavailable, "the object store does not answer")
	t.Run("source", func(t *testing.T) {
		_, err := bundle.Write(t.Context(), io.Discard, &breaking{fixture: golden(), err: gone}, nil)
		if evidence.CodeOf(err) != evidence.Unavailable {
			t.Errorf("Write: %v, want unavailable", err)
		}
	})
	t.Run("destination", func(t *testing.T) {
		full := evidence.Errorf(evidence.StorageFull, "no room")
		f := golden()
		good, _ := f.write(t)
		for n := 0; n < len(good); n += 4999 {
			if _, err := bundle.Write(t.Context(), &narrow{left: n, err: full}, f, nil); !errors.Is(err, error(full)) {
				t.Fatalf("with room for %d bytes: %v", n, err)
			}
		}
	})
	t.Run("cancelled", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		_, err := bundle.Write(ctx, io.Discard, golden(), func(int, int64) { cancel() })
		if !errors.Is(err, context.Canceled) {
			t.Errorf("Write: %v, want cancelled", err)
		}
	})
	t.Run("verifying cancelled", func(t *testing.T) {
		f := golden()
		data, _ := f.write(t)
		ctx, cancel := context.WithCancel(t.Context())
		_, err := bundle.Verify(ctx, bytes.NewReader(data), int64(len(data)), f.facts.Keys, bundle.Options{Progress: func(int, int64) { cancel() }})
		if !errors.Is(err, context.Canceled) {
			t.Errorf("Verify: %v, want cancelled", err)
		}
	})
	t.Run("unreadable", func(t *testing.T) {
		f := golden()
		data, _ := f.write(t)
		for n := int64(0); n < int64(len(data)); n += 4999 {
			r := &badSector{ReaderAt: bytes.NewReader(data), at: n, err: errors.New("input/output error")}
			if _, err := bundle.Verify(t.Context(), r, int64(len(data)), f.facts.Keys, bundle.Options{}); !errors.Is(err, r.err) {
				t.Fatalf("with a bad sector at %d: %v", n, err)
			}
		}
	})
}

// breaking breaks off in the middle of an item.
type breaking struct {
	*fixture
	err error
}

func (b *breaking) Open(ctx context.Context, it evidence.Item) (io.ReadCloser, error) {
	r, err := b.fixture.Open(ctx, it)
	return io.NopCloser(io.MultiReader(io.LimitReader(r, 5), &failing{b.err})), err
}

type failing struct{ err error }

func (f *failing) Read([]byte) (int, error) { return 0, f.err }

// narrow takes left bytes.
type narrow struct {
	left int
	err  error
}

func (n *narrow) Write(p []byte) (int, error) {
	if len(p) > n.left {
		return n.left, n.err
	}
	n.left -= len(p)
	return len(p), nil
}

// badSector cannot read the byte at a position.
type badSector struct {
	io.ReaderAt
	at  int64
	err error
}

func (b *badSector) ReadAt(p []byte, off int64) (int, error) {
	if off <= b.at && b.at < off+int64(len(p)) {
		return 0, b.err
	}
	return b.ReaderAt.ReadAt(p, off)
}
