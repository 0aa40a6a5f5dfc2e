// Package copilot reads the event logs of GitHub Copilot CLI
// (session-state/<id>/events.jsonl), as of version 1.0.78.
package copilot

import (
	"context"
	"strings"

	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/blocks"
	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// Format returns the format.
func Format() session.Format {
	return session.Format{Name: "copilot-cli", Product: "GitHub Copilot CLI", Known: "to 1.0.78", Detect: detect, Read: read}
}

func detect(h session.Head) int {
	return h.Share(90, func(v rawjson.Value) bool {
		kind, _, dotted := strings.Cut(v.Get("type").Text(), ".")
		if !v.Get("data").Is(rawjson.Object) || !dotted && kind != "abort" {
			return false
		}
		switch kind {
		case "session", "user", "assistant", "tool", "system", "hook", "subagent", "permission", "abort", "external_tool", "skill":
			return v.Get("id").Exists() || v.Get("timestamp").Exists()
		}
		return false
	})
}

type reader struct {
	b       *session.Builder
	session *session.Session
}

func read(ctx context.Context, src *session.Source, b *session.Builder) error {
	r := &reader{b: b}
	return session.EachLine(ctx, src, b, r.record)
}

func (r *reader) record(v rawjson.Value, at session.Place) session.Verdict {
	data := v.Get("data")
	kind := session.Name(v.Get("type"))
	if kind == "session.start" || r.session == nil {
		r.session = r.b.Session(session.Name(data.Get("sessionId")), at)
	}
	s := r.session
	m := blocks.Message{
		ID: session.Name(v.Get("id")), Parent: session.Name(v.Get("parentId")), Place: at, Time: session.TimeOf(v.Get("timestamp")),
		Agent: session.Name(v.Get("agentId")), Model: session.Name(data.Get("model")),
	}
	if m.Agent == "" {
		m.Agent = session.Name(data.Get("parentToolCallId"))
	}
	r.b.Seen(s, m.Time)
	if r.b.Begin(s, m.ID, at) {
		m.Time = m.Time.Copied()
	}
	s.Facts.Models.Add(m.Model)
	switch prefix, _, _ := strings.Cut(kind, "."); prefix {
	case "session", "permission":
		return r.about(s, m, data, kind)
	case "user", "assistant", "system", "abort":
		return r.said(s, m, data, kind)
	case "tool":
		return r.tool(s, m, data, kind)
	case "subagent":
		s.Facts.ParentOf.AddValue(data.Get("toolCallId"))
		if kind == "subagent.failed" {
			r.notice(s, m, data.Get("error"), kind, session.Failure)
		}
		return session.Read()
	}
	return session.Other(kind)
}

func (r *reader) notice(s *session.Session, m blocks.Message, text rawjson.Value, by string, k session.Kind) {
	t := m.Turn(session.Injected, "type="+by, k)
	t.Text = r.b.Text(text, m.Place, session.MaxText)
	r.b.Turn(s, t)
}

// about reads the events of a session's circumstances.
func (r *reader) about(s *session.Session, m blocks.Message, d rawjson.Value, kind string) session.Verdict {
	f := &s.Facts
	c := d.Get("context")
	switch kind {
	case "session.start", "session.resume", "session.context_changed":
		f.Versions.AddValue(d.Get("copilotVersion"))
		f.Models.AddValue(d.Get("selectedModel"))
		f.Directories.AddValue(c.Get("cwd"))
		f.Directories.AddValue(c.Get("gitRoot"))
		f.GitBranches.AddValue(c.Get("branch"))
		f.GitCommits.AddValue(c.Get("headCommit"))
		f.GitRemotes.AddValue(c.Get("repository"))
	case "session.model_change":
		f.Models.AddValue(d.Get("newModel"))
	case "session.auto_mode_resolved":
		f.Models.AddValue(d.Get("chosenModel"))
	case "session.permissions_changed":
		if d.Get("allowAllPermissions").True() {
			f.Permissions.Add("all permissions allowed")
		} else {
			f.Permissions.Add("not all permissions allowed")
		}
	case "session.title_changed":
		f.Titles.AddValue(d.Get("title"))
	case "session.error":
		r.notice(s, m, d.Get("message"), kind, session.Failure)
	case "session.compaction_complete":
		r.notice(s, m, rawjson.FirstOf(d.Get("summaryContent"), d), kind, session.Compaction)
	case "session.truncation":
		r.notice(s, m, d, kind, session.Compaction)
	default:
		return session.Other(kind)
	}
	return session.Read()
}

func (r *reader) said(s *session.Session, m blocks.Message, d rawjson.Value, kind string) session.Verdict {
	switch kind {
	case "user.message":
		r.user(s, m, d)
	case "assistant.message":
		r.assistant(s, m, d)
	case "assistant.reasoning":
		t := m.Turn(session.Agent, "type="+kind, session.Thinking)
		t.Text = r.b.Text(d.Get("content"), m.Place, session.MaxText)
		r.b.Turn(s, t)
	case "system.message":
		r.notice(s, m, d.Get("content"), kind, session.Instruction)
	case "system.notification":
		r.notice(s, m, d.Get("content"), kind, session.Context)
	case "abort":
		r.notice(s, m, rawjson.FirstOf(d.Get("reason"), d), kind, session.Interrupt)
	default:
		return session.Other(kind)
	}
	return session.Read()
}

// user reads a message in the role "user": a person's when nothing says that
// another agent or the program sent it.
func (r *reader) user(s *session.Session, m blocks.Message, d rawjson.Value) {
	t := m.Turn(session.Human, "user.message without source, autopilot or agentId", session.Message)
	switch {
	case d.Get("source").Exists():
		t.Origin, t.Kind, t.By = session.Injected, session.Order, "user.message.source="+session.Name(d.Get("source"))
	case d.Get("isAutopilotContinuation").True():
		t.Origin, t.Kind, t.By = session.Injected, session.Context, "user.message.isAutopilotContinuation"
	case m.Agent != "":
		t.Origin, t.Kind, t.By = session.Injected, session.Order, "agentId"
	case d.Get("delivery").Equal("steering"):
		t.By = "user.message.delivery=steering: typed while the agent was at work"
	}
	t.Text = r.b.Text(d.Get("content"), m.Place, session.MaxHuman)
	r.b.Turn(s, t)
}

func (r *reader) assistant(s *session.Session, m blocks.Message, d rawjson.Value) {
	for _, c := range []struct {
		text rawjson.Value
		kind session.Kind
	}{{d.Get("reasoningText"), session.Thinking}, {d.Get("content"), session.Message}} {
		if c.text.Empty() {
			continue
		}
		t := m.Turn(session.Agent, "type=assistant.message", c.kind)
		t.Text = r.b.Text(c.text, m.Place, session.MaxText)
		r.b.Turn(s, t)
	}
	d.Get("toolRequests").Each(func(request rawjson.Value) bool {
		r.act(s, m, request.Get("toolCallId"), request.Get("name"), request.Get("arguments"))
		return true
	})
}

// act adds a use of a tool, which request and start both tell.
func (r *reader) act(s *session.Session, m blocks.Message, id, tool, arguments rawjson.Value) {
	if name := session.Name(id); name != "" && r.b.Called(s, name) {
		return
	}
	r.b.Act(s, session.Act{
		ID: session.Name(id), Record: m.ID, Parent: m.Parent, Place: m.Place, Time: m.Time, Model: m.Model, Agent: m.Agent,
		Tool: session.Name(tool), Arguments: r.b.Text(arguments, m.Place, session.MaxText),
	})
}

func (r *reader) tool(s *session.Session, m blocks.Message, d rawjson.Value, kind string) session.Verdict {
	switch kind {
	case "tool.execution_start", "tool.user_requested":
		r.act(s, m, d.Get("toolCallId"), d.Get("toolName"), d.Get("arguments"))
		if act := r.b.Call(s, session.Name(d.Get("toolCallId"))); act != nil && kind == "tool.user_requested" {
			act.Note = "asked for by the person, not by the model"
		}
	case "tool.execution_complete":
		result := session.Result{
			Call: session.Name(d.Get("toolCallId")), Record: m.ID, Place: m.Place, Time: m.Time, Agent: m.Agent, Outcome: session.Done, By: "tool.execution_complete.success",
			Text: r.b.Text(rawjson.FirstOf(d.Get("result", "content"), d.Get("error", "message"), d.Get("result")), m.Place, session.MaxAnswer),
		}
		if d.Get("success").Is(rawjson.False) {
			result.Outcome = session.Failed
			if code := session.Name(d.Get("error", "code")); code == "rejected" || code == "denied" {
				result.Outcome, result.By = session.Refused, "tool.execution_complete.error.code="+code
			}
		}
		r.b.Result(s, result)
	default:
		return session.Other(kind)
	}
	return session.Read()
}
