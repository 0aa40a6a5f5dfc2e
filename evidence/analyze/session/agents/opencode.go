package agents

import (
	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/blocks"
	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// opencode is the parts of OpenCode's messages, one a line, with the role, model
// and time of their message beside them. Its own store is a database, or a file a
// part. anomalyco/opencode packages/opencode/src/session/message-v2.ts
func opencode() session.Format {
	return session.Format{Name: "opencode", Product: "OpenCode", Known: "parts as lines, 2026-05", Detect: func(h session.Head) int {
		return h.Share(90, func(v rawjson.Value) bool {
			return v.Get("_role").Exists() && v.Get("_ts").Exists() && v.Get("type").Exists()
		})
	}, Read: lines(func(b *session.Builder) func(rawjson.Value, session.Place) session.Verdict {
		r := &opencodeReader{one: one{b: b}}
		return r.record
	})}
}

type opencodeReader struct{ one }

func (r *opencodeReader) record(v rawjson.Value, at session.Place) session.Verdict {
	m := blocks.Message{ID: session.Name(v.Get("id")), Place: at, Time: session.TimeOf(v.Get("_ts")), Model: session.Name(v.Get("_model"))}
	s := r.session(session.Name(v.Get("sessionID")), at)
	r.b.Seen(s, m.Time)
	if r.b.Begin(s, m.ID, at) {
		m.Time = m.Time.Copied()
	}
	s.Facts.Models.Add(m.Model)
	s.Facts.Directories.AddValue(v.Get("_cwd"))
	user := v.Get("_role").Equal("user")
	switch kind := session.Name(v.Get("type")); kind {
	case "text":
		switch {
		case v.Get("synthetic").True() || v.Get("ignored").True():
			r.say(m, v.Get("text"), session.Injected, "synthetic or ignored", session.Context)
		case user:
			m.Model = ""
			r.say(m, v.Get("text"), session.Human, "role=user, neither synthetic nor ignored", session.Message)
		default:
			r.say(m, v.Get("text"), session.Agent, "role=assistant", session.Message)
		}
	case "reasoning":
		r.say(m, v.Get("text"), session.Agent, "type=reasoning", session.Thinking)
	case "tool":
		r.tool(m, v)
	case "subtask":
		r.say(m, v.Get("prompt"), session.Injected, "type=subtask", session.Order)
	case "compaction":
		r.say(m, v, session.Injected, "type=compaction", session.Compaction)
	case "retry":
		r.say(m, rawjson.FirstOf(v.Get("error"), v), session.Injected, "type=retry", session.Failure)
	default:
		return session.Other(kind)
	}
	return session.Read()
}

// tool reads a use of a tool with its state.
func (r *opencodeReader) tool(m blocks.Message, v rawjson.Value) {
	state := v.Get("state")
	act := m
	if start := session.TimeOf(state.Get("time", "start")); start.Known {
		act.Time = start
	}
	r.act(act, v.Get("callID"), v.Get("tool"), state.Get("input"))
	end := m
	if t := session.TimeOf(state.Get("time", "end")); t.Known {
		end.Time = t
	}
	switch status := state.Get("status").Text(); status {
	case "completed", "success":
		r.result(end, v.Get("callID"), state.Get("output"), false, "state.status="+status)
	case "error":
		r.result(end, v.Get("callID"), rawjson.FirstOf(state.Get("error"), state.Get("output")), true, "state.status=error")
	}
	if child := session.Name(state.Get("metadata", "sessionId")); child != "" {
		r.s.Facts.ParentOf.Add(child)
	}
}
