package claudecode

import (
	"strings"

	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/blocks"
	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// whose is who a user record as a whole is by, where a field says it.
type whose struct {
	origin session.Origin
	by     string
	kind   session.Kind
}

// fields decides by the fields of a record; the text of it decides what is left.
func fields(v rawjson.Value) (w whose, decided bool) {
	kind, source := v.Get("origin", "kind").Text(), v.Get("promptSource").Text()
	switch {
	case v.Get("isSidechain").True():
		return whose{session.Injected, "isSidechain: the order of another agent", session.Order}, true
	case v.Get("isCompactSummary").True():
		return whose{session.Injected, "isCompactSummary", session.Summary}, true
	case v.Get("isMeta").True():
		return whose{session.Injected, "isMeta", session.Context}, true
	case v.Get("isVisibleInTranscriptOnly").True():
		return whose{session.Injected, "isVisibleInTranscriptOnly", session.Context}, true
	case kind == "human":
		return whose{session.Human, "origin.kind=human", session.Message}, true
	case kind == "task-notification":
		return whose{session.Injected, "origin.kind=task-notification", session.Context}, true
	case source == "typed" || source == "queued":
		return whose{session.Human, "promptSource=" + source, session.Message}, true
	case source == "system":
		return whose{session.Injected, "promptSource=system", session.Context}, true
	case source == "sdk":
		return whose{session.Human, "promptSource=sdk: given through a program", session.Message}, true
	case kind != "" && kind != "cli":
		return whose{session.Unknown, "origin.kind, of a kind that is not known", session.Message}, true
	}
	return whose{session.Human, "type=user without tool_result, isMeta or a mark of the program", session.Message}, false
}

// prompts reports whether a user record is a person's own message.
func (r *reader) prompts(v rawjson.Value) bool {
	if v.Get("toolUseResult").Exists() {
		return false
	}
	if w, decided := fields(v); decided {
		return w.origin == session.Human
	}
	content := v.Get("message", "content")
	if content.Is(rawjson.String) {
		head, _ := content.Cut(64)
		return !marked(head)
	}
	human := false
	content.Each(func(block rawjson.Value) bool {
		if block.Get("type").Equal("tool_result") {
			human = false
			return false
		}
		head, _ := block.Get("text").Cut(64)
		human = human || head != "" && !marked(head)
		return true
	})
	return human
}

// marked reports whether text begins with a mark of the program that is not a
// person's command.
func marked(text string) bool {
	w, ok := tagged(text)
	return ok && w.origin != session.Human
}

func (r *reader) user(s *session.Session, m blocks.Message, v rawjson.Value) session.Verdict {
	content := v.Get("message", "content")
	if !content.Exists() {
		content = v.Get("message")
	}
	w, decided := fields(v)
	if !decided {
		w, decided = r.interrupted(v, w)
	}
	if content.Is(rawjson.String) {
		r.text(s, m, content, w, decided, false)
		return session.Read()
	}
	if !content.Is(rawjson.Array) {
		return session.Bad("a message without content")
	}
	human, result := false, false
	content.Each(func(block rawjson.Value) bool {
		switch block.Get("type").Text() {
		case "tool_result":
			result = true
			r.result(s, m, v, block)
		case "text":
			if result && !decided {
				w, decided = whose{session.Injected, "text beside a tool_result", session.Context}, true
			}
			human = r.text(s, m, block.Get("text"), w, decided, human) || human
		case "image", "document":
			t := m.Turn(w.origin, w.by, w.kind)
			t.Text, t.More = r.b.Part(block, m.Place, "("+block.Get("type").Text()+", "+block.Get("source", "media_type").Text()+")", session.MaxText), human
			human = human || w.origin == session.Human
			r.b.Turn(s, t)
		}
		return true
	})
	return session.Read()
}

// interrupted decides what the program writes of a person who stops it.
func (r *reader) interrupted(v rawjson.Value, w whose) (whose, bool) {
	content := blocks.Said(v.Get("message", "content"))
	if head, _ := content.Cut(40); strings.HasPrefix(head, "[Request interrupted by user") {
		return whose{session.Injected, "text begins [Request interrupted by user", session.Interrupt}, true
	}
	return w, false
}

// result adds a tool_result, with what the record says beside it.
func (r *reader) result(s *session.Session, m blocks.Message, v, block rawjson.Value) {
	blocks.Result(r.b, s, m, block)
	act := r.b.Call(s, block.Get("tool_use_id").Text())
	if act == nil {
		return
	}
	if denial := v.Get("toolDenialKind"); denial.Exists() {
		act.Outcome, act.By = session.Refused, "toolDenialKind="+session.Name(denial)
	}
	more := v.Get("toolUseResult")
	if kept := session.Name(more.Get("persistedOutputPath")); kept != "" {
		act.Note = "the whole output is in another file: " + kept
	}
	if agent := session.Name(more.Get("agentId")); agent != "" {
		s.Facts.ParentOf.Add(agent)
	}
	if act.Tool == "AskUserQuestion" || act.Tool == "ExitPlanMode" {
		act.Note = "the result holds what a person answered"
	}
}

// text adds one text of a user record. What programs put before what a person
// typed is split off. It reports whether there was a person's own.
func (r *reader) text(s *session.Session, m blocks.Message, v rawjson.Value, w whose, decided, more bool) (human bool) {
	if v.Empty() {
		return false
	}
	if decided && w.origin != session.Human {
		r.told(s, m, v, w)
		return false
	}
	full := v.Text()
	rest := full
	for {
		part, after, tag, ok := leading(rest)
		if !ok {
			break
		}
		t := m.Turn(tag.origin, tag.by, tag.kind)
		t.Text = r.b.Part(v, m.Place, part, limitOf(tag.origin))
		if tag.origin == session.Human {
			t.More, human = more || human, true
			r.remember(part)
		}
		r.b.Turn(s, t)
		rest = after
	}
	if strings.TrimSpace(rest) == "" {
		return human
	}
	if earlier := r.delivered(s, m, rest); earlier {
		return true
	}
	t := m.Turn(w.origin, w.by, w.kind)
	t.More = more || human
	if len(rest) == len(full) {
		t.Text = r.b.Text(v, m.Place, session.MaxHuman)
	} else {
		t.Text = r.b.Part(v, m.Place, rest, session.MaxHuman)
	}
	r.remember(rest)
	r.b.Turn(s, t)
	return true
}

func limitOf(o session.Origin) int {
	if o == session.Human {
		return session.MaxHuman
	}
	return session.MaxText
}

// tag is a mark with which the program begins a text in the role "user".
type tag struct {
	name   string
	origin session.Origin
	kind   session.Kind
}

func tags() []tag {
	return []tag{
		{"system-reminder", session.Injected, session.Context},
		{"task-notification", session.Injected, session.Context},
		{"local-command-stdout", session.Injected, session.Context},
		{"local-command-stderr", session.Injected, session.Context},
		{"local-command-caveat", session.Injected, session.Context},
		{"ide_opened_file", session.Injected, session.Context},
		{"ide_selection", session.Injected, session.Context},
		{"ide_diagnostics", session.Injected, session.Context},
		{"user-prompt-submit-hook", session.Injected, session.Context},
		{"user-memory-input", session.Human, session.Command},
		{"bash-input", session.Human, session.Command},
		{"bash-stdout", session.Tool, session.Message},
		{"bash-stderr", session.Tool, session.Message},
		{"command-name", session.Human, session.Command},
		{"command-message", session.Human, session.Command},
		{"command-args", session.Human, session.Command},
	}
}

// tagged reports whose a text is that begins with a mark.
func tagged(text string) (w whose, ok bool) {
	text = strings.TrimLeft(text, " \n\t")
	if !strings.HasPrefix(text, "<") {
		return whose{}, false
	}
	for _, t := range tags() {
		if strings.HasPrefix(text[1:], t.name+">") {
			return whose{t.origin, "text begins <" + t.name + ">", t.kind}, true
		}
	}
	return whose{}, false
}

// leading splits off what the program marked at the beginning of a text: to its
// closing mark, or all when there is none. A command and its arguments are one.
func leading(text string) (part, rest string, w whose, ok bool) {
	w, ok = tagged(text)
	if !ok {
		return "", text, w, false
	}
	if strings.Contains(w.by, "<command-") {
		return text, "", w, true
	}
	start := strings.IndexByte(text, '<')
	name := text[start+1 : start+strings.IndexByte(text[start:], '>')]
	closing := "</" + name + ">"
	if i := strings.Index(text, closing); i >= 0 {
		return text[:i+len(closing)], text[i+len(closing):], w, true
	}
	return text, "", w, true
}
