package agents

import (
	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/blocks"
	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// kimi is the wire log of Kimi Code CLI, protocol 1.4. What a person typed is in
// turn.prompt and turn.steer; messages appended to the context repeat it.
func kimi() session.Format {
	return session.Format{Name: "kimi", Product: "Kimi Code CLI", Known: "protocol 1.4", Detect: func(h session.Head) int {
		of := false
		return h.Share(90, func(v rawjson.Value) bool {
			switch v.Get("type").Text() {
			case "metadata":
				of = of || v.Get("protocol_version").Exists()
				return v.Get("protocol_version").Exists()
			case "turn.prompt", "turn.steer", "context.append_message", "context.append_loop_event", "config.update", "llm.request":
				of = true
				return true
			}
			return of && (v.Get("time").Exists() || v.Get("type").Exists())
		})
	}, Read: lines(func(b *session.Builder) func(rawjson.Value, session.Place) session.Verdict {
		r := &kimiReader{one: one{b: b}}
		return r.record
	})}
}

type kimiReader struct{ one }

func (r *kimiReader) record(v rawjson.Value, at session.Place) session.Verdict {
	m := blocks.Message{Place: at, Time: session.TimeOf(rawjson.FirstOf(v.Get("time"), v.Get("created_at"))), Agent: session.Name(v.Get("agentId"))}
	if m.Agent == "main" {
		m.Agent = ""
	}
	s := r.session("", at)
	r.b.Seen(s, m.Time)
	kind := session.Name(v.Get("type"))
	switch kind {
	case "metadata":
		s.Facts.Versions.Add("protocol " + session.Name(v.Get("protocol_version")))
	case "config.update", "profile.bind":
		s.Facts.Models.AddValue(v.Get("modelAlias"))
		s.Facts.Directories.AddValue(v.Get("environmentDisclosure", "cwd"))
		r.say(m, v.Get("systemPrompt"), session.Injected, kind+".systemPrompt", session.Instruction)
	case "llm.request":
		s.Facts.Models.AddValue(v.Get("model"))
		s.Facts.Providers.AddValue(v.Get("provider"))
	case "permission.set_mode":
		s.Facts.Permissions.AddValue(v.Get("mode"))
	case "turn.prompt", "turn.steer":
		r.prompt(m, v, kind)
	case "turn.cancel":
		r.say(m, v, session.Injected, "type=turn.cancel", session.Interrupt)
	case "context.append_message":
		return r.message(m, v.Get("message"))
	case "context.append_loop_event":
		return r.event(m, v.Get("event"))
	default:
		return session.Other(kind)
	}
	return session.Read()
}

func (r *kimiReader) prompt(m blocks.Message, v rawjson.Value, kind string) {
	origin, by := session.Human, kind+".origin.kind=user"
	k := session.Message
	if from := v.Get("origin", "kind"); from.Exists() && !from.Equal("user") {
		origin, by, k = session.Injected, kind+".origin.kind="+session.Name(from), session.Context
	}
	r.say(m, blocks.Said(v.Get("input")), origin, by, k)
}

// message reads a message of the context. A person's is told by its turn already.
func (r *kimiReader) message(m blocks.Message, msg rawjson.Value) session.Verdict {
	content := blocks.Said(msg.Get("content"))
	from := msg.Get("origin", "kind")
	switch role := msg.Get("role").Text(); {
	case role == "user" && (from.Equal("user") || !from.Exists()):
		return session.Other("context.append_message: what a turn says")
	case role == "user":
		r.say(m, content, session.Injected, "message.origin.kind="+session.Name(from), session.Context)
	case role == "assistant":
		blocks.Agent(r.b, r.s, m, msg.Get("content"), "message.role=assistant")
		msg.Get("toolCalls").Each(func(call rawjson.Value) bool {
			r.act(m, call.Get("id"), rawjson.FirstOf(call.Get("function", "name"), call.Get("name")), rawjson.FirstOf(call.Get("function", "arguments"), call.Get("arguments")))
			return true
		})
	case role == "tool":
		r.result(m, rawjson.FirstOf(msg.Get("toolCallId"), msg.Get("tool_call_id")), content, msg.Get("isError").True(), "message.role=tool")
	default:
		return session.Other("context.append_message: " + role)
	}
	return session.Read()
}

func (r *kimiReader) event(m blocks.Message, e rawjson.Value) session.Verdict {
	m.ID = session.Name(e.Get("uuid"))
	switch kind := session.Name(e.Get("type")); kind {
	case "content.part":
		part := e.Get("part")
		k := session.Message
		if part.Get("think").Exists() {
			k = session.Thinking
		}
		r.say(m, rawjson.FirstOf(part.Get("text"), part.Get("think")), session.Agent, "event.type=content.part", k)
	case "tool.call":
		r.act(m, rawjson.FirstOf(e.Get("toolCallId"), e.Get("id")), rawjson.FirstOf(e.Get("name"), e.Get("toolName")), rawjson.FirstOf(e.Get("args"), e.Get("arguments"), e.Get("input")))
	case "tool.result":
		result := e.Get("result")
		r.result(m, rawjson.FirstOf(e.Get("toolCallId"), e.Get("id")), rawjson.FirstOf(result.Get("output"), result, e.Get("output")), result.Get("isError").True() || e.Get("isError").True(), "event.type=tool.result")
	default:
		return session.Other("context.append_loop_event: " + kind)
	}
	return session.Read()
}
