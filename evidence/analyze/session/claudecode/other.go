package claudecode

import (
	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/blocks"
	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// queue reads what people type while the agent is at work. When it is delivered
// later, in a record of its own, that is the same turn.
func (r *reader) queue(s *session.Session, m blocks.Message, v rawjson.Value) session.Verdict {
	content := v.Get("content")
	if !v.Get("operation").Equal("enqueue") || content.Empty() {
		return session.Other("queue-operation: " + session.Name(v.Get("operation")))
	}
	r.typed(s, m, content, "queue-operation.content")
	return session.Read()
}

// typed adds a text that was typed while the agent was at work.
func (r *reader) typed(s *session.Session, m blocks.Message, v rawjson.Value, by string) {
	head, _ := v.Cut(64)
	if w, ok := tagged(head); ok && w.origin != session.Human {
		r.notice(s, m, v, w.by, w.kind)
		return
	}
	text := v.Text()
	if r.delivered(s, m, text) {
		return
	}
	t := m.Turn(session.Human, by, session.Message)
	t.Text, t.Queued = r.b.Text(v, m.Place, session.MaxHuman), true
	kept := r.b.Turn(s, t)
	r.remember(text)
	if len(r.queued) < maxSaid {
		r.queued[digest(text)] = kept
	}
}

// delivered joins a text with the turn that it was typed as before.
func (r *reader) delivered(s *session.Session, m blocks.Message, text string) bool {
	key := digest(text)
	turn, ok := r.queued[key]
	if !ok {
		return false
	}
	delete(r.queued, key)
	if turn != nil {
		r.b.Again(turn, m.Place)
		turn.ID, turn.Parent = m.ID, m.Parent
	}
	s.Counts.Queued--
	return true
}

func (r *reader) attachment(s *session.Session, m blocks.Message, a rawjson.Value) session.Verdict {
	kind := session.Name(a.Get("type"))
	if kind == "queued_command" {
		return r.command(s, m, a)
	}
	for _, field := range []string{"content", "text", "snippet", "stdout", "banner", "blockingError"} {
		text := a.Get(field)
		if text.Is(rawjson.Object) {
			text = rawjson.FirstOf(text.Get("content"), text.Get("blockingError"))
		}
		if text.Is(rawjson.Array) {
			text = blocks.Said(text)
		}
		if text.Empty() || text.Equal("{}") {
			continue
		}
		k := session.Context
		if kind == "nested_memory" || kind == "skill_listing" || kind == "invoked_skills" || kind == "mcp_instructions_delta" {
			k = session.Instruction
		}
		r.notice(s, m, text, "attachment.type="+kind, k)
		return session.Read()
	}
	if blocksAdded := a.Get("addedBlocks"); !blocksAdded.Empty() {
		r.notice(s, m, blocks.Said(blocksAdded), "attachment.type="+kind, session.Instruction)
		return session.Read()
	}
	return session.Other("attachment: " + kind)
}

// command reads a text that was typed while a tool ran: there is no other record
// of it.
func (r *reader) command(s *session.Session, m blocks.Message, a rawjson.Value) session.Verdict {
	prompt := blocks.Said(a.Get("prompt"))
	if prompt.Empty() {
		return session.Other("attachment: queued_command without a text")
	}
	if kind := a.Get("origin", "kind"); kind.Exists() && !kind.Equal("human") {
		r.notice(s, m, prompt, "attachment.origin.kind="+session.Name(kind), session.Context)
		return session.Read()
	}
	if mode := a.Get("commandMode"); mode.Exists() && !mode.Equal("prompt") && !mode.Equal("bash") {
		r.notice(s, m, prompt, "attachment.commandMode="+session.Name(mode), session.Context)
		return session.Read()
	}
	r.queuedTurn(s, m, prompt)
	return session.Read()
}

// queuedTurn is typed, by an attachment, which has an identifier of its own and so
// stays apart from what a queue-operation said before only in its place.
func (r *reader) queuedTurn(s *session.Session, m blocks.Message, v rawjson.Value) {
	text := v.Text()
	if turn, ok := r.queued[digest(text)]; ok && v.Is(rawjson.String) {
		r.b.Again(turn, m.Place)
		if turn != nil {
			turn.ID, turn.Parent = m.ID, m.Parent
		}
		delete(r.queued, digest(text))
		return
	}
	r.typed(s, m, v, "attachment.type=queued_command")
	delete(r.queued, digest(text))
}

func (r *reader) system(s *session.Session, m blocks.Message, v rawjson.Value) session.Verdict {
	kind := session.Name(v.Get("subtype"))
	switch kind {
	case "compact_boundary", "microcompact_boundary":
		r.notice(s, m, rawjson.FirstOf(v.Get("content"), v.Get("compactMetadata")), "system.subtype="+kind, session.Compaction)
	case "api_error", "error":
		r.notice(s, m, rawjson.FirstOf(v.Get("content"), v.Get("error", "formatted"), v.Get("error", "message"), v.Get("error")), "system.subtype="+kind, session.Failure)
	case "model_refusal_fallback", "api_refusal":
		r.refusal(s, m, v, kind)
	case "local_command", "away_summary", "informational":
		r.local(s, m, v, kind)
	default:
		return session.Other("system: " + kind)
	}
	return session.Read()
}

// refusal reads that model or provider declined, and what was taken back then.
func (r *reader) refusal(s *session.Session, m blocks.Message, v rawjson.Value, kind string) {
	r.notice(s, m, rawjson.FirstOf(v.Get("apiRefusalExplanation"), v.Get("content")), "system.subtype="+kind, session.Refusal)
	if refused := session.Name(v.Get("refusedUserMessageUuid")); refused != "" {
		s.Facts.Notes.Add("a request was refused: record " + refused)
	}
	v.Get("retractedMessageUuids").Each(func(id rawjson.Value) bool {
		r.b.Mark(s, id.Text(), session.Retracted, "retractedMessageUuids of a refusal")
		return true
	})
}

func (r *reader) local(s *session.Session, m blocks.Message, v rawjson.Value, kind string) {
	content := v.Get("content")
	head, _ := content.Cut(64)
	if w, ok := tagged(head); ok && w.origin == session.Human {
		t := m.Turn(session.Human, w.by, w.kind)
		t.Text, t.More = r.b.Text(content, m.Place, session.MaxHuman), true
		r.b.Turn(s, t)
		return
	}
	k := session.Context
	if kind == "away_summary" {
		k = session.Summary
	}
	r.notice(s, m, content, "system.subtype="+kind, k)
}

// bookkeeping reads the lines beside the conversation.
func (r *reader) bookkeeping(s *session.Session, m blocks.Message, v rawjson.Value, kind string) session.Verdict {
	f := &s.Facts
	switch kind {
	case "summary":
		f.Titles.AddValue(v.Get("summary"))
	case "ai-title", "custom-title":
		f.Titles.AddValue(rawjson.FirstOf(v.Get("aiTitle"), v.Get("customTitle")))
	case "permission-mode":
		// facts has it
	case "bridge-session":
		f.Accounts.AddValue(v.Get("ownerAccountUuid"))
		if org := session.Name(v.Get("ownerOrganizationUuid")); org != "" {
			f.Accounts.Add("organization " + org)
		}
	case "relocated":
		f.Directories.AddValue(v.Get("relocatedCwd"))
	case "worktree-state":
		w := v.Get("worktreeSession")
		f.Directories.AddValue(w.Get("originalCwd"))
		f.Directories.AddValue(w.Get("worktreePath"))
		f.GitBranches.AddValue(w.Get("worktreeBranch"))
		f.GitCommits.AddValue(w.Get("originalHeadCommit"))
	case "last-prompt":
		return r.lastPrompt(s, m, v.Get("lastPrompt"))
	case "agent-name":
		f.Notes.Add("agent name " + session.Name(v.Get("agentName")))
	case "started", "result":
		f.ParentOf.AddValue(v.Get("agentId"))
	default:
		return session.Other(kind)
	}
	return session.Read()
}

// lastPrompt reads the copy of the last prompt that the program keeps. Where the
// log has it nowhere else, it is all that is left of it.
func (r *reader) lastPrompt(s *session.Session, m blocks.Message, v rawjson.Value) session.Verdict {
	if v.Empty() {
		return session.Other("last-prompt")
	}
	if _, known := r.said[digest(v.Text())]; known || len(r.said) >= maxSaid {
		return session.Other("last-prompt, which the log has")
	}
	t := m.Turn(session.Human, "last-prompt.lastPrompt: no other record of this log has it whole", session.Message)
	t.Text, t.More = r.b.Text(v, m.Place, session.MaxHuman), true
	r.remember(v.Text())
	r.b.Turn(s, t)
	return session.Read()
}
