package session

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// Format is one format of logs.
type Format struct {
	Name    string // short and constant, such as "claude-code"
	Product string // as people know it
	Known   string // the versions that it was made from and compared with
	// Detect says how sure the format is that a log is its own: 0 for not, 100 for
	// sure. It judges content; the name may add to that.
	Detect func(h Head) int
	// Read reads a log to its end and accounts for each of its records. It fails
	// only with what reading failed with.
	Read func(ctx context.Context, src *Source, b *Builder) error
}

// Source is a log that is being read.
type Source struct {
	Reader io.Reader
	Name   string // of the file, untrusted
	Size   int64
}

// Peek returns the beginning of the log, which stays to be read.
func (s *Source) Peek() (Head, error) {
	head := make([]byte, headSize)
	n, err := io.ReadFull(s.Reader, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return Head{}, fmt.Errorf("reading the beginning of a log: %w", err)
	}
	s.Reader = io.MultiReader(bytes.NewReader(head[:n]), s.Reader)
	return NewHead(s.Name, head[:n]), nil
}

// Within returns the place of a value in the record at a place.
func Within(at Place, v rawjson.Value) Place {
	offset, length := v.Span()
	return Place{Line: at.Line, Offset: at.Offset + int64(offset), Length: int64(length)}
}

// PlaceOf returns the place of a line or a value.
func PlaceOf(l rawjson.Line) Place { return Place{Line: l.Number, Offset: l.Offset, Length: l.Length} }

// EachLine reads a log of one JSON value a line, and accounts for each line that
// is not blank.
func EachLine(ctx context.Context, src *Source, b *Builder, do func(v rawjson.Value, at Place) Verdict) error {
	lines := rawjson.NewLines(src.Reader)
	var doc rawjson.Doc
	for {
		line, err := lines.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading a log: %w", err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if line.Number == 1 && bytes.HasPrefix(line.Bytes, bom()) {
			line.Bytes, line.Offset, line.Length = line.Bytes[3:], line.Offset+3, line.Length-3
		}
		at := PlaceOf(line)
		switch {
		case line.TooLong:
			b.Account(Bad("longer than can be read (32 MiB)"), at)
		case blank(line.Bytes):
		default:
			b.Account(one(&doc, line, at, b, do), at)
		}
	}
}

func bom() []byte { return []byte("\xEF\xBB\xBF") }

func blank(line []byte) bool { return len(bytes.TrimSpace(line)) == 0 }

// one reads one line. What a format did not think of is a bad record, and not the
// end of the log.
func one(doc *rawjson.Doc, line rawjson.Line, at Place, b *Builder, do func(rawjson.Value, Place) Verdict) (v Verdict) {
	if err := doc.Parse(line.Bytes); err != nil {
		return Bad(why(err, line))
	}
	defer func() {
		if recover() != nil {
			v = Bad("it could not be understood: please report this, with the version of this analyzer")
		}
	}()
	b.fresh()
	return do(doc.Root(), at)
}

// why says what is wrong with a line, without quoting it.
func why(err error, line rawjson.Line) string {
	var syntax *rawjson.SyntaxError
	switch {
	case errors.As(err, &syntax) && syntax.Cut && !line.Ended:
		return "the log ends within this record: it was cut off"
	case bytes.IndexByte(line.Bytes, 0) >= 0 && len(bytes.Trim(line.Bytes, "\x00")) == 0:
		return "zero bytes only: what stood here was not written, or was lost"
	default:
		return "not JSON: " + err.Error() + " of the line"
	}
}

// Plan says what becomes of the value at a path of a document, as for
// rawjson.Walk. A value that is taken is a record when counts is true.
type Plan func(path []string) (do rawjson.Action, counts bool)

// EachValue reads a log that is one JSON document, and accounts for each value
// that the plan counts. do is called for each value that is taken, end behind each
// that was descended into.
func EachValue(ctx context.Context, src *Source, b *Builder, plan Plan, do func(path []string, v rawjson.Value, at Place) Verdict, end func(path []string)) error {
	counts := false
	err := rawjson.Walk(withoutBOM(src.Reader), rawjson.Walker{
		Plan: func(path []string) (action rawjson.Action) {
			action, counts = plan(path)
			return action
		},
		Take: func(path []string, v rawjson.Value, line rawjson.Line) error {
			counted := counts
			verdict := safely(path, v, PlaceOf(line), b, do)
			if counted || verdict.status == bad {
				b.Account(verdict, PlaceOf(line))
			}
			return ctx.Err()
		},
		Bad: func(_ []string, line rawjson.Line, reason string) error {
			b.Account(Bad("not JSON: "+reason), PlaceOf(line))
			return ctx.Err()
		},
		End: func(path []string) error {
			if end != nil {
				end(path)
			}
			return nil
		},
	})
	var syntax *rawjson.SyntaxError
	if errors.As(err, &syntax) {
		b.Account(Bad(syntax.Reason+"; the document cannot be followed from here on"), Place{Offset: int64(syntax.Offset), Length: max(src.Size-int64(syntax.Offset), 0)})
		return nil
	}
	if err != nil {
		return fmt.Errorf("reading a log: %w", err)
	}
	return nil
}

func safely(path []string, v rawjson.Value, at Place, b *Builder, do func([]string, rawjson.Value, Place) Verdict) (verdict Verdict) {
	defer func() {
		if recover() != nil {
			verdict = Bad("it could not be understood: please report this, with the version of this analyzer")
		}
	}()
	b.fresh()
	return do(path, v, at)
}

// withoutBOM returns r with spaces for the mark of UTF-8 at its beginning, so that
// offsets stay what they are.
func withoutBOM(r io.Reader) io.Reader {
	head := make([]byte, 3)
	n, err := io.ReadFull(r, head)
	if n == 3 && bytes.Equal(head, bom()) {
		copy(head, "   ")
	}
	rest := r
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		rest = failing{err}
	}
	return io.MultiReader(bytes.NewReader(head[:n]), rest)
}

// failing is a reader that fails.
type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }
