// Package blocks reads the content of messages that is a list of typed blocks, as
// the Messages API of Anthropic has it and many programs keep it: text, thinking,
// tool_use, tool_result.
package blocks

import (
	"strings"

	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// Message is the record that content belongs to.
type Message struct {
	ID, Parent string
	Place      session.Place
	Time       session.Time
	Model      string
	Agent      string
}

// Turn returns a turn of the record, without what it says.
func (m Message) Turn(o session.Origin, by string, k session.Kind) session.Turn {
	return session.Turn{ID: m.ID, Parent: m.Parent, Place: m.Place, Time: m.Time, Model: m.Model, Agent: m.Agent, Origin: o, By: by, Kind: k}
}

// Agent adds what the model said and asked for. By names the field that says that
// it was the model.
func Agent(b *session.Builder, s *session.Session, m Message, content rawjson.Value, by string) {
	if content.Is(rawjson.String) {
		say(b, s, m, content, by, session.Message)
		return
	}
	content.Each(func(block rawjson.Value) bool {
		switch kind := block.Get("type").Text(); kind {
		case "text":
			say(b, s, m, block.Get("text"), by, session.Message)
		case "thinking", "reasoning":
			say(b, s, m, rawjson.FirstOf(block.Get("thinking"), block.Get("text")), by, session.Thinking)
		case "tool_use", "server_tool_use", "mcp_tool_use", "toolCall":
			act := session.Act{
				ID: session.Name(block.Get("id")), Record: m.ID, Parent: m.Parent, Place: m.Place, Time: m.Time, Model: m.Model, Agent: m.Agent,
				Tool: session.Name(block.Get("name")), Arguments: b.Text(rawjson.FirstOf(block.Get("input"), block.Get("arguments")), m.Place, session.MaxText),
			}
			if !b.SameCall(s, act) {
				b.Act(s, act)
			}
		case "tool_result", "web_search_tool_result", "mcp_tool_result", "code_execution_tool_result":
			Result(b, s, m, block)
		}
		return true
	})
}

func say(b *session.Builder, s *session.Session, m Message, text rawjson.Value, by string, k session.Kind) {
	if text.Empty() {
		return
	}
	t := m.Turn(session.Agent, by, k)
	t.Text = b.Text(text, m.Place, session.MaxText)
	b.Turn(s, t)
}

// Result adds a block of type tool_result.
func Result(b *session.Builder, s *session.Session, m Message, block rawjson.Value) {
	text := Said(block.Get("content"))
	r := session.Result{
		Call: session.Name(block.Get("tool_use_id")), Record: m.ID, Place: m.Place, Time: m.Time, Agent: m.Agent,
		Text: b.Text(text, m.Place, session.MaxAnswer), Outcome: session.Done, By: "tool_result.is_error",
	}
	if !block.Get("is_error").Exists() {
		r.By = "tool_result"
	}
	if block.Get("is_error").True() {
		r.Outcome = session.Failed
	}
	if declined(r.Text.Said) {
		r.Outcome, r.By = session.Refused, "tool_result.content, which says that the person declined"
	}
	b.Result(s, r)
}

// declined reports whether a result is what Claude Code writes when a person does
// not let a tool run.
func declined(text string) bool {
	return strings.HasPrefix(text, "The user doesn't want to proceed with this tool use") ||
		strings.HasPrefix(text, "The user doesn't want to take this action right now")
}

// Said returns the value that holds what content says: a string itself, or the only
// text of its blocks, or all of them.
func Said(content rawjson.Value) rawjson.Value {
	if !content.Is(rawjson.Array) {
		return content
	}
	var only rawjson.Value
	n := 0
	content.Each(func(block rawjson.Value) bool {
		n++
		if text := block.Get("text"); text.Is(rawjson.String) {
			only = text
		}
		return n < 2
	})
	if n == 1 && only.Exists() {
		return only
	}
	return content
}

// Say adds a text of a record, cut to what is kept of its origin. An empty one is
// none.
func Say(b *session.Builder, s *session.Session, m Message, text rawjson.Value, o session.Origin, by string, k session.Kind) *session.Turn {
	if text.Empty() {
		return nil
	}
	limit := session.MaxText
	if o == session.Human {
		limit = session.MaxHuman
	}
	t := m.Turn(o, by, k)
	t.Text = b.Text(text, m.Place, limit)
	return b.Turn(s, t)
}

// SayMore is Say for a text that goes on with the turn before.
func SayMore(b *session.Builder, s *session.Session, m Message, text rawjson.Value, o session.Origin, by string, k session.Kind) *session.Turn {
	if text.Empty() {
		return nil
	}
	t := m.Turn(o, by, k)
	t.Text, t.More = b.Text(text, m.Place, session.MaxHuman), true
	return b.Turn(s, t)
}
