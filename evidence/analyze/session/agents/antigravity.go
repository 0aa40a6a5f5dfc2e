package agents

import (
	"strings"

	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/blocks"
	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// antigravity is the transcript of Google's Antigravity: steps. Only those of
// source USER_EXPLICIT are a person's; of the result of a tool the log has the text
// without the call that it belongs to.
func antigravity() session.Format {
	return session.Format{Name: "antigravity", Product: "Antigravity", Known: "2026-06", Detect: func(h session.Head) int {
		return h.Share(95, func(v rawjson.Value) bool {
			return v.Get("step_index").Exists() && v.Get("source").Exists() && v.Get("type").Exists()
		})
	}, Read: lines(func(b *session.Builder) func(rawjson.Value, session.Place) session.Verdict {
		r := &antigravityReader{one: one{b: b}}
		return r.record
	})}
}

type antigravityReader struct{ one }

func (r *antigravityReader) record(v rawjson.Value, at session.Place) session.Verdict {
	m := blocks.Message{ID: "step " + session.Name(v.Get("step_index")), Place: at, Time: session.TimeOf(v.Get("created_at"))}
	s := r.session("", at)
	r.b.Seen(s, m.Time)
	kind, source := session.Name(v.Get("type")), session.Name(v.Get("source"))
	content := v.Get("content")
	switch source {
	case "USER_EXPLICIT":
		r.request(m, content)
	case "MODEL":
		if kind != "PLANNER_RESPONSE" {
			r.say(m, content, session.Tool, "source=MODEL, type="+kind, session.Message)
			break
		}
		r.say(m, v.Get("thinking"), session.Agent, "source=MODEL", session.Thinking)
		r.say(m, content, session.Agent, "source=MODEL", session.Message)
		v.Get("tool_calls").Each(func(call rawjson.Value) bool {
			r.act(m, call.Get("id"), call.Get("name"), call.Get("args"))
			return true
		})
	default:
		if content.Empty() {
			return session.Other(kind)
		}
		k := session.Context
		if kind == "CHECKPOINT" {
			k = session.Compaction
		}
		origin := session.Injected
		if source != "SYSTEM" {
			origin = session.Unknown
		}
		r.say(m, content, origin, "source="+source+", type="+kind, k)
	}
	return session.Read()
}

// request splits what a person typed from what the program put around it.
func (r *antigravityReader) request(m blocks.Message, content rawjson.Value) {
	text := content.Text()
	const opening, closing = "<USER_REQUEST>", "</USER_REQUEST>"
	from, to := strings.Index(text, opening), strings.Index(text, closing)
	if from < 0 || to < from {
		r.say(m, content, session.Human, "source=USER_EXPLICIT", session.Message)
		return
	}
	part := func(said string, o session.Origin, by string, k session.Kind, limit int) {
		if strings.TrimSpace(said) == "" {
			return
		}
		t := m.Turn(o, by, k)
		t.Text = r.b.Part(content, m.Place, said, limit)
		r.b.Turn(r.s, t)
	}
	part(text[:from], session.Injected, "source=USER_EXPLICIT, before <USER_REQUEST>", session.Context, session.MaxText)
	part(strings.Trim(text[from+len(opening):to], "\n"), session.Human, "source=USER_EXPLICIT, in <USER_REQUEST>", session.Message, session.MaxHuman)
	part(text[to+len(closing):], session.Injected, "source=USER_EXPLICIT, behind </USER_REQUEST>", session.Context, session.MaxText)
}
