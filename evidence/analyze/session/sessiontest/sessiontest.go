// Package sessiontest holds what the tests of all formats of logs have in common.
// The logs of tests are synthetic: made for them, of nobody's evidence.
package sessiontest

import (
	"bytes"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/sealcase/sealcase/evidence/analyze/session"
)

// Read reads a log of a format, which must recognise it.
func Read(t testing.TB, f session.Format, text string) *session.Log {
	t.Helper()
	log, err := session.Analyzer{Formats: []session.Format{f}}.Read(t.Context(), source(text), 1000)
	if err != nil {
		t.Fatalf("reading: %v", err)
	}
	if log == nil {
		t.Fatal("the format does not recognise its log")
	}
	return log
}

func source(text string) *session.Source {
	return &session.Source{Reader: strings.NewReader(text), Name: "synthetic", Size: int64(len(text))}
}

// Told tells what a log says, a line each: of turns the origin, kind, branch, text and
// the field that decided; of acts the tool, arguments, outcome and result. It
// checks that each quotes its bytes.
func Told(t testing.TB, log *session.Log, text string) (told []string) {
	t.Helper()
	for _, s := range log.Sessions {
		s.Items(func(turn *session.Turn, act *session.Act) {
			if turn != nil {
				told = append(told, join(fmt.Sprint(turn.Place.Line), string(turn.Origin), string(turn.Kind), mark(turn.Branch), quote(turn.Text.Said), "by "+turn.By, again(turn.Copies)))
				quotes(t, text, turn.Place, turn.Text.Said)
				return
			}
			told = append(told, join(fmt.Sprint(act.Place.Line), "act", act.Tool, mark(act.Branch), act.Arguments.Said, string(act.Outcome), quote(act.Result.Said), again(act.Copies)))
			quotes(t, text, act.Place, "")
			if act.Outcome != session.Open {
				quotes(t, text, act.ResultAt, "")
			}
		})
	}
	return told
}

// quotes checks that a place lies in the log, at its line.
func quotes(t testing.TB, text string, p session.Place, said string) {
	t.Helper()
	if p.Offset < 0 || p.Length <= 0 || p.Offset+p.Length > int64(len(text)) {
		t.Errorf("%.40q: bytes %d+%d of %d", said, p.Offset, p.Length, len(text))
		return
	}
	if line := strings.Count(text[:p.Offset], "\n") + 1; line != int(p.Line) {
		t.Errorf("%.40q: line %d, its bytes are on line %d", said, p.Line, line)
	}
}

func quote(text string) string { return fmt.Sprintf("%q", text) }

func mark(b session.Branch) string {
	if b == session.Live {
		return ""
	}
	return "[" + string(b) + "]"
}

func again(copies []session.Place) string {
	if len(copies) == 0 {
		return ""
	}
	lines := make([]string, len(copies))
	for i, c := range copies {
		lines[i] = fmt.Sprint(c.Line)
	}
	return "again on " + strings.Join(lines, ",")
}

func join(parts ...string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, " ")
}

// Diff reports where a log says other things than it should.
func Diff(t testing.TB, log *session.Log, text string, want ...string) {
	t.Helper()
	if diff := cmp.Diff(want, Told(t, log, text)); diff != "" {
		t.Errorf("the log says (-want +got):\n%s", diff)
	}
}

// Account reports when the account of a log is not this.
func Account(t testing.TB, log *session.Log, read, other, bad int) {
	t.Helper()
	a := log.Account
	if a.Read != read || a.Others() != other || a.Bad != bad {
		t.Errorf("%d read, %d other, %d bad; want %d, %d, %d: %v %v", a.Read, a.Others(), a.Bad, read, other, bad, a.Other, a.Bads)
	}
}

// Lines is how the records of a log are counted that has one a line.
func Lines(text string) (n int) {
	for line := range strings.Lines(text) {
		if strings.TrimSpace(line) != "" {
			n++
		}
	}
	return n
}

// Truncated reads a log cut at every byte. records, where it is given, says how
// many records a beginning has; all are accounted for.
func Truncated(t *testing.T, f session.Format, text string, records func(text string) int) {
	t.Helper()
	for i := range len(text) {
		cut := text[:i]
		log, err := read(t, f, cut)
		if err != nil {
			t.Fatalf("cut at byte %d: %v", i, err)
		}
		if records != nil && log.Account.Records() != records(cut) {
			t.Fatalf("cut at byte %d: %d records of %d are accounted for", i, log.Account.Records(), records(cut))
		}
		Told(t, log, cut)
	}
}

// read reads a log without asking whether the format recognises it.
func read(t testing.TB, f session.Format, text string) (*session.Log, error) {
	b := session.NewBuilder(f, 1000)
	err := f.Read(t.Context(), source(text), b)
	return b.Finish(), err
}

// Fuzz has a format read what it must not fail on: anything. Read in small pieces
// it must say the same.
func Fuzz(f *testing.F, format session.Format, records func(text string) int, seeds ...string) {
	f.Helper()
	for _, seed := range seeds {
		f.Add([]byte(seed))
		f.Add([]byte(seed[:len(seed)/2]))
	}
	f.Fuzz(func(t *testing.T, raw []byte) { Check(t, format, records, raw) })
}

// Check has a format read bytes of any kind, twice, the second time in pieces.
func Check(t *testing.T, format session.Format, records func(text string) int, raw []byte) {
	t.Helper()
	text := string(raw)
	log, err := read(t, format, text)
	if err != nil {
		t.Fatal(err)
	}
	if records != nil && log.Account.Records() != records(text) {
		t.Errorf("%d records of %d are accounted for", log.Account.Records(), records(text))
	}
	for _, b := range log.Account.Bads {
		if strings.Contains(b.Reason, "please report") {
			t.Errorf("a record was not understood: %+v", b)
		}
	}
	told := Told(t, log, text)
	b := session.NewBuilder(format, 1000)
	if err := format.Read(t.Context(), &session.Source{Reader: iotest.HalfReader(bytes.NewReader(raw)), Size: int64(len(raw))}, b); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(told, Told(t, b.Finish(), text)); diff != "" {
		t.Errorf("read in pieces it says otherwise:\n%s", diff)
	}
	_ = session.NewHead("synthetic", raw)
}

// Reader returns a reader of a text.
func Reader(text string) io.Reader { return strings.NewReader(text) }

// Item is where a turn or act lies, and its instant where it has one.
type Item struct {
	Line int64
	UTC  string
}

// Items returns where the turns and acts of a session lie.
func Items(s *session.Session) (items []Item) {
	s.Items(func(t *session.Turn, a *session.Act) {
		if t != nil {
			items = append(items, Item{t.Place.Line, t.Time.UTC()})
		} else {
			items = append(items, Item{a.Place.Line, a.Time.UTC()})
		}
	})
	return items
}
