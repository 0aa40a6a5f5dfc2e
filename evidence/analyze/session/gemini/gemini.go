// Package gemini reads the chats, prompts and checkpoints of Google's Gemini CLI.
// Format: google-gemini/gemini-cli packages/core/src/services/chatRecordingService.ts
// and core/logger.ts; chats up to 2026-06.
package gemini

import (
	"context"
	"strconv"

	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// Format returns the format.
func Format() session.Format {
	return session.Format{Name: "gemini-cli", Product: "Gemini CLI", Known: "to 2026-06", Detect: detect, Read: read}
}

func detect(h session.Head) int {
	if shapeOf(h.Document()) != noShape {
		return 85
	}
	return h.Share(90, func(v rawjson.Value) bool {
		return v.Get("$set").Is(rawjson.Object) || v.Get("$rewindTo").Exists() || v.Get("projectHash").Exists() && v.Get("sessionId").Exists() || message(v)
	})
}

func message(v rawjson.Value) bool {
	switch v.Get("type").Text() {
	case "user", "gemini", "info", "error", "warning":
		return v.Get("id").Exists() && v.Get("content").Exists() && v.Get("message").Is(rawjson.Missing)
	}
	return false
}

// shape is which of the JSON documents of the program a log is.
type shape uint8

const (
	noShape shape = iota
	chat
	prompts
	checkpoint
)

func shapeOf(root rawjson.Value) shape {
	first := root.First()
	switch {
	case root.Get("messages").Is(rawjson.Array) && root.Get("sessionId").Exists() && (root.Get("projectHash").Exists() || message(root.Get("messages").First())):
		return chat
	case first.Get("messageId").Exists() && first.Get("sessionId").Exists() && first.Get("message").Exists():
		return prompts
	case parts(root.Get("history").First()) || parts(first):
		return checkpoint
	}
	return noShape
}

func parts(v rawjson.Value) bool {
	return v.Get("parts").Is(rawjson.Array) && (v.Get("role").Equal("user") || v.Get("role").Equal("model"))
}

// reader is one log that is being read.
type reader struct {
	b       *session.Builder
	session *session.Session
	live    []string // identifiers of the messages as the list stands
	written map[string]string
}

// maxLive bounds how many messages are told apart.
const maxLive = 1 << 17

func read(ctx context.Context, src *session.Source, b *session.Builder) error {
	r := &reader{b: b, written: map[string]string{}}
	head, err := src.Peek()
	if err != nil {
		return err
	}
	switch shapeOf(head.Document()) {
	case chat:
		return session.EachValue(ctx, src, b, planOf("messages"), r.inChat, nil)
	case prompts:
		return session.EachValue(ctx, src, b, planOf(""), r.prompt, nil)
	case checkpoint:
		at := ""
		if head.Document().Is(rawjson.Object) {
			at = "history"
		}
		return session.EachValue(ctx, src, b, planOf(at), r.turn, nil)
	default:
		return session.EachLine(ctx, src, b, r.line)
	}
}

// planOf takes the elements of a list in a document as records, and the members
// beside it as they are. The empty name is that of the document.
func planOf(list string) session.Plan {
	return func(path []string) (rawjson.Action, bool) {
		switch {
		case len(path) == 0, len(path) == 1 && path[0] == list:
			return rawjson.Descend, false
		case path[len(path)-1] == rawjson.Element:
			return rawjson.Take, true
		default:
			return rawjson.Take, false
		}
	}
}

func (r *reader) current(at session.Place) *session.Session {
	if r.session == nil {
		r.session = r.b.Session("", at)
		r.session.Facts.Providers.Add("google")
	}
	return r.session
}

// name begins the session of an identifier.
func (r *reader) name(v rawjson.Value, at session.Place) {
	r.session = r.b.Session(session.Name(v), at)
	r.session.Facts.Providers.Add("google")
}

// line reads a line of a chat, in the order of tests of the program.
func (r *reader) line(v rawjson.Value, at session.Place) session.Verdict {
	switch {
	case v.Get("$rewindTo").Exists():
		r.rewind(session.Name(v.Get("$rewindTo")), at)
		return session.Read()
	case v.Get("id").Exists():
		return r.message(v, at)
	case v.Get("$set").Is(rawjson.Object):
		return r.set(v.Get("$set"), at)
	case v.Get("sessionId").Exists():
		r.header(v, at)
		return session.Read()
	}
	return session.Other("")
}

func (r *reader) header(v rawjson.Value, at session.Place) {
	r.name(v.Get("sessionId"), at)
	s := r.session
	r.b.Seen(s, session.TimeOf(v.Get("startTime")))
	if kind := session.Name(v.Get("kind")); kind != "" && kind != "main" {
		s.Facts.Notes.Add("kind " + kind)
		s.Agent = kind
	}
	if hash := session.Name(v.Get("projectHash")); hash != "" {
		s.Facts.Notes.Add("project hash " + hash)
	}
	r.directories(v)
}

func (r *reader) directories(v rawjson.Value) {
	v.Get("directories").Each(func(d rawjson.Value) bool { r.session.Facts.Directories.AddValue(d); return true })
	r.session.Facts.Titles.AddValue(v.Get("summary"))
}

// set reads a change of the chat. messages in it are the whole list from there on.
func (r *reader) set(v rawjson.Value, at session.Place) session.Verdict {
	s := r.current(at)
	r.b.Seen(s, session.TimeOf(v.Get("lastUpdated")))
	list := v.Get("messages")
	if !list.Is(rawjson.Array) {
		r.directories(v)
		if v.Get("summary").Exists() || v.Get("directories").Exists() {
			return session.Read()
		}
		return session.Other("$set: bookkeeping")
	}
	before := r.live
	r.live = nil
	keep := map[string]struct{}{}
	list.Each(func(m rawjson.Value) bool {
		keep[session.Name(m.Get("id"))] = struct{}{}
		r.message(m, session.Within(at, m))
		return true
	})
	for _, id := range before {
		if _, ok := keep[id]; !ok {
			r.b.Mark(s, id, session.Replaced, "$set.messages: not in the list any more")
		}
	}
	return session.Read()
}

// rewind marks what a person went back to before: from a message on, or all when
// there is no such message, as the program does.
func (r *reader) rewind(id string, at session.Place) {
	s := r.current(at)
	from := 0
	for i, l := range r.live {
		if l == id {
			from = i
		}
	}
	for _, l := range r.live[from:] {
		r.b.Mark(s, l, session.Rewound, "$rewindTo")
	}
	r.live = r.live[:from]
}

// state is what tells two writings of a message apart.
func state(v rawjson.Value) string {
	text := v.Get("content").Raw()
	if v.Get("content").Is(rawjson.Array) {
		text = v.Get("content").First().Get("text").Raw()
	}
	calls := 0
	v.Get("toolCalls").Each(func(c rawjson.Value) bool {
		calls++
		calls += 1000 * len(c.Get("status").Raw())
		return true
	})
	if len(text) > 1<<10 {
		text = text[:1<<10]
	}
	return strconv.Itoa(len(v.Get("content").Raw())-len(text)) + "/" + strconv.Itoa(calls) + "/" + string(text)
}
