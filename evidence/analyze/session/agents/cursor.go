package agents

import (
	"strings"

	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/blocks"
	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// cursor is the agent transcripts of Cursor: role and blocks, and neither times nor
// model nor identifiers. Another of its stores has those.
func cursor() session.Format {
	return session.Format{Name: "cursor", Product: "Cursor (agent transcript)", Known: "2026", Detect: func(h session.Head) int {
		return h.Share(70, func(v rawjson.Value) bool {
			if v.Get("type").Equal("error") || v.Get("type").Equal("turn_ended") {
				return v.Get("role").Is(rawjson.Missing) && v.Get("timestamp").Is(rawjson.Missing)
			}
			return (v.Get("role").Equal("user") || v.Get("role").Equal("assistant")) && v.Get("message", "content").Exists() && v.Get("type").Is(rawjson.Missing) && v.Get("sessionId").Is(rawjson.Missing)
		})
	}, Read: lines(func(b *session.Builder) func(rawjson.Value, session.Place) session.Verdict {
		r := &cursorReader{one: one{b: b}}
		return r.record
	})}
}

type cursorReader struct{ one }

func (r *cursorReader) record(v rawjson.Value, at session.Place) session.Verdict {
	s := r.session("", at)
	m := blocks.Message{Place: at}
	content := v.Get("message", "content")
	switch v.Get("role").Text() {
	case "assistant":
		blocks.Agent(r.b, s, m, content, "role=assistant")
	case "user":
		if content.Is(rawjson.String) {
			r.user(m, content, false)
			break
		}
		more := false
		content.Each(func(block rawjson.Value) bool {
			if block.Get("type").Equal("tool_result") {
				blocks.Result(r.b, s, m, block)
			} else if text := block.Get("text"); !text.Empty() {
				more = r.user(m, text, more) || more
			}
			return true
		})
	default:
		return session.Other(session.Name(rawjson.FirstOf(v.Get("type"), v.Get("role"))))
	}
	return session.Read()
}

// user adds a text in the role "user", of which the program marks what a person
// typed.
func (r *cursorReader) user(m blocks.Message, v rawjson.Value, more bool) (human bool) {
	text := v.Text()
	const opening, closing = "<user_query>", "</user_query>"
	from, to := strings.Index(text, opening), strings.LastIndex(text, closing)
	by, said := "role=user, without tool_result", text
	if from >= 0 && to > from {
		if before := text[:from]; strings.TrimSpace(before) != "" {
			t := m.Turn(session.Injected, "role=user, before <user_query>", session.Context)
			t.Text = r.b.Part(v, m.Place, before, session.MaxText)
			r.b.Turn(r.s, t)
		}
		by, said = "role=user, in <user_query>", strings.Trim(text[from+len(opening):to], "\n")
	} else if strings.HasPrefix(text, "<") && strings.Contains(text[:min(len(text), 60)], "_context>") {
		r.say(m, v, session.Injected, "role=user, text begins with a mark of the program", session.Context)
		return false
	}
	t := m.Turn(session.Human, by, session.Message)
	t.Text, t.More = r.b.Part(v, m.Place, said, session.MaxHuman), more
	r.b.Turn(r.s, t)
	return true
}
