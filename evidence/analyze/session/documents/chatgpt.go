package documents

import (
	"context"
	"strings"

	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/blocks"
	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// chatgpt is conversations.json of an export of ChatGPT, or a shard of it: trees of
// messages. What does not lead to current_node are edits and other answers.
// Sinity/polylogue polylogue/schemas/providers/chatgpt
func chatgpt() session.Format {
	return session.Format{Name: "chatgpt-export", Product: "ChatGPT (export)", Known: "2026", Detect: func(h session.Head) int {
		root := h.Document()
		if root.Is(rawjson.Array) {
			root = root.First()
		}
		switch {
		case root.Get("mapping").Is(rawjson.Object):
			return 95
		case root.Get("current_node").Exists() || root.Get("conversation_id").Exists() && root.Get("create_time").Exists():
			return 80
		}
		return 0
	}, Read: func(ctx context.Context, src *session.Source, b *session.Builder) error {
		c := &chatgptReader{export: export{b: b, list: "mapping"}}
		c.export.facts, c.export.record, c.endSpan = c.fact, c.node, c.finish
		return c.read(ctx, src)
	}}
}

type chatgptReader struct {
	export
	leaf string
}

func (c *chatgptReader) fact(name string, v rawjson.Value) {
	f := &c.s.Facts
	f.Providers.Add("openai")
	switch name {
	case "id", "conversation_id":
		if id := session.Name(v); id != "" && (name == "conversation_id" || strings.HasPrefix(c.s.ID, "conversation ")) {
			c.s.ID = id
		}
	case "title":
		f.Titles.AddValue(v)
	case "default_model_slug":
		f.Models.AddValue(v)
	case "current_node":
		c.leaf = session.Name(v)
	case "create_time", "update_time":
		c.b.Seen(c.s, session.TimeOf(v))
	case "user_id":
		f.Accounts.AddValue(v)
	case "gizmo_id":
		if v.Exists() {
			f.Notes.Add("custom GPT " + session.Name(v))
		}
	case "is_archived":
		if v.True() {
			f.Notes.Add("archived by the person")
		}
	}
}

func (c *chatgptReader) finish() {
	if c.leaf != "" {
		c.b.ByLeaf(c.s, c.leaf)
	}
	c.leaf = ""
}

func (c *chatgptReader) node(v rawjson.Value, at session.Place) session.Verdict {
	msg := v.Get("message")
	m := blocks.Message{ID: session.Name(v.Get("id")), Parent: session.Name(v.Get("parent")), Place: at, Time: session.TimeOf(msg.Get("create_time"))}
	c.b.Node(c.s, session.Node{ID: m.ID, Parent: m.Parent})
	if !msg.Exists() {
		return session.Other("node without a message")
	}
	c.b.Seen(c.s, m.Time)
	c.b.Begin(c.s, m.ID, at)
	text := textOf(msg.Get("content"))
	kind := session.Name(msg.Get("content", "content_type"))
	real := session.Name(msg.Get("author", "metadata", "real_author"))
	switch role := msg.Get("author", "role").Text(); {
	case strings.HasPrefix(real, "tool:"):
		c.say(m, text, session.Tool, "author.metadata.real_author="+real, session.Message)
	case role == "user" && (kind == "user_editable_context" || msg.Get("metadata", "is_user_system_message").True()):
		c.say(m, text, session.Injected, "content_type="+kind+" or is_user_system_message", session.Instruction)
	case role == "user" && real != "":
		c.say(m, text, session.Unknown, "author.metadata.real_author, which is not known", session.Message)
	case role == "user":
		c.say(m, text, session.Human, "author.role=user", session.Message)
	case role == "assistant":
		m.Model = session.Name(msg.Get("metadata", "model_slug"))
		c.assistant(m, msg, text, kind)
	case role == "tool":
		c.b.Result(c.s, session.Result{
			Call: m.Parent, Tool: session.Name(msg.Get("author", "name")), Record: m.ID, Place: at, Time: m.Time,
			Text: c.b.Text(text, at, session.MaxAnswer), Outcome: session.Done, By: "author.role=tool, paired with its parent",
		})
	default:
		c.say(m, text, session.Injected, "author.role="+role, session.Instruction)
	}
	return session.Read()
}

func (c *chatgptReader) assistant(m blocks.Message, msg, text rawjson.Value, kind string) {
	recipient := session.Name(msg.Get("recipient"))
	switch {
	case recipient != "" && recipient != "all":
		c.b.Act(c.s, session.Act{
			ID: m.ID, Record: m.ID, Parent: m.Parent, Place: m.Place, Time: m.Time, Model: m.Model, Tool: recipient,
			Arguments: c.b.Text(text, m.Place, session.MaxText),
		})
	case kind == "thoughts" || kind == "reasoning_recap":
		c.say(m, text, session.Agent, "author.role=assistant, content_type="+kind, session.Thinking)
	default:
		c.say(m, text, session.Agent, "author.role=assistant", session.Message)
	}
}

// textOf finds what a content says: its only part, all of them, or its text.
func textOf(content rawjson.Value) rawjson.Value {
	parts := content.Get("parts")
	first, n := rawjson.Value{}, 0
	parts.Each(func(part rawjson.Value) bool {
		if first, n = part, n+1; part.Get("text").Exists() {
			first = part.Get("text")
		}
		return n < 2
	})
	if n == 1 {
		return first
	}
	if n > 1 {
		return parts
	}
	return rawjson.FirstOf(content.Get("text"), content.Get("thoughts").First().Get("content"), content.Get("content"), content.Get("result"), content.Get("user_instructions"), content.Get("user_profile"))
}
