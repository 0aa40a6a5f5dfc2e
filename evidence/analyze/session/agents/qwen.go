package agents

import (
	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/blocks"
	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// qwen is the format of Qwen Code: an envelope as Claude Code has it, with parts as
// Gemini has them. Seen at version 0.21.
func qwen() session.Format {
	return session.Format{Name: "qwen", Product: "Qwen Code", Known: "0.21", Detect: func(h session.Head) int {
		return h.Share(95, func(v rawjson.Value) bool {
			return v.Get("uuid").Exists() && v.Get("sessionId").Exists() && (v.Get("message", "parts").Exists() || v.Get("systemPayload").Exists() || v.Get("type").Equal("system") && v.Get("message").Is(rawjson.Missing) && v.Get("userType").Is(rawjson.Missing))
		})
	}, Read: lines(func(b *session.Builder) func(rawjson.Value, session.Place) session.Verdict {
		r := &qwenReader{one: one{b: b}}
		return r.record
	})}
}

type qwenReader struct{ one }

func (r *qwenReader) record(v rawjson.Value, at session.Place) session.Verdict {
	m := blocks.Message{ID: session.Name(v.Get("uuid")), Parent: session.Name(v.Get("parentUuid")), Place: at, Time: session.TimeOf(v.Get("timestamp")), Model: session.Name(v.Get("model"))}
	s := r.session(session.Name(v.Get("sessionId")), at)
	r.b.Seen(s, m.Time)
	s.Facts.Models.Add(m.Model)
	s.Facts.Versions.AddValue(v.Get("version"))
	s.Facts.Directories.AddValue(v.Get("cwd"))
	s.Facts.GitBranches.AddValue(v.Get("gitBranch"))
	kind, sub := session.Name(v.Get("type")), session.Name(v.Get("subtype"))
	// One answer may be several records of one uuid: they are no copies.
	r.b.Node(s, session.Node{ID: m.ID, Parent: m.Parent})
	if kind == "user" || kind == "assistant" || kind == "tool_result" || sub == "rewind" {
		r.b.ByLeaf(s, m.ID)
	}
	switch kind {
	case "user", "assistant", "tool_result":
		return r.parts(m, v, kind, sub)
	case "system":
		if sub == "custom_title" {
			s.Facts.Titles.AddValue(v.Get("systemPayload", "customTitle"))
			return session.Read()
		}
		if sub == "chat_compression" {
			r.say(m, v.Get("systemPayload"), session.Injected, "system.subtype="+sub, session.Compaction)
			return session.Read()
		}
		return session.Other("system: " + sub)
	}
	return session.Other(kind)
}

func (r *qwenReader) parts(m blocks.Message, v rawjson.Value, kind, sub string) session.Verdict {
	more := false
	v.Get("message", "parts").Each(func(part rawjson.Value) bool {
		text := part.Get("text")
		switch call, response := part.Get("functionCall"), part.Get("functionResponse"); {
		case call.Exists():
			r.act(m, call.Get("id"), call.Get("name"), call.Get("args"))
		case response.Exists():
			r.result(m, response.Get("id"), rawjson.FirstOf(response.Get("response", "output"), response.Get("response", "error"), response.Get("response")), response.Get("response", "error").Exists(), "functionResponse")
		case kind == "assistant" && part.Get("thought").True():
			r.say(m, text, session.Agent, "type=assistant, thought", session.Thinking)
		case kind == "assistant":
			r.say(m, text, session.Agent, "type=assistant", session.Message)
		case kind == "tool_result":
			r.say(m, text, session.Tool, "type=tool_result", session.Message)
		case injectedText(text):
			r.say(m, text, session.Injected, "type=user, text begins <system-reminder>", session.Context)
		case more:
			blocks.SayMore(r.b, r.s, m, text, session.Human, "type=user", session.Message)
		default:
			by := "type=user"
			if sub != "" {
				by += ", subtype=" + sub
			}
			r.say(m, text, session.Human, by, session.Message)
			more = true
		}
		return true
	})
	return session.Read()
}
