// Package codex reads the rollouts of OpenAI's Codex CLI, plain or compressed with
// Zstandard. Format: openai/codex codex-rs/history/src/lib.rs and
// codex-rs/rollout/src; rollouts of versions 0.52 to 0.147. The oldest have records
// without an envelope.
package codex

import (
	"context"

	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/blocks"
	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// Format returns the format.
func Format() session.Format {
	return session.Format{Name: "codex", Product: "Codex CLI", Known: "0.52 to 0.147", Detect: detect, Read: read}
}

func detect(h session.Head) int {
	return h.Share(95, func(v rawjson.Value) bool {
		switch v.Get("type").Text() {
		case "session_meta", "response_item", "event_msg", "turn_context", "compacted", "world_state", "inter_agent_communication", "inter_agent_communication_metadata":
			return v.Get("payload").Is(rawjson.Object)
		case "tool_call", "tool_result", "function_result":
			return v.Get("function", "name").Exists() || v.Get("result").Exists() && v.Get("name").Exists()
		case "message", "function_call", "function_call_output", "reasoning", "local_shell_call", "custom_tool_call", "custom_tool_call_output":
			return v.Get("payload").Is(rawjson.Missing) && v.Get("message").Is(rawjson.Missing) && v.Get("parentId").Is(rawjson.Missing) &&
				(v.Get("call_id").Exists() || v.Get("function", "name").Exists() || v.Get("content").Is(rawjson.Array) || v.Get("summary").Exists())
		case "":
			if v.Get("role").Exists() && v.Get("model").Exists() && (v.Get("timestamp").Exists() || v.Get("created_at").Exists()) {
				return true
			}
			return v.Get("record_type").Equal("state") || v.Get("id").Exists() && v.Get("instructions").Kind() != rawjson.Missing && v.Get("timestamp").Exists()
		}
		return false
	})
}

// reader is one rollout that is being read.
type reader struct {
	b       *session.Builder
	session *session.Session
	model   string
	turn    string // identifier of the turn that is running
	copying bool   // records of an ancestor are being read
	again   bool   // the turn that is running stands in the log before
	turns   map[string]struct{}
	pending []pending            // texts of the turn that stand in the log twice, as message and as event
	before  map[string][]pending // texts of earlier turns, by the turn's identifier
	ordinal int64                // expected next; -1 while the log has none
}

// pending is a text that may come again in the other of the two forms.
type pending struct {
	text [32]byte
	turn *session.Turn
	form string
	gone bool
}

const (
	maxPending = 256
	maxTurns   = 1 << 16
)

func read(ctx context.Context, src *session.Source, b *session.Builder) error {
	r := &reader{b: b, turns: map[string]struct{}{}, before: map[string][]pending{}, ordinal: -1}
	return session.EachLine(ctx, src, b, r.record)
}

func (r *reader) record(v rawjson.Value, at session.Place) session.Verdict {
	if !v.Is(rawjson.Object) {
		return session.Bad("not a JSON object")
	}
	kind := v.Get("type").Text()
	payload := v.Get("payload")
	if payload.Is(rawjson.Missing) {
		payload = v // the oldest logs
		if kind == "" && v.Get("id").Exists() {
			kind = "session_meta"
		} else if kind != "session_meta" {
			kind = "response_item"
		}
	}
	if kind == "session_meta" {
		return r.meta(payload, v, at)
	}
	s := r.current(at)
	r.gap(s, v)
	m := blocks.Message{Place: at, Time: session.TimeOf(rawjson.FirstOf(v.Get("timestamp"), v.Get("created_at")))}
	if id := r.turnID(kind, payload); id != "" {
		r.begin(s, id)
	}
	if r.copying {
		m.Time = m.Time.Copied()
	}
	if r.again {
		m.Time = m.Time.Copied()
		r.b.Copying(s)
	}
	r.b.Seen(s, m.Time)
	switch kind {
	case "response_item":
		return r.item(s, m, payload)
	case "event_msg":
		return r.event(s, m, payload)
	case "turn_context":
		return r.context(s, m, payload)
	case "compacted":
		r.notice(s, m, payload.Get("message"), "type=compacted", session.Compaction)
		return session.Read()
	case "inter_agent_communication":
		r.notice(s, m, rawjson.FirstOf(payload.Get("content"), payload.Get("message"), payload), "type=inter_agent_communication", session.Order)
		return session.Read()
	default:
		return session.Other(kind)
	}
}

// current returns the session of the log; a log may lack its first record.
func (r *reader) current(at session.Place) *session.Session {
	if r.session == nil {
		r.session = r.b.Session("", at)
		r.session.Facts.Providers.Add("openai")
	}
	return r.session
}

// meta reads the head of a session. A second one right behind the head of a fork
// or of a subagent begins what was copied from its ancestor, with the times of the
// copying; otherwise it begins another session in the same file.
func (r *reader) meta(p, v rawjson.Value, at session.Place) session.Verdict {
	name := session.Name(rawjson.FirstOf(p.Get("id"), p.Get("session_id")))
	if r.session != nil && (name == r.session.Fork || name == r.session.Parent) && name != "" {
		r.copying = true
		r.session.Facts.Notes.Add("the log begins with a copy of records of session " + name + "; their outer times are those of the copying")
		return session.Read()
	}
	if r.copying && r.session != nil {
		return session.Read() // a further ancestor
	}
	s := r.b.Session(name, at)
	r.session, r.copying, r.again = s, false, false
	r.leave()
	r.b.Seen(s, session.TimeOf(v.Get("timestamp")))
	s.Fork = session.Name(p.Get("forked_from_id"))
	spawn := p.Get("source", "subagent", "thread_spawn")
	s.Parent = session.Name(rawjson.FirstOf(p.Get("parent_thread_id"), spawn.Get("parent_thread_id")))
	if s.Parent != "" {
		s.Agent = session.Name(rawjson.FirstOf(spawn.Get("agent_path"), spawn.Get("agent_nickname"), p.Get("agent_nickname"), p.Get("id")))
	}
	f := &s.Facts
	f.Versions.AddValue(p.Get("cli_version"))
	f.Directories.AddValue(p.Get("cwd"))
	f.Entrypoints.AddValue(p.Get("originator"))
	f.Entrypoints.AddValue(p.Get("source"))
	f.Providers.AddValue(p.Get("model_provider"))
	f.GitCommits.AddValue(p.Get("git", "commit_hash"))
	f.GitBranches.AddValue(p.Get("git", "branch"))
	f.GitRemotes.AddValue(p.Get("git", "repository_url"))
	if len(f.Providers) == 0 {
		f.Providers.Add("openai")
	}
	m := blocks.Message{Place: at, Time: session.TimeOf(v.Get("timestamp"))}
	text := rawjson.FirstOf(p.Get("base_instructions", "text"), p.Get("base_instructions"), p.Get("instructions"))
	if text.Is(rawjson.String) && !text.Empty() {
		r.notice(s, m, text, "session_meta.base_instructions", session.Instruction)
	}
	return session.Read()
}

// turnID returns the identifier of the turn that a record begins.
func (r *reader) turnID(kind string, p rawjson.Value) string {
	if kind == "turn_context" || kind == "event_msg" && (p.Get("type").Equal("task_started") || p.Get("type").Equal("turn_started")) {
		return session.Name(p.Get("turn_id"))
	}
	return ""
}

// begin starts a turn. One that the log has had is a copy as a whole; one of the
// session's own ends the copying.
func (r *reader) begin(s *session.Session, id string) {
	if id == r.turn {
		return
	}
	r.leave()
	r.turn = id
	_, r.again = r.turns[id]
	if r.again {
		s.Facts.Notes.Add("turns of another session stand here again and are not told twice")
	} else if len(r.turns) < maxTurns {
		r.turns[id] = struct{}{}
	}
	r.copying = r.copying && (r.again || !r.own(s, id))
}

// leave remembers the texts of the turn that ends, in case it comes again.
func (r *reader) leave() {
	if _, ok := r.before[r.turn]; !ok && r.turn != "" && len(r.before) < maxTurns {
		r.before[r.turn] = r.pending
	}
	r.turn, r.pending = "", nil
}

// own reports whether a turn began after its session did: identifiers are UUIDs of
// version 7, which begin with the time.
func (r *reader) own(s *session.Session, turn string) bool {
	return len(turn) == 36 && len(s.ID) == 36 && turn[14] == '7' && s.ID[14] == '7' && turn[:13] >= s.ID[:13]
}

// gap notes where the numbers of a log that has such leave some out.
func (r *reader) gap(s *session.Session, v rawjson.Value) {
	n, ok := v.Get("ordinal").Int()
	if !ok {
		return
	}
	if r.ordinal >= 0 && n > r.ordinal {
		s.Facts.Notes.Add("ordinals leave records out: something is missing in this log")
	}
	r.ordinal = n + 1
}

func (r *reader) context(s *session.Session, m blocks.Message, p rawjson.Value) session.Verdict {
	f := &s.Facts
	if model := session.Name(p.Get("model")); model != "" {
		r.model = model
		f.Models.Add(model)
	}
	f.Directories.AddValue(p.Get("cwd"))
	if policy := session.Name(p.Get("approval_policy")); policy != "" {
		f.Permissions.Add("approval " + policy)
	}
	if sandbox := session.Name(rawjson.FirstOf(p.Get("sandbox_policy", "type"), p.Get("sandbox_policy", "mode"), p.Get("sandbox_policy"))); sandbox != "" {
		f.Permissions.Add("sandbox " + sandbox)
	}
	if zone := session.Name(p.Get("timezone")); zone != "" {
		f.Machines.Add("time zone " + zone)
	}
	if text := p.Get("user_instructions"); text.Is(rawjson.String) && !text.Empty() {
		r.notice(s, m, text, "turn_context.user_instructions", session.Instruction)
	}
	return session.Read()
}

func (r *reader) notice(s *session.Session, m blocks.Message, text rawjson.Value, by string, k session.Kind) {
	t := m.Turn(session.Injected, by, k)
	t.ID = r.turn
	t.Text = r.b.Text(text, m.Place, session.MaxText)
	r.b.Turn(s, t)
}
