package command

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"

	"golang.org/x/term"

	"github.com/sealcase/sealcase/evidence"
)

// print writes value as JSON, or what human prints.
func (s *session) print(value any, human func(*printer)) error {
	if s.json {
		enc := json.NewEncoder(s.Stdout)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(value); err != nil {
			return fmt.Errorf("writing the result: %w", err)
		}
		return nil
	}
	p := &printer{w: tabwriter.NewWriter(s.Stdout, 0, 4, 2, ' ', 0)}
	human(p)
	if err := p.w.Flush(); err != nil {
		return fmt.Errorf("writing the result: %w", err)
	}
	return nil
}

// printer writes for people. Everything that comes from elsewhere is shown so
// that it cannot disguise itself or steer a terminal.
type printer struct{ w *tabwriter.Writer }

// say writes a sentence.
func (p *printer) say(format string, args ...any) {
	for i, a := range args {
		if text, ok := a.(string); ok {
			args[i] = shown(text)
		}
	}
	fmt.Fprintf(p.w, format+"\n", args...)
}

// row writes a row of a table.
func (p *printer) row(cells ...any) {
	texts := make([]string, len(cells))
	for i, c := range cells {
		texts[i] = shown(fmt.Sprint(c))
	}
	fmt.Fprintln(p.w, strings.Join(texts, "\t"))
}

// name returns a file name as evidence for people.
func name(n evidence.FileName) string { return n.Display() }

// shown returns text for people: one line, nothing that steers a terminal.
func shown(text string) string { return evidence.FileName(text).Display() }

// note writes a message for people beside the result.
func (s *session) note(format string, args ...any) {
	fmt.Fprintf(s.Stderr, format+"\n", args...)
}

// terminal reports whether w is one.
func terminal(w io.Writer) bool {
	file, ok := w.(*os.File)
	return ok && term.IsTerminal(int(file.Fd()))
}

// size returns a number of bytes for people.
func size(n int64) string {
	const unit = 1024
	if n < unit {
		return fmt.Sprintf("%d B", n)
	}
	value, i := float64(n)/unit, 0
	for value >= unit && i < 4 {
		value /= unit
		i++
	}
	return fmt.Sprintf("%.1f %ciB", value, "KMGTP"[i])
}
