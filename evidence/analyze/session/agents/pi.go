package agents

import (
	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/blocks"
	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// pi is the format of Pi and of OpenClaw, which is built on it: a tree of entries.
// OpenClaw docs/reference/session-management-compaction.md; version 3 of the header.
func pi() session.Format {
	return session.Format{Name: "pi", Product: "Pi or OpenClaw", Known: "header version 3", Detect: detectPi, Read: lines(func(b *session.Builder) func(rawjson.Value, session.Place) session.Verdict {
		r := &piReader{one: one{b: b}}
		return r.record
	})}
}

func detectPi(h session.Head) int {
	header := false
	return h.Share(90, func(v rawjson.Value) bool {
		switch kind := v.Get("type").Text(); kind {
		case "session":
			header = v.Get("version").Is(rawjson.Number) && v.Get("cwd").Exists()
			return header
		case "message":
			return header && v.Get("message", "role").Exists() && v.Get("id").Exists()
		default:
			return header && v.Get("id").Exists() && v.Get("timestamp").Exists()
		}
	})
}

type piReader struct{ one }

func (r *piReader) record(v rawjson.Value, at session.Place) session.Verdict {
	m := blocks.Message{ID: session.Name(v.Get("id")), Parent: session.Name(v.Get("parentId")), Place: at, Time: session.TimeOf(v.Get("timestamp"))}
	kind := session.Name(v.Get("type"))
	if kind == "session" {
		s := r.session(m.ID, at)
		s.Fork = session.Name(rawjson.FirstOf(v.Get("parentSession"), v.Get("branchedFrom")))
		s.Facts.Directories.AddValue(v.Get("cwd"))
		r.b.Seen(s, m.Time)
		return session.Read()
	}
	s := r.session("", at)
	r.b.Seen(s, m.Time)
	if r.b.Begin(s, m.ID, at) {
		m.Time = m.Time.Copied()
	}
	r.b.Node(s, session.Node{ID: m.ID, Parent: m.Parent})
	if m.ID != "" {
		r.b.ByLeaf(s, m.ID)
	}
	switch kind {
	case "message":
		return r.message(m, v.Get("message"))
	case "model_change":
		s.Facts.Models.AddValue(v.Get("modelId"))
		s.Facts.Providers.AddValue(v.Get("provider"))
	case "compaction":
		r.say(m, rawjson.FirstOf(v.Get("summary"), v), session.Injected, "type=compaction", session.Compaction)
	case "branch_summary":
		r.say(m, v.Get("summary"), session.Injected, "type=branch_summary", session.Summary)
	case "custom_message":
		r.say(m, blocks.Said(v.Get("content")), session.Injected, "type=custom_message", session.Context)
	case "session_info":
		s.Facts.Titles.AddValue(v.Get("name"))
	default:
		return session.Other(kind)
	}
	return session.Read()
}

func (r *piReader) message(m blocks.Message, msg rawjson.Value) session.Verdict {
	m.Model = session.Name(msg.Get("model"))
	r.s.Facts.Providers.AddValue(msg.Get("provider"))
	content := msg.Get("content")
	switch role := session.Name(msg.Get("role")); role {
	case "user":
		r.say(m, blocks.Said(content), session.Human, "message.role=user", session.Message)
	case "assistant":
		blocks.Agent(r.b, r.s, m, content, "message.role=assistant")
		if text := msg.Get("errorMessage"); text.Exists() {
			r.say(m, text, session.Injected, "message.errorMessage", session.Failure)
		}
	case "toolResult":
		r.result(m, msg.Get("toolCallId"), content, msg.Get("isError").True(), "message.isError")
	case "bashExecution":
		blocks.SayMore(r.b, r.s, m, msg.Get("command"), session.Human, "message.role=bashExecution", session.Command)
		blocks.Say(r.b, r.s, m, msg.Get("output"), session.Tool, "message.role=bashExecution", session.Message)
	case "system":
		r.say(m, blocks.Said(content), session.Injected, "message.role=system", session.Context)
	default:
		return session.Other("message: " + role)
	}
	return session.Read()
}
