// Package documents reads logs that are one JSON document, and those of one
// document a line: exports of ChatGPT and Claude.ai, conversations of Cline and Roo
// Code, trajectories of SWE-agent and OpenHands, and spans of OpenTelemetry (OTLP
// JSON, a line each export) by the GenAI conventions. Each has a file here.
package documents

import (
	"context"
	"strconv"

	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/blocks"
	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// Formats returns all formats of the package.
func Formats() []session.Format {
	return []session.Format{chatgpt(), claudeAI(), cline(), sweAgent(), openHands(), otlp()}
}

// export is a document with one conversation, or a list of them, each with its
// records below one of its members.
type export struct {
	b       *session.Builder
	list    string // the member that holds the records
	s       *session.Session
	n       int
	facts   func(name string, v rawjson.Value)
	record  func(v rawjson.Value, at session.Place) session.Verdict
	endSpan func()
}

// read reads the document.
func (e *export) read(ctx context.Context, src *session.Source) error {
	return session.EachValue(ctx, src, e.b, e.plan, func(path []string, v rawjson.Value, at session.Place) session.Verdict {
		below := inConversation(path)
		e.begin(at)
		switch len(below) {
		case 0:
			return session.Bad("not a conversation")
		case 1:
			e.facts(below[0], v)
			return session.Read()
		default:
			return e.record(v, at)
		}
	}, func(path []string) {
		if len(inConversation(path)) == 0 && (len(path) == 1 || e.n == 0 || e.s != nil && len(path) == 0) {
			e.end()
		}
	})
}

func (e *export) plan(path []string) (rawjson.Action, bool) {
	switch below := inConversation(path); {
	case len(below) == 0, len(below) == 1 && below[0] == e.list:
		return rawjson.Descend, false
	case len(below) == 2:
		return rawjson.Take, true
	default:
		return rawjson.Take, false
	}
}

// inConversation returns the path below the conversation, whether there is a list
// of them or one.
func inConversation(path []string) []string {
	if len(path) > 0 && path[0] == rawjson.Element {
		return path[1:]
	}
	return path
}

// begin starts the session of a conversation. Its identifier comes with its facts.
func (e *export) begin(at session.Place) {
	if e.s == nil {
		e.n++
		e.s = e.b.Session("conversation "+strconv.Itoa(e.n), at)
	}
}

func (e *export) end() {
	if e.s == nil {
		return
	}
	if e.endSpan != nil {
		e.endSpan()
	}
	e.s = nil
}

func (e *export) say(m blocks.Message, text rawjson.Value, o session.Origin, by string, k session.Kind) {
	blocks.Say(e.b, e.s, m, text, o, by, k)
}
