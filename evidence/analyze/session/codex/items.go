package codex

import (
	"crypto/sha256"
	"strings"

	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/blocks"
	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// item reads what went between the program and the model.
func (r *reader) item(s *session.Session, m blocks.Message, p rawjson.Value) session.Verdict {
	m.ID = session.Name(p.Get("id"))
	if m.ID == "" {
		m.ID = r.turn
	}
	kind := session.Name(p.Get("type"))
	if kind == "" && p.Get("role").Exists() {
		kind = "message"
	}
	switch kind {
	case "message":
		return r.message(s, m, p)
	case "reasoning":
		return r.reasoning(s, m, p)
	case "tool_call", "function_call", "custom_tool_call", "local_shell_call", "web_search_call", "tool_search_call", "image_generation_call":
		r.call(s, m, p, kind)
	case "tool_result", "function_result":
		r.named(s, m, p)
	case "function_call_output", "custom_tool_call_output", "tool_search_output", "local_shell_call_output":
		r.output(s, m, p)
	case "agent_message":
		r.notice(s, m, rawjson.FirstOf(p.Get("content"), p.Get("message")), "response_item.agent_message", session.Order)
	case "compaction", "compaction_summary":
		r.notice(s, m, rawjson.FirstOf(p.Get("summary"), p.Get("content")), "response_item."+kind, session.Compaction)
	default:
		return session.Other("response_item: " + kind)
	}
	return session.Read()
}

func (r *reader) message(s *session.Session, m blocks.Message, p rawjson.Value) session.Verdict {
	role := p.Get("role").Text()
	content := rawjson.FirstOf(p.Get("content"), p.Get("message"))
	if model := session.Name(p.Get("model")); model != "" {
		r.model = model
		s.Facts.Models.Add(model)
	}
	if content.Is(rawjson.String) {
		r.say(s, m, content, role)
		return session.Read()
	}
	if !content.Is(rawjson.Array) {
		return session.Bad("a message without content")
	}
	content.Each(func(block rawjson.Value) bool {
		if text := block.Get("text"); text.Is(rawjson.String) {
			r.say(s, m, text, role)
		}
		return true
	})
	return session.Read()
}

// say adds one text of a message.
func (r *reader) say(s *session.Session, m blocks.Message, text rawjson.Value, role string) {
	switch role {
	case "assistant":
		r.both(s, m, text, "message", session.Agent, "response_item.message.role=assistant")
	case "user":
		head, _ := text.Cut(64)
		if mark := injected(head); mark != "" {
			k := session.Context
			if strings.Contains(mark, "nstructions") || strings.HasPrefix(mark, "<INSTR") {
				k = session.Instruction
			}
			r.notice(s, m, text, "role=user, text begins "+mark, k)
			return
		}
		if strings.HasPrefix(head, "<user_shell_command>") {
			t := m.Turn(session.Human, "text begins <user_shell_command>", session.Command)
			t.Text, t.More = r.b.Text(text, m.Place, session.MaxHuman), true
			r.b.Turn(s, t)
			return
		}
		r.both(s, m, text, "message", session.Human, "response_item.message.role=user, without a mark of the program")
	default:
		r.notice(s, m, text, "response_item.message.role="+role, session.Instruction)
	}
}

// injected returns the mark with which the program begins a text of its own in the
// role "user", or "".
func injected(head string) string {
	head = strings.TrimLeft(head, " \n\t")
	for _, mark := range []string{
		"<environment_context>", "<user_instructions>", "# AGENTS.md instructions", "<permissions instructions>", "<skills_instructions>",
		"<plugins_instructions>", "<apps_instructions>", "<collaboration_mode>", "<multi_agent_mode>", "<model_switch>", "<turn_aborted>", "<INSTRUCTIONS>",
		"<subagent_notification>", "<skill>", "<hook_prompt>", "<goal_context>", "<codex_internal_context>",
	} {
		if strings.HasPrefix(head, mark) {
			return mark
		}
	}
	return ""
}

// both adds a text that stands in the log twice, as an item and as an event: the
// second is a further place of the first, and the event decides the origin.
func (r *reader) both(s *session.Session, m blocks.Message, v rawjson.Value, form string, o session.Origin, by string) {
	text := sha256.Sum256([]byte(v.Text()))
	if r.again {
		r.further(text, m.Place)
	}
	for i, p := range r.pending {
		if !p.gone && p.form != form && p.text == text {
			r.pending[i].gone = true
			r.b.Again(p.turn, m.Place)
			if p.turn != nil && form == "event" {
				p.turn.By = by
			}
			return
		}
	}
	t := m.Turn(o, by, session.Message)
	limit := session.MaxText
	if o == session.Human {
		limit = session.MaxHuman
	} else {
		t.Model = r.model
	}
	t.Text = r.b.Text(v, m.Place, limit)
	kept := r.b.Turn(s, t)
	if len(r.pending) == maxPending {
		r.pending = append(r.pending[:0], r.pending[1:]...)
	}
	r.pending = append(r.pending, pending{text: text, turn: kept, form: form})
}

// further notes a further place of a text of a turn that stands in the log again.
func (r *reader) further(text [32]byte, at session.Place) {
	for _, p := range r.before[r.turn] {
		if p.text == text {
			r.b.Again(p.turn, at)
			return
		}
	}
}

func (r *reader) reasoning(s *session.Session, m blocks.Message, p rawjson.Value) session.Verdict {
	said := false
	for _, list := range []rawjson.Value{p.Get("summary"), p.Get("content")} {
		list.Each(func(block rawjson.Value) bool {
			if text := block.Get("text"); !text.Empty() {
				t := m.Turn(session.Agent, "response_item.reasoning", session.Thinking)
				t.Model, t.Text = r.model, r.b.Text(text, m.Place, session.MaxText)
				r.b.Turn(s, t)
				said = true
			}
			return true
		})
	}
	if !said && p.Get("encrypted_content").Exists() {
		return session.Other("reasoning, encrypted by the provider")
	}
	return session.Read()
}

func (r *reader) call(s *session.Session, m blocks.Message, p rawjson.Value, kind string) {
	tool := session.Name(rawjson.FirstOf(p.Get("name"), p.Get("function", "name")))
	if space := session.Name(p.Get("namespace")); space != "" {
		tool = space + "." + tool
	}
	if tool == "" {
		tool = strings.TrimSuffix(kind, "_call")
	}
	arguments := rawjson.FirstOf(p.Get("arguments"), p.Get("input"), p.Get("action"), p.Get("query"), p.Get("revised_prompt"))
	id := session.Name(rawjson.FirstOf(p.Get("call_id"), p.Get("id")))
	if kind == "tool_call" || p.Get("function").Exists() {
		id = "last call of " + tool // the oldest logs pair by the name
	}
	act := r.b.Act(s, session.Act{
		ID: id, Record: m.ID, Place: m.Place, Time: m.Time, Model: r.model, Tool: tool,
		Arguments: r.b.Text(arguments, m.Place, session.MaxText),
	})
	if act != nil && kind == "web_search_call" && p.Get("status").Equal("completed") {
		act.Note = "run by the provider: the log has no result"
	}
}

// named adds a result of the oldest logs, which say the tool and no identifier.
func (r *reader) named(s *session.Session, m blocks.Message, p rawjson.Value) {
	tool := session.Name(p.Get("name"))
	r.b.Result(s, session.Result{
		Call: "last call of " + tool, Tool: tool, Place: m.Place, Time: m.Time,
		Text: r.b.Text(p.Get("result"), m.Place, session.MaxAnswer), Outcome: session.Done, By: "tool_result", Note: "paired by the name of the tool",
	})
}

func (r *reader) output(s *session.Session, m blocks.Message, p rawjson.Value) {
	output := p.Get("output")
	text := rawjson.FirstOf(output.Get("content"), output)
	if text.Is(rawjson.Array) {
		text = blocks.Said(text)
	}
	result := session.Result{
		Call: session.Name(p.Get("call_id")), Record: m.ID, Place: m.Place, Time: m.Time,
		Text: r.b.Text(text, m.Place, session.MaxAnswer), Outcome: session.Done, By: "function_call_output",
	}
	if output.Get("success").Is(rawjson.False) {
		result.Outcome, result.By = session.Failed, "output.success"
	}
	if exit, ok := exitCode(result.Text.Said); ok {
		result.By = "exit code in the output"
		if exit != "0" {
			result.Outcome = session.Failed
		}
	}
	for _, mark := range []string{"rejected by user", "exec command rejected", "approval policy is", "aborted by user"} {
		if strings.Contains(result.Text.Said, mark) {
			result.Outcome, result.By = session.Refused, "text of the output"
		}
	}
	r.b.Result(s, result)
}

// exitCode finds the exit code where the program writes it into the output.
func exitCode(text string) (code string, ok bool) {
	for _, mark := range []string{`"exit_code":`, "Process exited with code ", "Exit code: "} {
		if _, after, found := strings.Cut(text, mark); found {
			end := strings.IndexFunc(after, func(c rune) bool { return c != '-' && (c < '0' || c > '9') })
			if end < 0 {
				end = len(after)
			}
			return after[:end], end > 0
		}
	}
	return "", false
}

// event reads what the program showed to the person.
func (r *reader) event(s *session.Session, m blocks.Message, p rawjson.Value) session.Verdict {
	m.ID = r.turn
	switch kind := session.Name(p.Get("type")); kind {
	case "user_message":
		r.both(s, m, p.Get("message"), "event", session.Human, "event_msg.user_message")
	case "agent_message":
		r.both(s, m, p.Get("message"), "event", session.Agent, "event_msg.agent_message")
	case "item_completed":
		return r.completed(s, m, p.Get("item"))
	case "agent_reasoning":
		r.thought(s, m, p.Get("text"))
	case "task_started", "task_complete", "turn_started", "turn_complete":
		// times of the turn: they stay true in copies
	case "turn_aborted":
		r.notice(s, m, rawjson.FirstOf(p.Get("reason"), p), "event_msg.turn_aborted", session.Interrupt)
	case "error", "stream_error", "warning":
		r.notice(s, m, p.Get("message"), "event_msg."+kind, session.Failure)
	case "thread_rolled_back":
		r.rolledBack(s, m, p)
	case "exec_command_end", "mcp_tool_call_end", "patch_apply_end":
		return r.ended(s, p, kind)
	default:
		return session.Other("event_msg: " + kind)
	}
	return session.Read()
}

// thought adds a summary of reasoning, which stands as an item too.
func (r *reader) thought(s *session.Session, m blocks.Message, v rawjson.Value) {
	t := m.Turn(session.Agent, "event_msg.agent_reasoning", session.Thinking)
	t.Model, t.Text = r.model, r.b.Text(v, m.Place, session.MaxText)
	t.More = true
	r.b.Turn(s, t)
}

func (r *reader) completed(s *session.Session, m blocks.Message, item rawjson.Value) session.Verdict {
	switch kind := session.Name(item.Get("type")); kind {
	case "UserMessage":
		r.both(s, m, blocks.Said(item.Get("content")), "event", session.Human, "event_msg.item_completed.item.type=UserMessage")
	case "AgentMessage":
		r.both(s, m, blocks.Said(item.Get("content")), "event", session.Agent, "event_msg.item_completed.item.type=AgentMessage")
	default:
		return session.Other("event_msg: item_completed " + kind)
	}
	return session.Read()
}

// ended adds to an act what the program knows of it beyond what the model got.
func (r *reader) ended(s *session.Session, p rawjson.Value, kind string) session.Verdict {
	act := r.b.Call(s, p.Get("call_id").Text())
	if act == nil {
		return session.Other("event_msg: " + kind)
	}
	if code := session.Name(p.Get("exit_code")); code != "" {
		act.By = "event_msg." + kind + ".exit_code=" + code
		act.Outcome = session.Done
		if code != "0" {
			act.Outcome = session.Failed
		}
	}
	return session.Read()
}

// rolledBack marks the turns that a person discarded.
func (r *reader) rolledBack(s *session.Session, m blocks.Message, p rawjson.Value) {
	n, ok := p.Get("num_turns").Int()
	if !ok {
		n = 1
	}
	r.b.RollBack(s, int(min(n, 1<<20)), "event_msg.thread_rolled_back")
	r.notice(s, m, p, "event_msg.thread_rolled_back", session.Context)
}
