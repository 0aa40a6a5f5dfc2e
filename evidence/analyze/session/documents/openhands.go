package documents

import (
	"context"

	"github.com/sealcase/sealcase/evidence/analyze/session"
	"github.com/sealcase/sealcase/evidence/analyze/session/blocks"
	"github.com/sealcase/sealcase/evidence/analyze/session/rawjson"
)

// openHands is output.jsonl of OpenHands V0: a run a line, with its events. Times
// are local, without a zone. Events of V1, a file each, are joined by collections.
func openHands() session.Format {
	return session.Format{Name: "openhands", Product: "OpenHands", Known: "V0, output.jsonl", Detect: func(h session.Head) int {
		return h.Share(90, func(v rawjson.Value) bool {
			first := v.Get("history").First()
			return first.Get("action").Exists() || first.Get("observation").Exists() || first.First().Get("action").Exists() || v.Get("instruction").Exists() && v.Get("metrics").Exists() || v.Get("instance_id").Exists() && v.Get("history").Is(rawjson.Missing)
		})
	}, Read: func(ctx context.Context, src *session.Source, b *session.Builder) error {
		r := &openHandsReader{b: b}
		return session.EachLine(ctx, src, b, r.run)
	}}
}

type openHandsReader struct {
	b *session.Builder
	s *session.Session
}

func (r *openHandsReader) run(v rawjson.Value, at session.Place) session.Verdict {
	if !v.Get("history").Is(rawjson.Array) {
		return session.Other("a line without a history")
	}
	name := session.Name(rawjson.FirstOf(v.Get("instance_id"), v.Get("issue", "number")))
	r.s = r.b.Session(name, at)
	r.s.Facts.Models.AddValue(v.Get("metadata", "llm_config", "model"))
	if failure := v.Get("error"); failure.Exists() {
		blocks.Say(r.b, r.s, blocks.Message{Place: at}, failure, session.Injected, "error", session.Failure)
	}
	v.Get("history").Each(func(e rawjson.Value) bool {
		if e.Is(rawjson.Array) { // the oldest: an action and its observation
			e.Each(func(of rawjson.Value) bool { r.event(of, session.Within(at, of)); return true })
			return true
		}
		r.event(e, session.Within(at, e))
		return true
	})
	return session.Read()
}

func (r *openHandsReader) event(e rawjson.Value, at session.Place) {
	m := blocks.Message{ID: session.Name(e.Get("id")), Place: at, Time: session.TimeOf(e.Get("timestamp")), Model: session.Name(e.Get("tool_call_metadata", "model_response", "model"))}
	r.b.Seen(r.s, m.Time)
	if e.Get("observation").Exists() {
		r.observation(m, e)
		return
	}
	args := e.Get("args")
	text := rawjson.FirstOf(args.Get("content"), e.Get("content"), args.Get("thought"), e.Get("message"))
	source := e.Get("source").Text()
	switch action := session.Name(e.Get("action")); {
	case action == "system":
		blocks.Say(r.b, r.s, m, text, session.Injected, "action=system", session.Instruction)
		r.s.Facts.Versions.AddValue(args.Get("openhands_version"))
	case action == "message" && source == "user":
		blocks.Say(r.b, r.s, m, text, session.Human, "source=user, action=message", session.Message)
	case action == "message" && source == "agent":
		blocks.Say(r.b, r.s, m, text, session.Agent, "source=agent, action=message", session.Message)
	case action == "message":
		blocks.Say(r.b, r.s, m, text, session.Unknown, "action=message, without a source", session.Message)
	case action == "think":
		blocks.Say(r.b, r.s, m, text, session.Agent, "action=think", session.Thinking)
	case action == "recall" || action == "change_agent_state" || action == "condensation" || action == "":
	default:
		r.b.Act(r.s, session.Act{ID: m.ID, Record: m.ID, Place: at, Time: m.Time, Model: m.Model, Tool: action, Arguments: r.b.Text(rawjson.FirstOf(args, e), session.Place{Offset: at.Offset - start(e)}, session.MaxText)})
	}
}

// start returns where a value begins in its line: texts count from there.
func start(v rawjson.Value) int64 {
	offset, _ := v.Span()
	return int64(offset)
}

func (r *openHandsReader) observation(m blocks.Message, e rawjson.Value) {
	cause := session.Name(e.Get("cause"))
	if !r.b.Called(r.s, cause) {
		blocks.Say(r.b, r.s, m, e.Get("content"), session.Injected, "observation="+session.Name(e.Get("observation")), session.Context)
		return
	}
	outcome := session.Done
	if code := rawjson.FirstOf(e.Get("extras", "metadata", "exit_code"), e.Get("extras", "exit_code")); code.Exists() && code.Text() != "0" || e.Get("observation").Equal("error") {
		outcome = session.Failed
	}
	r.b.Result(r.s, session.Result{Call: cause, Record: m.ID, Place: m.Place, Time: m.Time, Text: r.b.Text(e.Get("content"), m.Place, session.MaxAnswer), Outcome: outcome, By: "observation, by its cause"})
}
