package gemini

import (
	"strings"

	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/blocks"
	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// inChat reads a value of a chat that is one document.
func (r *reader) inChat(path []string, v rawjson.Value, at session.Place) session.Verdict {
	if len(path) == 2 {
		return r.message(v, at)
	}
	switch path[0] {
	case "sessionId":
		if r.session != nil {
			r.session.ID = session.Name(v)
		} else {
			r.name(v, at)
		}
	case "startTime":
		r.b.Seen(r.current(at), session.TimeOf(v))
	case "summary":
		r.current(at).Facts.Titles.AddValue(v)
	case "projectHash":
		r.current(at).Facts.Notes.Add("project hash " + session.Name(v))
	}
	return session.Read()
}

// message reads a message, which replaces one of the same identifier.
func (r *reader) message(v rawjson.Value, at session.Place) session.Verdict {
	s := r.current(at)
	id := session.Name(v.Get("id"))
	now := state(v)
	if before, ok := r.written[id]; ok && before != now {
		r.b.Replace(s, id, "a later record has the same id")
	}
	if len(r.written) < maxLive {
		r.written[id] = now
	}
	r.list(id)
	r.b.Begin(s, id, at)
	m := blocks.Message{ID: id, Place: at, Time: session.TimeOf(v.Get("timestamp")), Model: session.Name(v.Get("model"))}
	r.b.Seen(s, m.Time)
	kind := session.Name(v.Get("type"))
	switch kind {
	case "user":
		r.user(s, m, v)
	case "gemini":
		r.agent(s, m, v)
	case "info", "warning", "error":
		k := session.Context
		if kind == "error" {
			k = session.Failure
		}
		r.say(s, m, v.Get("content"), session.Injected, "type="+kind, k, false)
	default:
		return session.Other("message: " + kind)
	}
	return session.Read()
}

// list puts a message at the end of the list, unless it is there.
func (r *reader) list(id string) {
	for i := len(r.live) - 1; i >= 0 && i >= len(r.live)-64; i-- {
		if r.live[i] == id {
			return
		}
	}
	if len(r.live) < maxLive {
		r.live = append(r.live, id)
	}
}

func (r *reader) say(s *session.Session, m blocks.Message, text rawjson.Value, o session.Origin, by string, k session.Kind, more bool) {
	if text.Empty() {
		return
	}
	limit := session.MaxText
	if o == session.Human {
		limit = session.MaxHuman
	}
	t := m.Turn(o, by, k)
	t.Text, t.More = r.b.Text(text, m.Place, limit), more
	r.b.Turn(s, t)
}

func (r *reader) user(s *session.Session, m blocks.Message, v rawjson.Value) {
	content := v.Get("content")
	if content.Is(rawjson.String) {
		r.human(s, m, content, false)
		return
	}
	more := false
	content.Each(func(part rawjson.Value) bool {
		switch {
		case part.Get("functionResponse").Exists():
			r.response(s, m, part.Get("functionResponse"))
		case part.Get("text").Is(rawjson.String):
			more = r.human(s, m, part.Get("text"), more) || more
		}
		return true
	})
}

// human adds a text in the role "user". It reports whether it was a person's.
func (r *reader) human(s *session.Session, m blocks.Message, text rawjson.Value, more bool) bool {
	head, _ := text.Cut(64)
	head = strings.TrimSpace(head)
	for _, mark := range []string{"<session_context>", "<hook_context>", "<background_", "<state_snapshot>", "<system-reminder>", "--- Content from referenced files ---", "<ide_context>"} {
		if strings.HasPrefix(head, mark) {
			r.say(s, m, text, session.Injected, "type=user, text begins "+mark, session.Context, false)
			return false
		}
	}
	if text.Empty() {
		return false
	}
	r.say(s, m, text, session.Human, "type=user, without a mark of the program", session.Message, more)
	return true
}

func (r *reader) agent(s *session.Session, m blocks.Message, v rawjson.Value) {
	v.Get("thoughts").Each(func(thought rawjson.Value) bool {
		r.say(s, m, rawjson.FirstOf(thought.Get("description"), thought.Get("subject")), session.Agent, "thoughts", session.Thinking, false)
		return true
	})
	content := v.Get("content")
	if content.Is(rawjson.String) {
		r.say(s, m, content, session.Agent, "type=gemini", session.Message, false)
	}
	content.Each(func(part rawjson.Value) bool {
		r.say(s, m, part.Get("text"), session.Agent, "type=gemini", session.Message, false)
		return true
	})
	v.Get("toolCalls").Each(func(call rawjson.Value) bool { r.call(s, m, call); return true })
}

// call reads a use of a tool with its result, in one.
func (r *reader) call(s *session.Session, m blocks.Message, call rawjson.Value) {
	id := session.Name(call.Get("id"))
	at := session.Within(m.Place, call)
	when := session.TimeOf(call.Get("timestamp"))
	if !r.b.Called(s, id) || id == "" {
		r.b.Act(s, session.Act{
			ID: id, Record: m.ID, Place: at, Time: when, Model: m.Model, Agent: session.Name(call.Get("agentId")), Tool: session.Name(call.Get("name")),
			Arguments: r.b.Text(call.Get("args"), m.Place, session.MaxText),
		})
	}
	result := call.Get("result")
	if act := r.b.Call(s, id); !result.Exists() || act != nil && act.Outcome != session.Open {
		return
	}
	outcome := session.Done
	switch status := call.Get("status").Text(); status {
	case "error":
		outcome = session.Failed
	case "cancelled", "canceled":
		outcome = session.Refused
	}
	r.b.Result(s, session.Result{
		Call: id, Record: m.ID, Place: at, Time: when, Text: r.b.Text(output(result), m.Place, session.MaxAnswer), Outcome: outcome, By: "toolCalls.status",
	})
}

// output finds the text in a result: functionResponse.response.output.
func output(result rawjson.Value) rawjson.Value {
	response := result
	if result.Is(rawjson.Array) {
		response = result.First()
	}
	if f := response.Get("functionResponse"); f.Exists() {
		response = f
	}
	if f := response.Get("response"); f.Exists() {
		response = f
	}
	return rawjson.FirstOf(response.Get("output"), response.Get("error"), response)
}

// response reads what goes back to the model. The call has it already where the
// program wrote both.
func (r *reader) response(s *session.Session, m blocks.Message, f rawjson.Value) {
	id := session.Name(f.Get("id"))
	if act := r.b.Call(s, id); act != nil && act.Outcome != session.Open || act == nil && id != "" && r.b.Called(s, id) {
		return
	}
	outcome := session.Done
	if f.Get("response", "error").Exists() {
		outcome = session.Failed
	}
	r.b.Result(s, session.Result{
		Call: id, Tool: session.Name(f.Get("name")), Record: m.ID, Place: m.Place, Time: m.Time,
		Text: r.b.Text(output(f), m.Place, session.MaxAnswer), Outcome: outcome, By: "functionResponse",
	})
}

// prompt reads an element of logs.json: what people typed, whatever became of it.
func (r *reader) prompt(_ []string, v rawjson.Value, at session.Place) session.Verdict {
	s := r.b.Session(session.Name(v.Get("sessionId")), at)
	m := blocks.Message{ID: session.Name(v.Get("messageId")), Place: at, Time: session.TimeOf(v.Get("timestamp"))}
	r.b.Seen(s, m.Time)
	if !v.Get("type").Equal("user") {
		return session.Other("logs.json: " + session.Name(v.Get("type")))
	}
	r.b.Begin(s, m.ID, at)
	r.say(s, m, v.Get("message"), session.Human, "logs.json, type=user", session.Message, false)
	return session.Read()
}

// turn reads an element of a checkpoint: contents as the model gets them.
func (r *reader) turn(path []string, v rawjson.Value, at session.Place) session.Verdict {
	if path[len(path)-1] != rawjson.Element {
		return session.Read()
	}
	s := r.current(at)
	m := blocks.Message{Place: at}
	model := v.Get("role").Equal("model")
	v.Get("parts").Each(func(part rawjson.Value) bool {
		text := part.Get("text")
		switch {
		case part.Get("functionResponse").Exists():
			r.response(s, m, part.Get("functionResponse"))
		case part.Get("functionCall").Exists():
			call := part.Get("functionCall")
			r.b.Act(s, session.Act{ID: session.Name(call.Get("id")), Place: at, Tool: session.Name(call.Get("name")), Arguments: r.b.Text(call.Get("args"), at, session.MaxText)})
		case model && part.Get("thought").True():
			r.say(s, m, text, session.Agent, "role=model, thought", session.Thinking, false)
		case model:
			r.say(s, m, text, session.Agent, "role=model", session.Message, false)
		default:
			r.human(s, m, text, false)
		}
		return true
	})
	return session.Read()
}
