package agents

import (
	"context"

	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/blocks"
	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// Several programs keep messages as the Chat Completions API of OpenAI has them:
// role, content, tool_calls, tool_call_id. They differ in what stands beside that.

func vibe() session.Format {
	return session.Format{Name: "mistral-vibe", Product: "Mistral Vibe", Known: "2026-07", Detect: func(h session.Head) int {
		return h.Share(85, func(v rawjson.Value) bool {
			return v.Get("role").Exists() && (v.Get("message_id").Exists() || v.Get("reasoning_message_id").Exists() || v.Get("injected").Exists() || v.Get("tool_call_id").Exists() && v.Get("name").Exists())
		})
	}, Read: roleLines("role")}
}

func hermes() session.Format {
	return session.Format{Name: "hermes", Product: "Hermes", Known: "2026-08, messages as lines", Detect: func(h session.Head) int {
		return h.Share(90, func(v rawjson.Value) bool {
			return v.Get("role").Exists() && v.Get("finish_reason").Is(rawjson.String) && v.Get("tool_call_id").Is(rawjson.String) && v.Get("display_kind").Is(rawjson.String)
		})
	}, Read: roleLines("role")}
}

func gptme() session.Format {
	return session.Format{Name: "gptme", Product: "gptme", Known: "2026-06", Detect: func(h session.Head) int {
		pinned := false
		return h.Share(80, func(v rawjson.Value) bool {
			pinned = pinned || v.Get("pinned").Exists() || v.Get("hide").Exists() || v.Get("metadata", "model").Exists()
			return pinned && v.Get("role").Exists() && v.Get("content").Is(rawjson.String) && v.Get("timestamp").Is(rawjson.String)
		})
	}, Read: roleLines("role")}
}

func grok() session.Format {
	return session.Format{Name: "grok", Product: "Grok", Known: "2026-07, chat_history.jsonl", Detect: func(h session.Head) int {
		of := false
		return h.Share(85, func(v rawjson.Value) bool {
			switch v.Get("type").Text() {
			case "assistant":
				of = of || v.Get("model_id").Exists()
				return v.Get("model_id").Exists()
			case "system", "tool_result":
				return v.Get("content").Exists() && v.Get("message").Is(rawjson.Missing) && v.Get("sessionId").Is(rawjson.Missing) && v.Get("session_id").Is(rawjson.Missing)
			case "user":
				return v.Get("content").Exists() && v.Get("message").Is(rawjson.Missing)
			}
			return of
		})
	}, Read: roleLines("type")}
}

// plain is messages of which nothing says what program wrote them.
func plain() session.Format {
	return session.Format{Name: "chat-messages", Product: "Chat messages of a program that is not known", Known: "none", Detect: func(h session.Head) int {
		asked, answered := false, false
		score := h.Share(55, func(v rawjson.Value) bool {
			role := v.Get("role").Text()
			asked, answered = asked || role == "user", answered || role == "assistant"
			return (role == "user" || role == "assistant" || role == "system" || role == "tool") && (v.Get("content").Is(rawjson.String) || v.Get("content").Is(rawjson.Array))
		})
		if !asked || !answered {
			return 0
		}
		return score
	}, Read: roleLines("role")}
}

// roleLines reads lines whose field names the role.
func roleLines(field string) func(context.Context, *session.Source, *session.Builder) error {
	return lines(func(b *session.Builder) func(rawjson.Value, session.Place) session.Verdict {
		r := &roleReader{one: one{b: b}, field: field}
		return r.record
	})
}

type roleReader struct {
	one
	field string
	calls rawjson.Doc
}

func (r *roleReader) record(v rawjson.Value, at session.Place) session.Verdict {
	m := blocks.Message{
		ID: session.Name(rawjson.FirstOf(v.Get("message_id"), v.Get("id"))), Place: at, Time: session.TimeOf(rawjson.FirstOf(v.Get("timestamp"), v.Get("_ts"))),
		Model: session.Name(rawjson.FirstOf(v.Get("_model"), v.Get("model_id"), v.Get("metadata", "model"))),
	}
	s := r.session(session.Name(v.Get("session_id")), at)
	r.b.Seen(s, m.Time)
	s.Facts.Models.Add(m.Model)
	s.Facts.Directories.AddValue(v.Get("_cwd"))
	if r.b.Begin(s, m.ID, at) {
		m.Time = m.Time.Copied()
	}
	content := v.Get("content")
	switch role := session.Name(v.Get(r.field)); role {
	case "user":
		m.Model = ""
		r.user(m, v, blocks.Said(content))
	case "assistant":
		r.say(m, rawjson.FirstOf(v.Get("reasoning_content"), v.Get("reasoning")), session.Agent, r.field+"=assistant", session.Thinking)
		r.say(m, blocks.Said(content), session.Agent, r.field+"=assistant", session.Message)
		r.toolCalls(m, v.Get("tool_calls"))
	case "tool", "tool_result":
		r.result(m, v.Get("tool_call_id"), content, false, r.field+"="+role)
	case "system", "developer":
		r.say(m, blocks.Said(content), session.Injected, r.field+"="+role, session.Instruction)
	case "reasoning":
		r.say(m, blocks.Said(rawjson.FirstOf(content, v.Get("summary"))), session.Agent, r.field+"=reasoning", session.Thinking)
	default:
		return session.Other(role)
	}
	return session.Read()
}

func (r *roleReader) user(m blocks.Message, v, text rawjson.Value) {
	switch {
	case v.Get("injected").True():
		r.say(m, text, session.Injected, "injected", session.Context)
	case v.Get("synthetic_reason").Exists():
		r.say(m, text, session.Injected, "synthetic_reason="+session.Name(v.Get("synthetic_reason")), session.Context)
	case !v.Get("display_kind").Empty():
		r.say(m, text, session.Injected, "display_kind="+session.Name(v.Get("display_kind")), session.Context)
	default:
		r.say(m, text, session.Human, r.field+"=user, without a mark of the program", session.Message)
	}
}

// toolCalls adds what the model asked for; one program keeps the list as text.
func (r *roleReader) toolCalls(m blocks.Message, list rawjson.Value) {
	if list.Is(rawjson.String) && !list.Empty() {
		if r.calls.Parse([]byte(list.Text())) != nil {
			return
		}
		r.calls.Root().Each(func(call rawjson.Value) bool {
			f := call.Get("function")
			r.b.Act(r.s, session.Act{
				ID: session.Name(rawjson.FirstOf(call.Get("call_id"), call.Get("id"))), Record: m.ID, Place: m.Place, Time: m.Time, Model: m.Model,
				Tool: session.Name(rawjson.FirstOf(f.Get("name"), call.Get("name"))), Arguments: r.b.Part(list, m.Place, rawjson.FirstOf(f.Get("arguments"), call.Get("arguments")).Text(), session.MaxText),
			})
			return true
		})
		return
	}
	list.Each(func(call rawjson.Value) bool {
		f := call.Get("function")
		r.act(m, call.Get("id"), rawjson.FirstOf(f.Get("name"), call.Get("name")), rawjson.FirstOf(f.Get("arguments"), call.Get("arguments")))
		return true
	})
}
