// Package aider reads .aider.chat.history.md of Aider: what a person typed begins
// "#### ", what the program and its commands wrote "> ", the rest is the model's. One
// file is many sessions; the only times are local ones at which they began.
// Aider-AI/aider aider/io.py, versions to 0.86.
package aider

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

const started = "# aider chat started at "

// Format returns the format.
func Format() session.Format {
	return session.Format{Name: "aider", Product: "Aider", Known: "to 0.86", Detect: func(h session.Head) int {
		if bytes.HasPrefix(bytes.TrimSpace(h.Bytes), []byte(started)) || bytes.Contains(h.Bytes, []byte("\n"+started)) && strings.Contains(h.Name, "aider") {
			return 95
		}
		return 0
	}, Read: read}
}

// reader is one history that is being read.
type reader struct {
	b      *session.Builder
	s      *session.Session
	model  string
	fenced bool
	run    *run
}

// run is lines of one origin that follow each other. A blank line ends one of a
// person: what is typed after it was typed apart.
type run struct {
	origin session.Origin
	by     string
	at     session.Place
	end    int64
	text   strings.Builder
	size   int64
}

func read(ctx context.Context, src *session.Source, b *session.Builder) error {
	r := &reader{b: b}
	lines := rawjson.NewLines(src.Reader)
	for {
		line, err := lines.Next()
		if errors.Is(err, io.EOF) {
			r.flush()
			return nil
		}
		if err != nil {
			return fmt.Errorf("reading a log: %w", err)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		switch {
		case line.TooLong:
			b.Account(session.Bad("longer than can be read (32 MiB)"), session.PlaceOf(line))
		case len(bytes.TrimSpace(line.Bytes)) == 0:
			r.blank()
		default:
			b.Account(r.line(string(bytes.TrimSuffix(line.Bytes, []byte{'\r'})), line), session.PlaceOf(line))
		}
	}
}

func (r *reader) line(text string, line rawjson.Line) session.Verdict {
	at := session.PlaceOf(line)
	if said, ok := strings.CutPrefix(text, started); ok && !r.fenced {
		r.flush()
		r.s = r.b.Session("started at "+strings.TrimSpace(said)+", line "+fmt.Sprint(at.Line), at)
		r.s.Facts.Notes.Add("times are local; the zone is not stated")
		r.s.First = session.Written(strings.TrimSpace(said))
		return session.Read()
	}
	if r.s == nil {
		r.s = r.b.Session("", at)
	}
	switch {
	case strings.HasPrefix(text, "#### "):
		r.fenced = false
		r.add(session.Human, `line begins "#### "`, strings.TrimSuffix(text[5:], "  "), line)
	case strings.HasPrefix(text, "> ") && !r.fenced:
		r.fact(strings.TrimSpace(text[2:]))
		r.add(session.Tool, `line begins "> "`, strings.TrimSuffix(text[2:], "  "), line)
	default:
		if strings.HasPrefix(strings.TrimSpace(text), "```") {
			r.fenced = !r.fenced
		}
		r.add(session.Agent, "no mark at the beginning of the line", text, line)
	}
	return session.Read()
}

func (r *reader) fact(text string) {
	f := &r.s.Facts
	switch {
	case strings.HasPrefix(text, "Aider v"):
		f.Versions.Add(text[len("Aider v"):])
	case strings.HasPrefix(text, "Model: "), strings.HasPrefix(text, "Main model: "):
		_, model, _ := strings.Cut(text, ": ")
		model, _, _ = strings.Cut(model, " ")
		r.model = model
		f.Models.Add(model)
	case strings.HasPrefix(text, "Git repo: "):
		f.Notes.Add(text)
	}
}

// kept is how much of a run is kept.
const kept = session.MaxHuman

func (r *reader) add(o session.Origin, by, text string, line rawjson.Line) {
	if r.run == nil || r.run.origin != o {
		r.flush()
		r.run = &run{origin: o, by: by, at: session.PlaceOf(line)}
	}
	if r.run.text.Len() < kept {
		r.run.text.WriteString(text[:min(len(text), kept)] + "\n")
	}
	r.run.end = line.Offset + line.Length
	r.run.size += int64(len(text)) + 1
}

func (r *reader) blank() {
	if r.run != nil && r.run.origin == session.Human {
		r.flush()
	}
	if r.run != nil && r.run.origin == session.Agent && r.run.text.Len() < kept {
		r.run.text.WriteByte('\n')
	}
}

// flush adds the turn of the lines so far.
func (r *reader) flush() {
	if r.run == nil || r.s == nil {
		return
	}
	limit := session.MaxText
	if r.run.origin == session.Human {
		limit = session.MaxHuman
	}
	said, whole := rawjson.CutText(strings.TrimRight(r.run.text.String(), "\n"), limit)
	t := session.Turn{Place: r.run.at, Origin: r.run.origin, By: r.run.by, Kind: session.Message}
	t.Place.Length = r.run.end - r.run.at.Offset
	t.Text = session.Text{Said: said, Whole: whole && r.run.size <= kept, Size: t.Place.Length, Offset: t.Place.Offset}
	if t.Origin == session.Agent {
		t.Model = r.model
	}
	r.b.Turn(r.s, t)
	r.run = nil
}
