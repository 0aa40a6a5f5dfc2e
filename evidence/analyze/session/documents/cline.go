package documents

import (
	"context"
	"strings"

	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/blocks"
	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// cline is the conversations of Cline and Roo Code: <id>.messages.json of the newer
// program, api_conversation_history.json of the older ones.
// cline/cline apps/vscode/src/core/storage/disk.ts
func cline() session.Format {
	return session.Format{Name: "cline", Product: "Cline or Roo Code", Known: "2026-07", Detect: func(h session.Head) int {
		root := h.Document()
		switch first := root.First(); {
		case root.Get("sessionId").Exists() && root.Get("agent").Exists() && root.Get("messages").Is(rawjson.Array):
			return 90
		case first.Get("role").Exists() && first.Get("content").Is(rawjson.Array) && (strings.Contains(h.Name, "api_conversation_history") || strings.Contains(string(h.Bytes[:min(len(h.Bytes), 64<<10)]), "<environment_details>")):
			return 85
		}
		return 0
	}, Read: func(ctx context.Context, src *session.Source, b *session.Builder) error {
		head, err := src.Peek()
		if err != nil {
			return err
		}
		c := &clineReader{export: export{b: b, list: "messages"}}
		if head.Document().Is(rawjson.Array) {
			return session.EachValue(ctx, src, b, func(path []string) (rawjson.Action, bool) {
				if len(path) == 0 {
					return rawjson.Descend, false
				}
				return rawjson.Take, true
			}, func(_ []string, v rawjson.Value, at session.Place) session.Verdict {
				c.begin(at)
				return c.message(v, at)
			}, nil)
		}
		c.export.facts, c.export.record = c.fact, c.message
		return c.read(ctx, src)
	}}
}

type clineReader struct{ export }

func (c *clineReader) fact(name string, v rawjson.Value) {
	switch name {
	case "sessionId":
		c.s.ID = session.Name(v)
	case "agent":
		c.s.Facts.Notes.Add("agent " + session.Name(v))
	}
}

func (c *clineReader) message(v rawjson.Value, at session.Place) session.Verdict {
	m := blocks.Message{ID: session.Name(v.Get("id")), Place: at, Time: session.TimeOf(v.Get("ts")), Model: session.Name(v.Get("modelInfo", "id"))}
	c.b.Seen(c.s, m.Time)
	c.b.Begin(c.s, m.ID, at)
	c.s.Facts.Providers.AddValue(v.Get("modelInfo", "provider"))
	content := v.Get("content")
	switch role := session.Name(v.Get("role")); role {
	case "assistant":
		blocks.Agent(c.b, c.s, m, content, "role=assistant")
	case "user":
		if content.Is(rawjson.String) {
			c.user(m, content, false)
			break
		}
		more := false
		content.Each(func(block rawjson.Value) bool {
			switch block.Get("type").Text() {
			case "tool_result":
				blocks.Result(c.b, c.s, m, block)
			case "text":
				more = c.user(m, block.Get("text"), more) || more
			case "file":
				c.say(m, block.Get("content"), session.Injected, "content.type=file: a file that was given", session.Context)
			}
			return true
		})
	default:
		return session.Other(role)
	}
	return session.Read()
}

// user adds a text in the role "user": the older program puts results of tools and
// descriptions of the surroundings there as text.
func (c *clineReader) user(m blocks.Message, v rawjson.Value, more bool) (human bool) {
	head, _ := v.Cut(200)
	head = strings.TrimSpace(head)
	switch {
	case strings.HasPrefix(head, "<environment_details>"):
		c.say(m, v, session.Injected, "role=user, text begins <environment_details>", session.Context)
	case strings.HasPrefix(head, "[ERROR]"), strings.HasPrefix(head, "[TASK RESUMPTION]"), strings.HasPrefix(head, "<explicit_instructions"):
		c.say(m, v, session.Injected, "role=user, text begins with a mark of the program", session.Context)
	case strings.HasPrefix(head, "[") && strings.Contains(head, "] Result:"):
		c.say(m, v, session.Tool, "role=user, text begins [tool] Result:", session.Message)
	case more:
		blocks.SayMore(c.b, c.s, m, v, session.Human, "role=user, without tool_result", session.Message)
	case !v.Empty():
		c.say(m, v, session.Human, "role=user, without tool_result", session.Message)
		return true
	}
	return false
}
