package documents

import (
	"context"

	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/blocks"
	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// claudeAI is conversations.json of an export of Claude.ai. Newer ones are trees,
// by parent_message_uuid. No model is stated.
// Sinity/polylogue polylogue/schemas/providers/claude-ai
func claudeAI() session.Format {
	return session.Format{Name: "claude-ai-export", Product: "Claude.ai (export)", Known: "2026", Detect: func(h session.Head) int {
		root := h.Document()
		if root.Is(rawjson.Array) {
			root = root.First()
		}
		if root.Get("chat_messages").Is(rawjson.Array) || root.Get("uuid").Exists() && root.Get("account", "uuid").Exists() && root.Get("created_at").Exists() {
			return 95
		}
		return 0
	}, Read: func(ctx context.Context, src *session.Source, b *session.Builder) error {
		c := &claudeAIReader{export: export{b: b, list: "chat_messages"}}
		c.export.facts, c.export.record, c.endSpan = c.fact, c.message, func() { b.ByPrompts(c.s) }
		return c.read(ctx, src)
	}}
}

type claudeAIReader struct{ export }

func (c *claudeAIReader) fact(name string, v rawjson.Value) {
	f := &c.s.Facts
	f.Providers.Add("anthropic")
	switch name {
	case "uuid":
		c.s.ID = session.Name(v)
	case "name":
		f.Titles.AddValue(v)
	case "account":
		f.Accounts.AddValue(v.Get("uuid"))
	case "created_at", "updated_at":
		c.b.Seen(c.s, session.TimeOf(v))
	case "project":
		f.Notes.Add("project " + session.Name(rawjson.FirstOf(v.Get("name"), v.Get("uuid"))))
	}
}

func (c *claudeAIReader) message(v rawjson.Value, at session.Place) session.Verdict {
	m := blocks.Message{ID: session.Name(v.Get("uuid")), Parent: session.Name(v.Get("parent_message_uuid")), Place: at, Time: session.TimeOf(v.Get("created_at"))}
	c.b.Seen(c.s, m.Time)
	c.b.Begin(c.s, m.ID, at)
	human := v.Get("sender").Equal("human")
	c.b.Node(c.s, session.Node{ID: m.ID, Parent: m.Parent, Prompt: human})
	content := v.Get("content")
	if !human {
		if content.Empty() {
			content = v.Get("text")
		}
		blocks.Agent(c.b, c.s, m, content, "sender="+session.Name(v.Get("sender")))
		return session.Read()
	}
	text := v.Get("text")
	if text.Empty() {
		text = blocks.Said(content)
	}
	c.say(m, text, session.Human, "sender=human", session.Message)
	v.Get("attachments").Each(func(a rawjson.Value) bool {
		c.say(m, a.Get("extracted_content"), session.Injected, "attachments.extracted_content: a file that was given", session.Context)
		return true
	})
	content.Each(func(block rawjson.Value) bool {
		if block.Get("type").Equal("tool_result") {
			blocks.Result(c.b, c.s, m, block)
		}
		return true
	})
	return session.Read()
}
