// Package claudecode reads the transcripts of Claude Code, of its subagents, and of
// Claude Desktop's Cowork, which writes the same lines. Format:
// anthropics/claude-agent-sdk-python src/claude_agent_sdk/_internal/sessions.py, and
// transcripts of versions 1.0.0 to 2.1.235.
package claudecode

import (
	"context"
	"crypto/sha256"
	"strings"

	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/blocks"
	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// Format returns the format.
func Format() session.Format {
	return session.Format{Name: "claude-code", Product: "Claude Code", Known: "1.0.0 to 2.1.235", Detect: detect, Read: read}
}

// IFlow returns the format of iFlow, which writes the same lines as Claude Code,
// forks and all, with identifiers of its own form.
func IFlow() session.Format {
	return session.Format{Name: "iflow", Product: "iFlow CLI", Known: "1.0.0", Read: read, Detect: func(h session.Head) int {
		own := h.Share(100, func(v rawjson.Value) bool {
			id, ok := strings.CutPrefix(v.Get("sessionId").Text(), "session-")
			return ok && len(id) == 36 && v.Get("uuid").Exists()
		})
		if own < 100 {
			return 0
		}
		return detect(h) + 5
	}}
}

// detect takes a log whose lines have the envelope: a type and a session.
func detect(h session.Head) int {
	return h.Share(90, func(v rawjson.Value) bool {
		switch v.Get("type").Text() {
		case "user", "assistant", "system", "attachment", "progress":
			return v.Get("message", "parts").Is(rawjson.Missing) && v.Get("systemPayload").Is(rawjson.Missing) && v.Get("timestamp").Exists() &&
				(v.Get("sessionId").Exists() || v.Get("message", "content").Exists() || v.Get("attachment").Exists())
		case "summary":
			return v.Get("leafUuid").Exists()
		case "":
			return v.Get("sessionId").Exists() && v.Get("message", "usage").Exists()
		case "permission-mode", "file-history-snapshot", "queue-operation", "mode", "ai-title", "custom-title", "last-prompt", "agent-name", "bridge-session", "started", "result":
			return v.Get("sessionId").Exists() || v.Get("snapshot").Exists() || v.Get("agentId").Exists()
		}
		return false
	})
}

// reader is one transcript that is being read.
type reader struct {
	b       *session.Builder
	session *session.Session           // of the last record that named one
	queued  map[[32]byte]*session.Turn // typed and not delivered yet
	said    map[[32]byte]struct{}      // what people said
}

// maxSaid bounds how many texts are remembered to tell what is said twice.
const maxSaid = 1 << 16

func read(ctx context.Context, src *session.Source, b *session.Builder) error {
	r := &reader{b: b, queued: map[[32]byte]*session.Turn{}, said: map[[32]byte]struct{}{}}
	return session.EachLine(ctx, src, b, r.record)
}

func (r *reader) record(v rawjson.Value, at session.Place) session.Verdict {
	if !v.Is(rawjson.Object) {
		return session.Bad("not a JSON object")
	}
	s := r.sessionOf(v, at)
	m := blocks.Message{
		ID: session.Name(v.Get("uuid")), Parent: session.Name(v.Get("parentUuid")), Place: at,
		Time: session.TimeOf(v.Get("timestamp")), Model: session.Name(v.Get("message", "model")),
	}
	if v.Get("isSidechain").True() && s.Agent == "" {
		m.Agent = session.Name(v.Get("agentId"))
		if m.Agent == "" {
			m.Agent = "subagent"
		}
	}
	facts(s, v)
	kind := v.Get("type").Text()
	if r.b.Begin(s, m.ID, at) {
		m.Time = m.Time.Copied()
	}
	r.b.Seen(s, m.Time)
	switch kind {
	case "user":
		r.node(s, m, r.prompts(v))
		return r.user(s, m, v)
	case "assistant", "":
		r.node(s, m, false)
		return r.assistant(s, m, v)
	case "system":
		r.node(s, m, false)
		return r.system(s, m, v)
	case "attachment":
		r.node(s, m, false)
		return r.attachment(s, m, v.Get("attachment"))
	case "queue-operation":
		return r.queue(s, m, v)
	default:
		r.node(s, m, false)
		return r.bookkeeping(s, m, v, kind)
	}
}

func (r *reader) node(s *session.Session, m blocks.Message, prompt bool) {
	r.b.Node(s, session.Node{ID: m.ID, Parent: m.Parent, Prompt: prompt})
}

// sessionOf returns the session that a record belongs to. A subagent's log has its
// parent's identifier in each record: it is a session of its own below that.
func (r *reader) sessionOf(v rawjson.Value, at session.Place) *session.Session {
	name := session.Name(v.Get("sessionId"))
	agent := session.Name(v.Get("agentId"))
	if name == "" && r.session != nil {
		return r.session
	}
	if agent != "" && v.Get("isSidechain").True() {
		s := r.b.Session(name+"/agent-"+agent, at)
		s.Parent, s.Agent = name, agent
		r.use(s)
		return s
	}
	s := r.b.Session(name, at)
	r.use(s)
	return s
}

func (r *reader) use(s *session.Session) {
	if r.session != s {
		r.session = s
		r.b.ByPrompts(s)
	}
}

// facts notes what a record says of its session's circumstances.
func facts(s *session.Session, v rawjson.Value) {
	f := &s.Facts
	f.Versions.AddValue(v.Get("version"))
	f.Directories.AddValue(v.Get("cwd"))
	f.GitBranches.AddValue(v.Get("gitBranch"))
	f.Permissions.AddValue(v.Get("permissionMode"))
	f.Entrypoints.AddValue(v.Get("entrypoint"))
	if model := v.Get("message", "model"); model.Exists() {
		f.Models.AddValue(model)
		f.Providers.Add("anthropic")
	}
	if kind := v.Get("sessionKind"); kind.Exists() {
		f.Notes.Add("session kind " + session.Name(kind))
	}
}

func (r *reader) assistant(s *session.Session, m blocks.Message, v rawjson.Value) session.Verdict {
	message := v.Get("message")
	content := message.Get("content")
	if !content.Exists() {
		if message.Get("usage").Exists() {
			return session.Other("usage of an answer, without the answer")
		}
		return session.Bad("an answer without content")
	}
	v.Get("supersedesUuids").Each(func(id rawjson.Value) bool {
		r.b.Mark(s, id.Text(), session.Replaced, "supersedesUuids of a later record")
		return true
	})
	switch {
	case message.Get("model").Equal("<synthetic>") || v.Get("isApiErrorMessage").True():
		r.notice(s, m, blocks.Said(content), "message.model=<synthetic>: written by the program", session.Failure)
		return session.Read()
	case message.Get("stop_reason").Equal("refusal"):
		t := m.Turn(session.Agent, "message.stop_reason=refusal", session.Refusal)
		t.Text = r.b.Text(blocks.Said(content), m.Place, session.MaxText)
		r.b.Turn(s, t)
		return session.Read()
	}
	blocks.Agent(r.b, s, m, content, "type=assistant")
	return session.Read()
}

// notice adds a turn of the program.
func (r *reader) notice(s *session.Session, m blocks.Message, text rawjson.Value, by string, k session.Kind) {
	r.told(s, m, text, whose{session.Injected, by, k})
}

func (r *reader) told(s *session.Session, m blocks.Message, text rawjson.Value, w whose) {
	t := m.Turn(w.origin, w.by, w.kind)
	t.Text = r.b.Text(text, m.Place, session.MaxText)
	r.b.Turn(s, t)
}

func digest(text string) [32]byte { return sha256.Sum256([]byte(text)) }

// remember notes what a person said, whatever record says it again.
func (r *reader) remember(text string) {
	if len(r.said) < maxSaid {
		r.said[digest(text)] = struct{}{}
	}
}
