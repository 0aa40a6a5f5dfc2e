// Package agents reads the logs of coding agents that write one JSON value a line
// in a form of their own: Pi and OpenClaw, Droid, Kiro CLI, Mistral Vibe, Hermes,
// gptme, Grok, OpenCode (parts as lines), Antigravity, Qwen Code, Kimi, Cursor
// (agent transcripts). Each format has a file here, with where it was learned.
package agents

import (
	"context"

	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/blocks"
	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// Formats returns all formats of the package. Those that are told by the least
// come last.
func Formats() []session.Format {
	return []session.Format{
		pi(), droid(), kiro(), opencode(), antigravity(), qwen(), kimi(), hermes(), grok(), gptme(), vibe(), cursor(), plain(),
	}
}

// lines makes the reader of a format that keeps nothing between files.
func lines(start func(b *session.Builder) func(v rawjson.Value, at session.Place) session.Verdict) func(context.Context, *session.Source, *session.Builder) error {
	return func(ctx context.Context, src *session.Source, b *session.Builder) error {
		return session.EachLine(ctx, src, b, start(b))
	}
}

// one is a log of one session, whose records may say nothing of it.
type one struct {
	b *session.Builder
	s *session.Session
}

// session returns the session, under a name where one is known by then.
func (o *one) session(name string, at session.Place) *session.Session {
	if o.s == nil || name != "" && o.s.ID != name {
		o.s = o.b.Session(name, at)
	}
	return o.s
}

// say and act are those of blocks, for the session of the log.
func (o *one) say(m blocks.Message, text rawjson.Value, origin session.Origin, by string, k session.Kind) {
	blocks.Say(o.b, o.s, m, text, origin, by, k)
}

func (o *one) act(m blocks.Message, id, tool, arguments rawjson.Value) {
	o.b.Act(o.s, session.Act{
		ID: session.Name(id), Record: m.ID, Parent: m.Parent, Place: m.Place, Time: m.Time, Model: m.Model, Agent: m.Agent,
		Tool: session.Name(tool), Arguments: o.b.Text(arguments, m.Place, session.MaxText),
	})
}

func (o *one) result(m blocks.Message, id, text rawjson.Value, failed bool, by string) {
	outcome := session.Done
	if failed {
		outcome = session.Failed
	}
	o.b.Result(o.s, session.Result{
		Call: session.Name(id), Record: m.ID, Place: m.Place, Time: m.Time, Agent: m.Agent,
		Text: o.b.Text(blocks.Said(text), m.Place, session.MaxAnswer), Outcome: outcome, By: by,
	})
}
