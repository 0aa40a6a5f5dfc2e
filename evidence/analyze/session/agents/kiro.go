package agents

import (
	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/blocks"
	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// kiro is the format of Kiro CLI, whose lines have version, kind and data. Only
// prompts have times.
func kiro() session.Format {
	return session.Format{Name: "kiro-cli", Product: "Kiro CLI", Known: "v1", Detect: func(h session.Head) int {
		return h.Share(95, func(v rawjson.Value) bool {
			return v.Get("kind").Is(rawjson.String) && v.Get("version").Is(rawjson.String) && v.Get("data").Is(rawjson.Object)
		})
	}, Read: lines(func(b *session.Builder) func(rawjson.Value, session.Place) session.Verdict {
		r := &kiroReader{one: one{b: b}}
		return r.record
	})}
}

type kiroReader struct{ one }

func (r *kiroReader) record(v rawjson.Value, at session.Place) session.Verdict {
	data := v.Get("data")
	m := blocks.Message{ID: session.Name(data.Get("message_id")), Place: at, Time: session.TimeOf(data.Get("meta", "timestamp"))}
	s := r.session("", at)
	r.b.Seen(s, m.Time)
	if r.b.Begin(s, m.ID, at) {
		m.Time = m.Time.Copied()
	}
	kind := session.Name(v.Get("kind"))
	switch kind {
	case "Prompt", "AssistantMessage", "ToolResults":
	case "Compaction", "Summary":
		r.say(m, rawjson.FirstOf(data.Get("summary"), data), session.Injected, "kind="+kind, session.Compaction)
		return session.Read()
	default:
		return session.Other(kind)
	}
	said := false
	data.Get("content").Each(func(block rawjson.Value) bool {
		part := block.Get("data")
		switch block.Get("kind").Text() {
		case "toolUse":
			r.act(m, part.Get("toolUseId"), part.Get("name"), part.Get("input"))
		case "toolResult":
			r.result(m, part.Get("toolUseId"), rawjson.FirstOf(part.Get("content").First().Get("data"), part.Get("content")), part.Get("status").Equal("error"), "toolResult.status")
		case "text":
			switch {
			case kind != "Prompt":
				r.say(m, part, session.Agent, "kind="+kind, session.Message)
			case said:
				blocks.SayMore(r.b, s, m, part, session.Human, "kind=Prompt", session.Message)
			default:
				r.say(m, part, session.Human, "kind=Prompt", session.Message)
				said = !part.Empty()
			}
		}
		return true
	})
	return session.Read()
}
