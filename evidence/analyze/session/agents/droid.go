package agents

import (
	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/blocks"
	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// droid is the format of Factory's Droid: its store of sessions, and its stream of
// JSON. Seen up to version 0.81.
func droid() session.Format {
	return session.Format{Name: "droid", Product: "Droid", Known: "to 0.81", Detect: detectDroid, Read: lines(func(b *session.Builder) func(rawjson.Value, session.Place) session.Verdict {
		r := &droidReader{one: one{b: b}}
		return r.record
	})}
}

func detectDroid(h session.Head) int {
	store := false
	return h.Share(92, func(v rawjson.Value) bool {
		switch v.Get("type").Text() {
		case "session_start":
			store = v.Get("id").Exists() && v.Get("payload").Is(rawjson.Missing) && v.Get("data").Is(rawjson.Missing)
			return store
		case "system", "completion", "tool_call", "tool_result":
			return v.Get("session_id").Exists()
		case "message":
			return store || v.Get("session_id").Exists() && v.Get("role").Exists()
		}
		return store
	})
}

type droidReader struct{ one }

func (r *droidReader) record(v rawjson.Value, at session.Place) session.Verdict {
	m := blocks.Message{ID: session.Name(v.Get("id")), Parent: session.Name(v.Get("parentId")), Place: at, Time: session.TimeOf(v.Get("timestamp"))}
	kind := session.Name(v.Get("type"))
	name := session.Name(v.Get("session_id"))
	if kind == "session_start" {
		name = m.ID
	}
	s := r.session(name, at)
	r.b.Seen(s, m.Time)
	if kind != "session_start" && r.b.Begin(s, m.ID, at) {
		m.Time = m.Time.Copied()
	}
	s.Facts.Models.AddValue(v.Get("model"))
	s.Facts.Directories.AddValue(v.Get("cwd"))
	switch kind {
	case "session_start":
		s.Facts.Versions.AddValue(v.Get("version"))
		s.Facts.Titles.AddValue(v.Get("title"))
		s.Facts.Accounts.AddValue(v.Get("owner"))
	case "system":
	case "message":
		return r.message(m, v)
	case "tool_call":
		r.act(m, v.Get("toolCallId"), v.Get("toolName"), v.Get("parameters"))
	case "tool_result":
		code := v.Get("value", "exitCode")
		failed := v.Get("isError").True() || code.Exists() && code.Text() != "0"
		r.result(m, v.Get("toolCallId"), rawjson.FirstOf(v.Get("value", "stdout"), v.Get("value")), failed, "tool_result")
	case "completion":
		r.say(m, v.Get("finalText"), session.Agent, "type=completion", session.Message)
	default:
		return session.Other(kind)
	}
	return session.Read()
}

func (r *droidReader) message(m blocks.Message, v rawjson.Value) session.Verdict {
	msg := v.Get("message")
	role, content := msg.Get("role"), msg.Get("content")
	if !msg.Exists() {
		role, content = v.Get("role"), v.Get("text")
	}
	if role.Equal("assistant") {
		blocks.Agent(r.b, r.s, m, content, "role=assistant")
		return session.Read()
	}
	by := "role=user, without tool_result"
	if content.Is(rawjson.String) {
		r.say(m, content, session.Human, by, session.Message)
		return session.Read()
	}
	more := false
	content.Each(func(block rawjson.Value) bool {
		switch text := block.Get("text"); {
		case block.Get("type").Equal("tool_result"):
			blocks.Result(r.b, r.s, m, block)
		case injectedText(text):
			r.say(m, text, session.Injected, "role=user, text begins <system-reminder>", session.Context)
		case more:
			blocks.SayMore(r.b, r.s, m, text, session.Human, by, session.Message)
		case text.Exists():
			r.say(m, text, session.Human, by, session.Message)
			more = true
		}
		return true
	})
	return session.Read()
}

// injectedText reports whether a text begins with a mark that several programs
// put before what they say in the role "user".
func injectedText(v rawjson.Value) bool {
	head, _ := v.Cut(40)
	return len(head) > 17 && head[:17] == "<system-reminder>"
}
